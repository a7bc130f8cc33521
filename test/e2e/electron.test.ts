import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { demoHome, root } from '#test/support/studies.ts'
import { shoot, signIn } from '#test/support/workstation.ts'

/** Electron's program, or why it cannot be started here. */
function electronProgram(): { file: string } | { why: string } {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return { why: 'the Electron program is not installed (node_modules/electron/path.txt is missing; "npx install-electron" fetches it)' }
  const file = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  if (!existsSync(file)) return { why: `the Electron program is not there (${file})` }
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return { why: 'there is no display for Electron (run it under xvfb-run)' }
  if (!existsSync(join(root, 'dist', 'main', 'electron.mjs'))) return { why: 'there is no build (run "npm run build" first)' }
  return { file }
}

const program = electronProgram()
if ('why' in program) console.log(`e2e/electron: skipped, ${program.why}`)

describe.skipIf('why' in program)('the Electron program', () => {
  test('starts, signs in, shows cases with their images, has no Node in the page, and ends cleanly', async () => {
    const demo = await demoHome({ cases: 24 })
    const app = await _electron.launch({ executablePath: 'file' in program ? program.file : '', args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, '--study', demo.study], env: { ...process.env, SLN_HOME: demo.home } as Record<string, string> })
    try {
      const page = await app.firstWindow()
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(String(error)))
      await signIn(page, 'annotator1')
      const thumbnail = page.locator('img[src^="/asset/"], img[src^="sln://app/asset/"]').first()
      await thumbnail.waitFor()
      expect(await thumbnail.evaluate((image) => (image as HTMLImageElement).decode().then(() => (image as HTMLImageElement).naturalWidth))).toBeGreaterThan(0)
      expect(await page.evaluate(() => [typeof (globalThis as Record<string, unknown>)['require'], typeof (globalThis as Record<string, unknown>)['process'], Object.keys((globalThis as unknown as { sln: object }).sln).sort().join()])).toEqual(['undefined', 'undefined', 'call,onEvent'])
      expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
      await page.evaluate(() => void globalThis.open('https://example.org/'))
      expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
      await shoot(page, 'electron')
      expect(problems).toEqual([])
    } finally {
      await app.close()
      demo.remove()
    }
  }, 180_000)
})
