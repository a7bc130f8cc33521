import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 12 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

function one<T>(sql: string): T {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const row = db.prepare(sql).pluck().get() as T
  db.close()
  return row
}
const cases = (): number => one<number>('SELECT count(*) FROM study_case')
const includedImages = (): number => one<number>('SELECT count(*) FROM image JOIN study_case ON study_case.id = case_id WHERE excluded_reason IS NULL')
const segmented = (): number => one<number>('SELECT count(*) FROM segmentation')
const labels = (page: Page): Promise<string[]> => page.locator('.ui-table-body .ui-tr [aria-colindex="2"]').allInnerTexts()
const preview = (page: Page): Promise<string> => page.locator('.preview h2').first().innerText()
const ready = async (page: Page): Promise<void> => {
  await page.getByText(`${cases()} cases`, { exact: true }).waitFor()
}

test('the worklist lists every case; keys move through it, and the preview follows with image, variables and audit trail', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await ready(page)
  expect(new URL(page.url()).hash).toBe('#/worklist')
  const order = await labels(page)
  expect(order.length).toBe(cases())
  await expect.poll(() => preview(page)).toBe(order[0])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => preview(page)).toBe(order[2])
  await page.getByRole('button', { name: 'Ground truth' }).waitFor()
  await page.getByText('Lesion size').waitFor()
  await page.getByRole('button', { name: /Audit trail \(\d+\)/ }).click()
  await page.getByText('Case imported').first().waitFor()
  await shoot(page, 'worklist')
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => preview(page)).toBe(order[1])
  expect(problems).toEqual([])
  await context.close()
})

test('text, views and cohort chips filter it, and are there again after a reload', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await ready(page)
  const order = await labels(page)
  await page.keyboard.press('/')
  await page.keyboard.type(order.at(-1) ?? '')
  await page.getByText(`1 of ${cases()} cases`).waitFor()
  await page.getByLabel('Quick filter').fill('')
  const train = one<number>("SELECT count(*) FROM study_case WHERE cohort = 'train'")
  await page.getByRole('button', { name: 'train', exact: true }).click()
  await page.getByText(`${train} of ${cases()} cases`).waitFor()
  await page.getByRole('button', { name: 'Kept filters' }).click()
  await page.getByRole('menuitem', { name: /Keep the present filter/ }).click()
  await page.getByLabel('Name', { exact: true }).fill('only training')
  await page.keyboard.press('Enter')
  await page.reload()
  await page.getByText(`${train} of ${cases()} cases`).waitFor()
  await page.getByRole('button', { name: 'train', exact: true }).click()
  await ready(page)
  await page.getByRole('button', { name: /^Excluded \d/ }).click()
  await page.getByText(`${one<number>('SELECT count(*) FROM study_case WHERE excluded_reason IS NOT NULL')} of ${cases()} cases`).waitFor()
  await page.getByRole('button', { name: 'Kept filters' }).click()
  await page.getByRole('menuitem', { name: 'only training', exact: true }).click()
  await page.getByText(`${train} of ${cases()} cases`).waitFor()
  expect(problems).toEqual([])
  await context.close()
})

test('a case that was not segmented does not open on Enter: it says why and offers the segmentation', async () => {
  const { page, context } = await openPage(browser, workstation, 'investigator')
  await ready(page)
  await page.keyboard.press('Enter')
  await page.getByText(/is not segmented yet$/).waitFor()
  expect(new URL(page.url()).hash).toBe('#/worklist')
  await context.close()
})

test('a batch shows its provider; killed, it is offered to be resumed; cancelled, again; and then it ends with every image done once', async () => {
  const first = await openPage(browser, workstation, 'investigator')
  await ready(first.page)
  await first.page.keyboard.press('r')
  await first.page.getByText('the fastest that passes its check').waitFor()
  await first.page.getByRole('button', { name: 'Run', exact: true }).click()
  await first.page.getByText(/provider · 3 networks and fusion/).waitFor()
  await expect.poll(segmented, { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(1)
  await shoot(first.page, 'worklist-running')
  await workstation.killHard()
  await first.context.close()
  const kept = segmented()
  expect(kept).toBeLessThan(includedImages())
  await workstation.restart()

  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.getByText(/was interrupted/).waitFor()
  await shoot(page, 'worklist-interrupted')
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(segmented, { timeout: 60_000, interval: 50 }).toBeGreaterThan(kept)
  await page.locator('.worklist-batch').getByRole('button', { name: 'Cancel' }).click()
  await page.getByText(/was cancelled at \d+ of \d+ images/).waitFor({ timeout: 60_000 })
  expect(segmented()).toBeLessThan(includedImages())
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('Automatic segmentation is done', { exact: true }).waitFor({ timeout: 170_000 })
  expect(one<number>('SELECT count(DISTINCT image_id) FROM segmentation')).toBe(includedImages())
  expect(one<string>("SELECT group_concat(image_id || ' ' || model_set) FROM (SELECT image_id, model_set FROM segmentation GROUP BY 1, 2 HAVING count(*) > 1)")).toBeNull()
  await page.getByRole('button', { name: 'To segment 0' }).waitFor()
  await page.getByRole('button', { name: 'Fused' }).waitFor()
  await shoot(page, 'worklist-segmented')
  expect(problems).toEqual([])
  await page.locator('[role="grid"]').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/#\/review\//)
  await page.keyboard.press('Alt+w')
  await ready(page)
  await page.keyboard.press('p')
  await page.waitForURL(/#\/predictions\//)
  await context.close()
}, 300_000)
