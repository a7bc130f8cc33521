import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { clinicalVariable } from '#shared/domain/index.ts'
import { predictCombined, type CombinedModel } from '#shared/statistics/regression/index.ts'
import { root, sln } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 12, inferred: true }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

const openPredictions = async (page: Page): Promise<void> => {
  await page.keyboard.press('Alt+p')
  await page.getByRole('grid', { name: 'Predictions' }).getByRole('row').nth(1).waitFor()
  await page.getByRole('heading', { level: 1, name: /^Case / }).waitFor()
}
const percent = async (page: Page, at: number): Promise<number> => Number((await page.locator('.risk-main .figure-number').nth(at).innerText()).replace(' %', ''))

test('every case is listed; the arrow keys walk them with image, mask and clinical factors', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await openPredictions(page)
  const first = await page.getByRole('heading', { level: 1 }).innerText()
  await page.keyboard.press('ArrowDown')
  await page.waitForFunction((old) => document.querySelector('h1')?.textContent !== old, first)
  await page.getByRole('button', { name: 'Clinical factors' }).waitFor()
  await page.locator('dt', { hasText: 'Histologic type' }).waitFor()
  const body = await page.textContent('body')
  expect(body).toMatch(/\d+\s+years/)
  await page.keyboard.press('v')
  await page.getByRole('listbox', { name: 'Queue' }).waitFor()
  expect(page.url()).toContain('#/review/')
  expect(problems).toEqual([])
  await context.close()
})

const manifest = JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8')) as { models: { set: string }[] }
const shipped = manifest.models.some((m) => m.set === 'demo')
if (!shipped) console.log('skipped: no signature set "demo" is installed in models/, so there is no signature, Grad-CAM or risk to look at')

describe.skipIf(!shipped)('with the shipped signature set', () => {
  test('risk, nomogram and what-if agree with the frozen model; what-if leaves no trace', async () => {
    const { page, problems, context } = await openPage(browser, workstation, 'investigator')
    await openPredictions(page)
    await page.getByText('Most wrong').click()
    // The most wrong case with signature, risk and error: where a factor is missing there is no risk.
    await page.getByRole('grid', { name: 'Predictions' }).getByRole('row').filter({ hasText: /0\.\d\d[^.]*0\.\d\d[^.]*0\.\d\d/ }).first().click()
    await page.locator('.nomogram svg polygon').first().waitFor()
    await page.waitForTimeout(300)
    await shoot(page, 'prediction')
    const model = JSON.parse(readFileSync(join(root, 'models', 'combined', 'demo.json'), 'utf8')) as CombinedModel
    expect(await page.locator('.nomogram svg polygon').count()).toBe(model.terms.length + 2)
    const before = await percent(page, 0)
    const label = (await page.getByRole('heading', { level: 1 }).innerText()).replace('Case ', '')
    const list = await sln(['evaluate', '--study', workstation.study, '--json'], { home: workstation.home })
    expect(list.code).toBe(0)
    // The slider of the DL signature to its far end: the risk is the model's own at that value.
    const slider = page.getByRole('slider', { name: 'What if DL signature' })
    await slider.focus()
    await page.keyboard.press('End')
    await page.getByText('What if (not stored)').waitFor()
    const term = model.terms.find((t) => t.name === 'dl_signature')
    const top = Number(await slider.getAttribute('aria-valuemax'))
    const row: Record<string, string | number> = { dl_signature: top }
    for (const t of model.terms.filter((x) => x.name !== 'dl_signature')) {
      const label = clinicalVariable(t.name)?.label ?? t.name
      const text = await page.locator('.effects-name', { hasText: new RegExp(`^${label}`) }).locator('b').innerText()
      row[t.name] = t.kind === 'factor' ? text : Number.parseFloat(text)
    }
    expect(term?.kind).toBe('numeric')
    const expected = predictCombined(model, row)
    if (!expected.ok) throw new Error(expected.error.message)
    expect(await percent(page, 1)).toBeCloseTo(100 * expected.value.probability, 1)
    await page.keyboard.press('Escape')
    await page.getByText('What if (not stored)').waitFor({ state: 'detached' })
    expect(await percent(page, 0)).toBe(before)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: `Case ${label}` }).waitFor()
    await page.locator('.risk-main .figure-number').first().waitFor()
    expect(await percent(page, 0)).toBe(before)
    expect(problems).toEqual([])
    await context.close()
  })

  test('the Grad-CAM lies over the crop in a colour map, every network has provider and hash, the nomogram is saved as SVG', async () => {
    const { page, problems, context } = await openPage(browser, workstation, 'investigator')
    await openPredictions(page)
    await page.locator('.networks tbody tr').first().waitFor()
    expect(await page.locator('.networks tbody tr').count()).toBe(manifest.models.filter((m) => m.set === 'demo').length)
    expect(await page.locator('.networks tbody tr').first().innerText()).toMatch(/0\.\d{3}[\s\S]*CPU[\s\S]*[0-9a-f]{8}/)
    const [legend, image] = await Promise.all([page.getByRole('button', { name: /Grad-CAM .*of its maximum/ }).boundingBox(), page.getByRole('application', { name: 'Image with Grad-CAM' }).boundingBox()])
    expect(legend?.y).toBeGreaterThanOrEqual((image?.y ?? NaN) + (image?.height ?? NaN))
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the nomogram as SVG' }).click()])
    const svg = readFileSync(await download.path(), 'utf8')
    expect(svg).toContain('<svg xmlns=')
    expect(svg).toContain('DL signature')
    expect(svg).toContain('Total points')
    expect(problems).toEqual([])
    await context.close()
  })
})
