// node test/bench/editor.ts : frame times while one vertex of a 20,000-vertex contour on a 4096 x 3072 image is dragged, beside bare drawing, in headless Chromium;
// and how long after a gesture's end it is on disk and shown as saved, beside a bare insert.
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { chromium as playwright } from 'playwright-core'
import { build } from 'vite'
import type { Bench, Frames } from './editor/page.ts'
import { measureSaving } from './editor/saving.ts'

const FRAMES = Number(process.env['SLN_BENCH_FRAMES'] ?? 300)
const here = dirname(fileURLToPath(import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'sln-bench-'))
await build({ configFile: false, root: join(here, 'editor'), base: './', logLevel: 'error', build: { outDir: out, emptyOutDir: true, target: 'chrome138', chunkSizeWarningLimit: 4000 }, worker: { format: 'es' } })

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const server = createServer((request, response) => {
  const file = join(out, (request.url ?? '/') === '/' ? 'index.html' : decodeURIComponent((request.url ?? '').split('?')[0] ?? ''))
  if (!file.startsWith(out) || !existsSync(file)) return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
  createReadStream(file).pipe(response)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

// Frames come as on a display of 60 Hz: a drag that keeps up has the frame times of an empty page; drawing that does not, misses frames.
const browser = await playwright.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? (await chromium.executablePath()), headless: true, args: ['--no-sandbox', '--disable-dev-shm-usage', '--no-first-run'] })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
const faults: string[] = []
page.on('pageerror', (error) => faults.push(String(error)))
await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
await page.waitForFunction('window.ready === true')
const on = <K extends keyof Bench>(name: K, ...args: Parameters<Bench[K]>): Promise<Awaited<ReturnType<Bench[K]>>> =>
  page.evaluate(([n, a]) => (window as unknown as { bench: Record<string, (...a: unknown[]) => unknown> }).bench[n as string]?.(...(a as unknown[])), [name, args] as const) as Promise<Awaited<ReturnType<Bench[K]>>>

const idle = await on('idle', FRAMES)
const at = await on('openEditor')
await page.waitForTimeout(500)
await page.mouse.move(at.x, at.y)
await page.mouse.down()
await page.mouse.move(at.x + 8, at.y + 3)
const state = await on('state')
const editor = await on('drag', at, FRAMES)
await page.mouse.up()
const moved = await on('moved')
await on('closeEditor')
const konva = await on('konva', FRAMES)
const path = await on('path', FRAMES)
const version = browser.version()
await browser.close()
server.close()
rmSync(out, { recursive: true, force: true })

// Coordinates are kept as 1/1024 of a pixel, so that vertices that stay are within half of that.
if (!/MovingVertices/.test(state) || !(moved.first > 1) || moved.others > 0.001 || faults.length > 0) {
  process.stderr.write(`the drag did not move one vertex: state ${state}, first ${moved.first}, others ${moved.others}, faults ${faults.join('; ')}\n`)
  process.exit(1)
}
const quantile = (f: Frames, p: number): number => {
  const sorted = [...f.milliseconds].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] as number
}
const POINTS = [0.5, 0.95, 0.99] as const
const line = (f: Frames): string => `${f.name.padEnd(18)}${POINTS.map((p) => quantile(f, p).toFixed(2).padStart(9)).join('')}${String(f.milliseconds.filter((m) => m > 25).length).padStart(10)}`
const ratio = (name: string, f: Frames, over: Frames): string => `${name.padEnd(38)}${POINTS.map((p) => (quantile(f, p) / quantile(over, p)).toFixed(2).padStart(7)).join('')}`
console.log(`Dragging one vertex of 20,000 on 4096 x 3072, ${FRAMES} frames each, Chromium ${version}, 60 Hz, software drawing\n`)
console.log(`${'ms a frame'.padEnd(18)}${['p50', 'p95', 'p99'].map((h) => h.padStart(9)).join('')}${'missed'.padStart(10)}`)
for (const f of [idle, editor, konva, path]) console.log(line(f))
console.log(`\n${'ratio'.padEnd(38)}${['p50', 'p95', 'p99'].map((h) => h.padStart(7)).join('')}`)
console.log(ratio('editor / Konva.Line redrawn', editor, konva))
console.log(ratio('editor / bare canvas path redrawn', editor, path))
console.log(ratio('editor / empty frame', editor, idle))

const GESTURES = Number(process.env['SLN_BENCH_GESTURES'] ?? 300), BAR_MS = 250
const { saved, bare, bytes } = await measureSaving(GESTURES)
const at2 = (sorted: readonly number[], p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] as number
const times = (name: string, sorted: readonly number[]): string => `${name.padEnd(46)}${POINTS.map((p) => at2(sorted, p).toFixed(2).padStart(9)).join('')}${String(sorted.filter((m) => m > BAR_MS).length).padStart(10)}`
console.log(`\nFrom a gesture's end to "saved" on the real host (synchronous = FULL), ${saved.length} gestures, a journal entry of ${bytes} bytes in the middle\n`)
console.log(`${'ms'.padEnd(46)}${['p50', 'p95', 'p99'].map((h) => h.padStart(9)).join('')}${`> ${BAR_MS} ms`.padStart(10)}`)
console.log(times('editor, journal writer, WebSocket, host', saved))
console.log(times('bare insert of the same entries, FULL', bare))
console.log(`${'ratio'.padEnd(46)}${POINTS.map((p) => (at2(saved, p) / at2(bare, p)).toFixed(2).padStart(9)).join('')}`)
