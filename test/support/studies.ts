import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
/** The study's real data beside the checkout; absent in the published project. */
export const sharedData = join(root, '..', 'shared')
export const cliEntry = join(root, 'src/main/hosts/cli/main.ts')

/** A temporary folder that a test removes by `remove`. */
export function temporary(label = 'case'): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `sln-${label}-`))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export interface CliResult { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs `sln` as a user's script would. */
export function sln(args: readonly string[], options: { home: string; env?: Record<string, string> }): Promise<CliResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cliEntry, ...args], { cwd: root, env: { ...process.env, SLN_HOME: options.home, NODE_NO_WARNINGS: '1', ...options.env }, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr })
    })
  })
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Makes something once a test run: others wait for the one that makes it. */
async function once(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const cache = process.env['SLN_TEST_CACHE'] ?? join(tmpdir(), `sln-test-${process.pid}`)
  const folder = join(cache, name)
  mkdirSync(cache, { recursive: true })
  for (;;) {
    if (existsSync(folder)) return folder
    try {
      mkdirSync(`${folder}.lock`)
    } catch {
      if (existsSync(`${folder}.failed`)) throw new Error(`${name} could not be made; see the test that made it`)
      await sleep(200)
      continue
    }
    try {
      if (!existsSync(folder)) {
        await make(`${folder}.part`)
        renameSync(`${folder}.part`, folder)
      }
      return folder
    } catch (error) {
      writeFileSync(`${folder}.failed`, String(error))
      throw error
    } finally {
      rmSync(`${folder}.lock`, { recursive: true, force: true })
    }
  }
}

/** A home folder with the demo study in it (`demo-study`), fresh for the caller; with `inferred`, segmented by the shipped models. */
export async function demoHome(options: { cases?: number; inferred?: boolean } = {}): Promise<{ home: string; study: string; remove(): void }> {
  const cases = options.cases ?? 24
  const plain = await once(`demo-${cases}`, async (folder) => {
    mkdirSync(folder)
    const made = await sln(['create', join(folder, 'demo-study'), '--demo', '--cases', String(cases), '--seed', '7', '--json'], { home: folder })
    if (made.code !== 0) throw new Error(`the demo study could not be made: ${made.stderr}`)
  })
  const source = options.inferred !== true ? plain : await once(`demo-${cases}-inferred`, async (folder) => {
    cpSync(plain, folder, { recursive: true })
    const done = await sln(['infer', '--study', join(folder, 'demo-study'), '--json'], { home: folder })
    if (done.code !== 0) throw new Error(`the demo study could not be segmented: ${done.stderr} ${done.stdout}`)
  })
  const { path, remove } = temporary('home')
  cpSync(source, path, { recursive: true })
  return { home: path, study: join(path, 'demo-study'), remove }
}
