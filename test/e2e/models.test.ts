import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporary } from '#test/support/studies.ts'
import { tinyOnnx, type TinyGraph } from '#test/support/tinyOnnx.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
const folder = temporary('models-screen')
const square = ['n', 3, 224, 224]
const mean = { op: 'ReduceMean', inputs: ['roi'], output: 'm', axes: [1, 2, 3], keepDims: false }
const cam = { op: 'ReduceMean', inputs: ['roi'], output: 'cam', axes: [1], keepDims: true }
const good: TinyGraph = { inputs: { roi: square }, outputs: { probability: ['n'], cam: ['n', 1, 224, 224] }, nodes: [mean, { op: 'Sigmoid', inputs: ['m'], output: 'probability' }, cam] }
const logits: TinyGraph = { ...good, nodes: [{ ...mean, output: 'm' }, { op: 'Neg', inputs: ['m'], output: 'probability' }, cam] }
const file = (name: string): string => join(folder.path, name)
beforeAll(async () => {
  mkdirSync(folder.path, { recursive: true })
  writeFileSync(file('good.onnx'), tinyOnnx(good))
  writeFileSync(file('logits.onnx'), tinyOnnx(logits))
  writeFileSync(file('cut.onnx'), tinyOnnx(good).subarray(0, 90));
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
  folder.remove()
})

test('models are listed with their cards, checked, and a graph of one\'s own is refused, added, found and removed; GPU settings are kept', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.goto(new URL('/#/models', workstation.url).href)
  await page.getByRole('row', { name: /U-Net\+\+/ }).click()
  await page.getByRole('heading', { name: /What it is not|Trained on|unetpp/i }).first().waitFor()
  await page.getByRole('row', { name: /CPU Available/ }).waitFor()
  // Nothing scrolls sideways in a narrow window, and what the runtime said of its adapter is for a tooltip.
  const tooWide = (): Promise<string[]> => page.locator('.models .ui-table-scroll, .models .md-table, .models .md pre').evaluateAll((all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => `${e.className} ${e.scrollWidth} of ${e.clientWidth}`))
  await page.setViewportSize({ width: 1280, height: 800 })
  for (const name of [/U-Net\+\+/, /DenseNet121/]) {
    await page.getByRole('row', { name }).first().click()
    await page.locator('.models .md-table').first().waitFor()
    await expect.poll(tooWide).toEqual([])
  }
  expect(await page.getByRole('main').innerText()).not.toMatch(/adapter_result|Not available\s+its library/)
  await page.setViewportSize({ width: 1440, height: 900 })

  const checkAll = page.getByRole('button', { name: /^Check all/ })
  await checkAll.click()
  await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => checkAll.isEnabled()).toBe(true)
  expect(await page.getByRole('row', { name: /Agrees/ }).count()).toBe(0)
  await checkAll.click()
  await page.getByText('Every network gives what was recorded of it', { exact: true }).waitFor()
  await expect.poll(() => page.getByRole('row', { name: /Agrees/ }).count()).toBeGreaterThan(4)
  await shoot(page, 'models')

  await page.getByRole('button', { name: /^Add/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a model' })
  await dialog.getByRole('button', { name: 'Check and add' }).click()
  await expect.poll(() => dialog.getByText('is needed').count()).toBeGreaterThan(4)
  const field = (label: string) => dialog.getByRole('textbox', { name: new RegExp(`^${label}`) })
  await field('Name').fill('our resnet')
  await dialog.getByText(/takes letters, digits/).waitFor()
  for (const [label, text] of [['Name', 'our-resnet'], ['Set', 'our-hospital'], ['Trained on', 'Nothing: a mean and a sigmoid'], ['What it is not for', 'Anything but a test'], ['Licence', 'CC0']] as const) await field(label).fill(text)
  for (const [name, reason] of [['cut.onnx', /onnxruntime cannot load it/i], ['logits.onnx', /its probability goes from -.* it must stay within 0 to 1/i], ['gone.onnx', /there is no file/i]] as const) {
    await field('ONNX file').fill(file(name))
    await dialog.getByRole('button', { name: 'Check and add' }).click()
    await dialog.getByText(reason).waitFor()
  }
  await shoot(page, 'models-add-refused')
  await field('ONNX file').fill(file('good.onnx'))
  await dialog.getByRole('button', { name: 'Check and add' }).click()
  await dialog.waitFor({ state: 'detached' })
  const row = page.getByRole('row', { name: /our-resnet/ })
  await row.getByText(createHash('sha256').update(readFileSync(file('good.onnx'))).digest('hex').slice(0, 12)).waitFor()
  await page.getByText('Anything but a test').waitFor()
  await shoot(page, 'models-added')

  await page.getByRole('button', { name: /^Remove/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await row.waitFor({ state: 'detached' })

  const settings = page.getByRole('form', { name: 'GPU settings' })
  await settings.getByLabel('Memory limit').fill('6144')
  await settings.getByLabel('Memory limit').press('Tab')
  await settings.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => JSON.parse(readFileSync(join(workstation.home, 'inference.json'), 'utf8')) as unknown).toEqual({ deviceId: 0, memoryLimitMb: 6144, batchSize: 4 })
  expect(problems).toEqual([])
  await context.close()
})
