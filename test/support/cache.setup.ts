import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder a test run for demo studies that tests copy instead of making them again. */
export default function setup(): (() => void) | undefined {
  if (process.env['SLN_TEST_CACHE'] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'sln-test-'))
  process.env['SLN_TEST_CACHE'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
