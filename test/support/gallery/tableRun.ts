import chromium from '@sparticuz/chromium'
import { chromium as browserType } from 'playwright-core'
import { createServer } from 'vite'

/** Walks the table, dialogs and palette of the gallery by keyboard and mouse and prints what it finds; a wrong answer ends with exit code 1. */
const server = await createServer({ configFile: new URL('./vite.config.ts', import.meta.url).pathname, server: { port: 0, host: '127.0.0.1' }, logLevel: 'error' })
await server.listen()
const base = server.resolvedUrls?.local[0] ?? ''
const browser = await browserType.launch({ executablePath: await chromium.executablePath(), args: [...chromium.args, '--no-sandbox', '--headless'], headless: true })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') console.log(`[${message.type()}] ${message.text()}`) })
page.on('pageerror', (error) => console.log(`[pageerror] ${error.message}`))
let failures = 0
const check = (what: string, ok: boolean, detail: unknown = ''): void => {
  if (!ok) failures++
  console.log(ok ? 'ok  ' : 'FAIL', what, detail)
}

await page.goto(`${base}?page=worklist&rows=10000`, { waitUntil: 'networkidle' })
const grid = page.getByRole('grid')
const active = (): Promise<string> => page.locator('.ui-tr.is-active .ui-td').nth(2).innerText()
const bodyRows = (): Promise<number> => page.locator('.ui-table-body > .ui-tr').count()
check('grid announces all rows', (await grid.getAttribute('aria-rowcount')) === '10001')
check('only rows in view exist', (await bodyRows()) < 60, await bodyRows())
await grid.focus()
await page.keyboard.press('Home')
const first = await active()
await page.keyboard.press('ArrowDown')
check('arrow down moves', (await active()) !== first)
await page.keyboard.press('End')
await page.waitForTimeout(200)
const last = await page.locator('.ui-tr.is-active').getAttribute('aria-rowindex')
check('End goes to the last row and shows it', last === '10001', last)
const descendant = await grid.getAttribute('aria-activedescendant')
check('active descendant exists', (await page.locator(`[id="${descendant}"]`).count()) === 1)
await page.keyboard.press('PageUp')
await page.keyboard.down('Shift')
await page.keyboard.press('ArrowDown')
await page.keyboard.press('ArrowDown')
await page.keyboard.up('Shift')
check('shift extends the selection', (await page.locator('.ui-tr.is-selected').count()) === 3)
await page.keyboard.press('Escape')
check('Escape clears it', (await page.locator('.ui-tr.is-selected').count()) === 0)

await page.getByRole('columnheader', { name: 'Age' }).getByRole('button').first().click()
check('sort by age', (await page.getByRole('columnheader', { name: 'Age' }).getAttribute('aria-sort')) === 'ascending')
const filterTime = await page.evaluate(async () => {
  const input = document.querySelector<HTMLInputElement>('.ui-table-quick input')
  const start = performance.now()
  if (input) {
    input.value = 'external III'
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
  return performance.now() - start
})
const count = await page.locator('.ui-table-count').innerText()
check('quick filter of 10,000 rows', /^\d+ of 10000 cases$/.test(count), `${count}, ${filterTime.toFixed(0)} ms to the next frame`)
await page.locator('.ui-table-quick').getByLabel('Clear').click()

await page.getByRole('columnheader', { name: 'Cohort' }).hover()
await page.getByRole('button', { name: 'Filter Cohort' }).click()
await page.getByText('train', { exact: true }).last().click()
check('column filter narrows', /^\d+ of 10000/.test(await page.locator('.ui-table-count').innerText()), await page.locator('.ui-table-count').innerText())
await page.keyboard.press('Escape')
await page.getByRole('button', { name: /^Remove filter/ }).click()
check('chip removes it', (await page.locator('.ui-table-count').innerText()) === '10000 cases')

await page.getByRole('button', { name: 'Columns' }).click()
await page.getByRole('menuitemcheckbox', { name: 'Hospital' }).click()
check('column hidden', (await page.getByRole('columnheader', { name: 'Hospital' }).count()) === 0)

const grip = await page.getByRole('columnheader', { name: 'Case' }).locator('.ui-th-grip').boundingBox()
const before = (await page.getByRole('columnheader', { name: 'Case' }).boundingBox())?.width ?? 0
if (grip) {
  await page.mouse.move(grip.x + 3, grip.y + 8)
  await page.mouse.down()
  await page.mouse.move(grip.x + 53, grip.y + 8, { steps: 4 })
  await page.mouse.up()
}
const after = (await page.getByRole('columnheader', { name: 'Case' }).boundingBox())?.width ?? 0
check('column resized', Math.abs(after - before - 50) < 3, `${before} to ${after}`)

const frames = await page.evaluate(async () => {
  const scroller = document.querySelector('.ui-table-scroll')
  const times: number[] = []
  let lastTime = performance.now()
  for (let i = 0; i < 120; i++) {
    if (scroller) scroller.scrollTop += 340
    await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()))
    times.push(performance.now() - lastTime)
    lastTime = performance.now()
  }
  return times.sort((a, b) => a - b)
})
console.log(`     scroll of 12 rows a frame: ms p50 ${frames[60]?.toFixed(1)} p95 ${frames[114]?.toFixed(1)} max ${frames[119]?.toFixed(1)}`)

