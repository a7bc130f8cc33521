import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'

/**
 * Makes a folder with those above it, one by one: `mkdir` with `recursive` never returns where a file system takes none (/proc). Refuses a place that cannot be written to
 * in words.
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = []
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const folder of missing) {
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new Failure('refused', `${folder} cannot be made (${error.code ?? error.message}); choose a folder that you may write to`)
    })
  }
}
