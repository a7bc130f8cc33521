import { mkdirSync } from 'node:fs'
import chromium from '@sparticuz/chromium'
import { chromium as browserType } from 'playwright-core'
import { createServer } from 'vite'

/**
 * Screenshots of the gallery: `node test/support/gallery/shoot.ts OUT name=query ...`, e.g. `worklist='page=worklist&rows=400'`.
 * Prints what the page logs as errors.
 */
const [out = 'gallery-shots', ...shots] = process.argv.slice(2)
mkdirSync(out, { recursive: true })
const server = await createServer({ configFile: new URL('./vite.config.ts', import.meta.url).pathname, server: { port: 0, host: '127.0.0.1' }, logLevel: 'error' })
await server.listen()
const base = server.resolvedUrls?.local[0] ?? ''
const browser = await browserType.launch({ executablePath: await chromium.executablePath(), args: [...chromium.args, '--no-sandbox', '--headless'], headless: true })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') console.log(`[${message.type()}] ${message.text()}`) })
page.on('pageerror', (error) => console.log(`[pageerror] ${error.message}`))
for (const shot of shots) {
  const [name = 'shot', query = ''] = shot.split(/=(.*)/s)
  await page.goto(`${base}?${query}`, { waitUntil: 'load', timeout: 120_000 })
  await page.waitForTimeout(2000)
  await page.screenshot({ path: `${out}/${name}.png` })
  console.log(name)
}
await browser.close()
await server.close()
