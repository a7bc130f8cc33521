import { mkdirSync } from 'node:fs'
import chromium from '@sparticuz/chromium'
import { chromium as browserType } from 'playwright-core'
import { createServer } from 'vite'

/** Draws with the mouse and the keyboard in the gallery's editor, takes screenshots, and measures frame times of a vertex drag. */
const [out = 'gallery-shots'] = process.argv.slice(2)
mkdirSync(out, { recursive: true })
const server = await createServer({ configFile: new URL('./vite.config.ts', import.meta.url).pathname, server: { port: 0, host: '127.0.0.1' }, logLevel: 'error' })
await server.listen()
const base = server.resolvedUrls?.local[0] ?? ''
const browser = await browserType.launch({ executablePath: await chromium.executablePath(), args: [...chromium.args, '--no-sandbox', '--headless'], headless: true })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') console.log(`[${message.type()}] ${message.text()}`) })
page.on('pageerror', (error) => console.log(`[pageerror] ${error.message}`))
const state = (): Promise<unknown> => page.evaluate(() => {
  const snapshot = (globalThis as unknown as { galleryEditor: { snapshot(): { toolState: string; seq: number; annotation: { contours: { rings: { length: number }[] }[]; measurements: unknown[] } } } }).galleryEditor.snapshot()
  return { state: snapshot.toolState, seq: snapshot.seq, contours: snapshot.annotation.contours.map((c) => c.rings.map((r) => r.length)), measurements: snapshot.annotation.measurements.length }
})
const box = async (): Promise<{ x: number; y: number; width: number; height: number }> => (await page.locator('.ui-viewport-mount').boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 }

await page.goto(`${base}?page=annotate&tool=polygon`, { waitUntil: 'load', timeout: 180_000 })
await page.waitForTimeout(600)
let b = await box()
const at = (dx: number, dy: number): [number, number] => [b.x + b.width / 2 + dx, b.y + b.height * 0.46 + dy]
for (const [dx, dy] of [[-200, 0], [-120, -120], [60, -150], [210, -20], [120, 130], [-80, 140]] as const) await page.mouse.click(...at(dx, dy))
await page.mouse.move(...at(-190, 60))
await page.screenshot({ path: `${out}/editor-polygon.png` })
await page.keyboard.press('Enter')
console.log('polygon', await state())
await page.keyboard.press('b')
await page.mouse.move(...at(200, 0))
await page.mouse.down()
await page.mouse.move(...at(280, 40), { steps: 12 })
await page.screenshot({ path: `${out}/editor-brush.png` })
await page.mouse.up()
console.log('brush', await state())
await page.keyboard.press('c')
await page.mouse.move(...at(-200, 0))
await page.mouse.down()
await page.mouse.move(...at(210, -20), { steps: 5 })
await page.mouse.up()
console.log('caliper', await state())
await page.keyboard.press('v')
await page.mouse.click(...at(0, 0))
await page.mouse.wheel(0, -300)
await page.waitForTimeout(200)
await page.screenshot({ path: `${out}/editor-select.png` })
await page.mouse.move(...at(-60, 0))
await page.mouse.down({ button: 'right' })
await page.mouse.move(...at(-160, 40), { steps: 4 })
await page.mouse.up({ button: 'right' })
await page.keyboard.down('Control')
await page.keyboard.press('z')
await page.keyboard.up('Control')
console.log('undo', await state())
await page.keyboard.press('l')
await page.mouse.click(...at(-250, -200))
await page.mouse.move(...at(100, -260), { steps: 6 })
await page.waitForTimeout(300)
await page.screenshot({ path: `${out}/editor-livewire.png` })
console.log('livewire', await state())

const cdp = await page.context().newCDPSession(page)
await cdp.send('Performance.enable')
const metrics = async (): Promise<Map<string, number>> => new Map((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]))
for (const vertices of [200, 20_000]) {
  await page.goto(`${base}?page=annotate&large=1&vertices=${vertices}`, { waitUntil: 'load', timeout: 180_000 })
  await page.waitForTimeout(9000)
  b = await box()
  await page.mouse.click(b.x + b.width / 2, b.y + b.height * 0.46)
  await page.waitForTimeout(300)
  const vertex = await page.evaluate(() => {
    const { viewport, annotation } = (globalThis as unknown as { galleryEditor: { snapshot(): { viewport: { scale: number; x: number; y: number }; annotation: { contours: { rings: { at(i: number): { x: number; y: number } }[] }[] } } } }).galleryEditor.snapshot()
    const p = annotation.contours[0]?.rings[0]?.at(0) ?? { x: 0, y: 0 }
    return { x: p.x * viewport.scale + viewport.x, y: p.y * viewport.scale + viewport.y }
  })
  await page.mouse.move(b.x + vertex.x, b.y + vertex.y)
  await page.mouse.down()
  await page.evaluate(() => {
    const times: number[] = []
    ;(globalThis as unknown as { frames: number[] }).frames = times
    let last = performance.now()
    const tick = (now: number): void => {
      times.push(now - last)
      last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  const before = await metrics()
  for (let i = 0; i < 120; i++) await page.mouse.move(b.x + vertex.x + 40 * Math.sin(i / 9), b.y + vertex.y + 40 * Math.cos(i / 7))
  const after = await metrics()
  console.log('script ms a move', (((after.get('ScriptDuration') ?? 0) - (before.get('ScriptDuration') ?? 0)) * 1000 / 120).toFixed(2))
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames.slice(5))
  if (vertices === 20_000) await page.screenshot({ path: `${out}/editor-20000.png` })
  await page.mouse.up()
  frames.sort((x, y) => x - y)
  const q = (share: number): string => (frames[Math.floor(share * (frames.length - 1))] ?? 0).toFixed(1)
  console.log(`drag of one of ${vertices} vertices on 4096x3072: ${frames.length} frames, ms p50 ${q(0.5)} p95 ${q(0.95)} p99 ${q(0.99)}`, await state())
}
await browser.close()
await server.close()
