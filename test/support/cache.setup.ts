import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * One folder a test run for what tests would otherwise make again and again: demo studies, which they copy, and compiled modules, which every
 * process and thread that a test starts (hosts, `sln`, inference, statistics) reads instead of stripping types and compiling anew.
 */
export default function setup(): (() => void) | undefined {
  if (process.env['SLN_TEST_CACHE'] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'sln-test-'))
  process.env['SLN_TEST_CACHE'] = folder
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled')
  return () => rmSync(folder, { recursive: true, force: true })
}
