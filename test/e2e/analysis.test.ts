import { afterAll, beforeAll, expect, test } from 'vitest'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
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
  for (const [tab, heading] of [['Tests', /AUC of the row less AUC of the column/], ['Operating points', /Calls against the outcome/], ['Calibration and benefit', /Decision curves/], ['Readers', 'Agreement of each two readers'], ['Masks', /Mean over images/]] as const) {
    await page.getByRole('tab', { name: tab, exact: true }).click()
    await page.getByText(heading).first().waitFor()
    await page.waitForTimeout(250)
    const text = await page.locator('main, body').first().innerText()
    expect(text, tab).not.toMatch(/NaN|undefined|\[object/)
    await shoot(page, `analysis-${tab.toLowerCase().replaceAll(' ', '-')}`)
  }
  await page.getByRole('button', { name: 'Write report' }).click()
  await page.getByText(/^Report written/).waitFor({ timeout: 30_000 })
  await shoot(page, 'analysis-report')
  const [folder] = readdirSync(join(workstation.study, 'reports'))
  const report = join(workstation.study, 'reports', folder ?? '')
  expect(existsSync(join(report, 'report.pdf'))).toBe(true)
  await page.goto(`${new URL(page.url()).origin}/#/worklist`)
  expect(problems).toEqual([])
  const print = await context.newPage()
  await print.setContent(readFileSync(join(report, 'report.html'), 'utf8'))
  expect(await print.locator('figure svg').count()).toBeGreaterThan(2)
  expect(await print.locator('h1').innerText()).toContain('Report')
  await context.close()
})