await page.goto(`${base}?page=controls`, { waitUntil: 'load', timeout: 120_000 })
await page.getByRole('button', { name: /^Palette/ }).click()
await page.keyboard.type('rev')
const hit = await page.locator('.ui-palette-item[data-highlighted]').innerText().catch(() => '')
check('palette highlights the best match', hit.includes('Open review queue'), hit.replaceAll('\n', ' '))
await page.keyboard.press('Enter')
await page.waitForTimeout(200)
check('palette closes on Enter', (await page.getByRole('dialog').count()) === 0)
await page.getByRole('button', { name: 'Confirm' }).click()
check('confirm waits for a reason', await page.getByRole('button', { name: 'Close the study' }).isDisabled())
await page.getByLabel('Reason').fill('all readings are in')
check('then it can be confirmed', await page.getByRole('button', { name: 'Close the study' }).isEnabled())
await page.keyboard.press('Escape')
await page.getByRole('combobox', { name: 'Histologic grade' }).click()
await page.getByRole('option', { name: 'III', exact: true }).click()
check('select chooses', (await page.getByRole('combobox', { name: 'Histologic grade' }).innerText()).trim() === 'III')
await page.getByRole('slider', { name: 'Opacity' }).focus()
await page.keyboard.press('ArrowRight')
check('slider steps', (await page.locator('output').first().innerText()) === '41 %')
await page.getByLabel('Washout').fill('28')
await page.getByLabel('Washout').press('Enter')
await page.getByLabel('Washout').press('ArrowUp')
check('number steps', (await page.getByLabel('Washout').inputValue()) === '29')

await page.goto(`${base}?page=charts&one=roc-external-test`, { waitUntil: 'load', timeout: 120_000 })
await page.waitForTimeout(800)
const plot = await page.locator('.ui-chart-box').boundingBox()
if (plot) await page.mouse.move(plot.x + plot.width * 0.4, plot.y + plot.height * 0.4)
check('crosshair reads every curve', (await page.locator('.ui-chart-hover p').count()) === 4, (await page.locator('.ui-chart-hover').innerText()).replaceAll('\n', ' '))
await page.getByRole('button', { name: /Senior readers/ }).click()
check('legend switches a series off', (await page.getByRole('button', { name: /Senior readers/ }).getAttribute('aria-pressed')) === 'false')
for (const name of ['Save as PNG', 'Save as SVG', 'Save the numbers as CSV']) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
  check(name, /^roc-external-test\.(png|svg|csv)$/.test(download.suggestedFilename()), download.suggestedFilename())
}
await page.goto(`${base}?page=review`, { waitUntil: 'load', timeout: 120_000 })
await page.waitForTimeout(1200)
const zoom = (): Promise<string> => page.locator('.ui-viewport-readout').innerText()
const fitted = await zoom()
await page.getByRole('button', { name: 'Zoom in' }).click()
check('zoom in by its button', (await zoom()) !== fitted, `${fitted.replaceAll('\n', ' ')} to ${(await zoom()).replaceAll('\n', ' ')}`)
await page.getByRole('button', { name: 'Actual size' }).click()
check('actual size', (await zoom()).includes('100 %'))
await page.locator('.ui-viewport-stage').focus()
await page.keyboard.press('f')
check('F fits', (await zoom()) === fitted)
await page.getByRole('button', { name: 'Ground truth' }).click()
check('legend hides a contour', (await page.getByRole('button', { name: 'Ground truth' }).getAttribute('aria-pressed')) === 'false')
await page.locator('.ui-viewport-mount').click({ button: 'right', position: { x: 300, y: 300 }, trial: true })
const stage = await page.locator('.ui-viewport-mount').boundingBox()
if (stage) {
  await page.mouse.move(stage.x + 300, stage.y + 300)
  await page.mouse.down({ button: 'right' })
  await page.mouse.move(stage.x + 200, stage.y + 340, { steps: 4 })
  await page.mouse.up({ button: 'right' })
  check('right drag changes the window', (await zoom()).includes('W 180 L 148'), (await zoom()).replaceAll('\n', ' '))
  await page.mouse.wheel(0, -200)
  await page.waitForTimeout(200)
  check('the wheel zooms', (await zoom()) !== fitted)
}
await browser.close()
await server.close()
process.exitCode = failures === 0 ? 0 : 1
