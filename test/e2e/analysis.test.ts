import { afterAll, beforeAll, expect, test } from 'vitest'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { sln } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24, inferred: true }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

test('every tab of the analysis opens with its figures, and the button writes a report into the study', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.goto(`${new URL(page.url()).origin}/#/analysis`)
  await page.getByRole('heading', { name: 'Analysis' }).waitFor()
  await page.getByRole('heading', { name: 'Area under the curve' }).waitFor()
  expect(await page.getByRole('cell', { name: /Reader 1 \(simulated\)/ }).count()).toBeGreaterThan(0)
  await shoot(page, 'analysis-roc')
  for (const [tab, heading] of [['Tests', /AUC of the row less AUC of the column/], ['Operating points', /Calls against the outcome/], ['Calibration and benefit', /Decision curves/], ['Reclassification', /Net reclassification improvement/], ['Aided reading', 'No aided reading to compare yet'], ['Readers', 'Agreement of each two readers'], ['Masks', /Mean over images/]] as const) {
    await page.getByRole('tab', { name: tab, exact: true }).click()
    await page.getByText(heading).first().waitFor()
    await page.waitForTimeout(250)
    const text = await page.locator('main, body').first().innerText()
    expect(text, tab).not.toMatch(/NaN|undefined|\[object/)
    await shoot(page, `analysis-${tab.toLowerCase().replaceAll(' ', '-')}`)
  }
  await page.getByRole('button', { name: 'Write report' }).click()
  await page.getByText(/^Report written/).waitFor({ timeout: 300_000 })
  await shoot(page, 'analysis-report')
  const [folder] = readdirSync(join(workstation.study, 'reports'))
  const report = join(workstation.study, 'reports', folder ?? '')
  expect(existsSync(join(report, 'report.pdf'))).toBe(true)
  // The figures on screen are those of `sln analyze` on the CSV of the report, to the digits that are shown.
  const analyzed = await sln(['analyze', join(report, 'analyze', 'external-test')], { home: workstation.home })
  const { results } = JSON.parse(analyzed.stdout) as { results: { roc: { scores: Record<string, { auc: number; n_used: number; ci95_delong: [number, number] }> } } }
  await page.getByRole('tab', { name: 'Model and readers', exact: true }).click()
  await page.getByRole('heading', { name: 'Area under the curve' }).waitFor()
  for (const [name, score] of Object.entries(results.roc.scores)) {
    const row = page.locator('aside tbody tr', { has: page.getByRole('cell', { name: new RegExp(`^${name.replace(/[()]/g, '\\$&')}`) }) }).first()
    expect((await row.innerText()).split('\t').map((t) => t.trim()).slice(1, 3), name).toEqual([String(score.n_used), score.auc.toFixed(3)])
  }
  // A condition on a variable narrows every figure, and n says so.
  const before = await page.getByTestId('scope').innerText()
  await page.getByRole('button', { name: 'Only some cases' }).click()
  await page.getByRole('combobox', { name: 'Variable' }).click()
  await page.getByRole('option', { name: 'Ki-67' }).click()
  await page.getByLabel(/^negative/).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.locator('.chip', { hasText: 'Ki-67: negative' }).waitFor()
  await expect.poll(() => page.getByTestId('scope').innerText(), { timeout: 90_000 }).not.toBe(before)
  expect(await page.getByTestId('scope').innerText()).toContain(' of ')
  await shoot(page, 'analysis-filtered')
  await page.goto(`${new URL(page.url()).origin}/#/worklist`)
  expect(problems).toEqual([])
  const print = await context.newPage()
  await print.setContent(readFileSync(join(report, 'report.html'), 'utf8'))
  expect(await print.locator('figure svg').count()).toBeGreaterThan(2)
  expect(await print.locator('h1').innerText()).toContain('Report')
  await context.close()
})
