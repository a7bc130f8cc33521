import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { sha256 } from '#main/platform/index.ts'
import { makeFolder } from './makeFolder.ts'

export interface ExportedFile { readonly path: string; readonly bytes: number; readonly sha256: string }

/** A folder that comes into being whole: everything is written beside it and renamed at the end; `drop` leaves nothing. */
export interface ExportFolder {
  readonly to: string
  /** `path` is relative, with forward slashes. */
  write(path: string, content: Uint8Array | string): Promise<void>
  /** Writes the hashes (SHA256SUMS, which `sha256sum -c` reads, and export.json with `about`) and puts the folder in its place. */
  finish(about: Record<string, unknown>): Promise<{ to: string; files: number; bytes: number }>
  drop(): Promise<void>
}

/** Refuses a place where something lies already. */
export async function openExportFolder(place: string): Promise<ExportFolder> {
  const to = resolve(place)
  const there = await readdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new Failure('refused', `${to} is not a folder that can be written to`)
  })
  if (there !== null && there.length > 0) throw new Failure('refused', `${to} is not empty; choose a new folder for the export`)
  const part = `${to}.part-${process.pid}`
  await rm(part, { recursive: true, force: true })
  await makeFolder(part)
  const files: ExportedFile[] = []
  const write = async (path: string, content: Uint8Array | string): Promise<void> => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
    await mkdir(join(part, dirname(path)), { recursive: true })
    await writeFile(join(part, path), bytes)
    files.push({ path, bytes: bytes.length, sha256: sha256(bytes) })
  }
  return {
    to, write,
    drop: () => rm(part, { recursive: true, force: true }),
    async finish(about) {
      await write('export.json', `${JSON.stringify({ ...about, files: [...files] }, null, 1)}\n`)
      await writeFile(join(part, 'SHA256SUMS'), files.map((f) => `${f.sha256}  ${f.path}\n`).join(''))
      if (there !== null) await rmdir(to)
      await rename(part, to)
      return { to, files: files.length + 1, bytes: files.reduce((sum, f) => sum + f.bytes, 0) }
    },
  }
}
