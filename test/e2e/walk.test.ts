import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { planDemoStudy, renderPhantom } from '#shared/phantom/index.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'
import { sln } from '#test/support/studies.ts'

/** The six steps of a case's path, in the program's own screens, by the three kinds of people. */
let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

function one<T>(sql: string): T {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const row = db.prepare(sql).get() as T
  db.close()
  return row
}
const go = (page: Page, path: string): Promise<unknown> => page.goto(new URL(`/#${path}`, workstation.url).href)

/** Two synthetic cases as a hospital would bring them: pictures, a mask and a manifest with one bad row. */
async function bring(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const plan = planDemoStudy({ cases: 24, seed: 99 })
  const rows = ['case_id,patient_id,image,mask,cohort,hospital,age,histologic_type,her2,sln,mm_per_px']
  for (const [i, c] of plan.cases.filter((x) => x.cohort === 'external test').slice(0, 2).entries()) {
    const made = renderPhantom(c, 0)
    await sharp(made.pixels, { raw: { width: made.width, height: made.height, channels: made.channels } }).png().toFile(join(folder, `${i}.png`))
    await sharp(made.mask, { raw: { width: made.width, height: made.height, channels: 1 } }).png().toFile(join(folder, `${i}-mask.png`))
    rows.push(`NEW-${i},NEWP-${i},${i}.png,${i}-mask.png,external test,B,5${i},invasive ductal,negative,${i},${made.mmPerPx.x.toFixed(4)}`)
  }
  rows.push('NEW-9,NEWP-9,gone.png,,external test,B,50,,,1,')
  writeFileSync(join(folder, 'manifest.csv'), rows.join('\n'))
  return join(folder, 'manifest.csv')
}

test('import, segmentation, review, prediction and analysis as the investigator', async () => {
  const manifest = await bring(join(workstation.home, 'brought'))
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await shoot(page, 'worklist-before')

  // 1 import, with the bad row refused in words
  await page.getByRole('button', { name: /^Import…/ }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel(/Manifest/).fill(manifest)
  await form.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText(/gone\.png is not there/).waitFor({ timeout: 60_000 })
  expect(one<{ n: number }>("SELECT count(*) AS n FROM study_case WHERE label LIKE 'NEW-%'").n).toBe(2)
  await shoot(page, 'import')
  await form.getByRole('button', { name: 'Close' }).last().click()

  // 2 automatic segmentation
  await go(page, '/worklist')
  await page.getByRole('button', { name: /segmentation/i }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /run|start|segment/i }).last().click()
  await expect.poll(() => one<{ n: number }>('SELECT count(*) AS n FROM segmentation').n, { timeout: 150_000 }).toBeGreaterThanOrEqual(26)
  await expect.poll(() => one<{ n: number }>("SELECT count(*) AS n FROM job WHERE kind = 'infer' AND state = 'done'").n, { timeout: 120_000 }).toBe(1)
  await shoot(page, 'worklist')

  // 3 review: accept by key, and the next case is there
  await go(page, '/review')
  await page.locator('canvas').first().waitFor()
  const accept = page.getByRole('button', { name: /^Accept/ }).and(page.locator(':enabled'))
  await accept.waitFor()
  await shoot(page, 'review')
  const before = one<{ n: number }>('SELECT count(*) AS n FROM review').n
  const first = await page.locator('h1').innerText()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.locator('h1').innerText()).not.toBe(first)
  await accept.waitFor()
  await page.keyboard.press('a')
  await expect.poll(() => one<{ n: number }>('SELECT count(*) AS n FROM review').n).toBe(before + 1)

  // 4 prediction
  await go(page, '/predictions')
  await page.locator('.risk-main .figure-number').first().waitFor()
  await shoot(page, 'predictions')

  // 6 analysis
  await go(page, '/analysis')
  await page.getByText('Area under the curve').waitFor()
  await shoot(page, 'analysis')
  await page.getByRole('tab', { name: 'Masks' }).click()
  await page.getByText('Worst fused masks').waitFor()
  await shoot(page, 'analysis-masks')
  expect(problems).toEqual([])
  await context.close()
})

test('a correction is drawn in the editor and both signatures are kept', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  const target = one<{ case_id: string; id: string }>("SELECT case_id, id FROM segmentation WHERE state = 'found' AND id NOT IN (SELECT segmentation_id FROM review) ORDER BY created_at LIMIT 1")
  await go(page, `/annotate/correct/${target.case_id}/${target.id}`)
  const canvas = page.getByRole('application', { name: 'Annotation editor' })
  await canvas.waitFor()
  await page.getByText(/mm²/).first().waitFor()
  await page.keyboard.press('d') // dilate
  await page.getByText(/^saved \d\d:/).waitFor()
  await shoot(page, 'correct')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => one<{ n: number }>("SELECT count(*) AS n FROM review WHERE decision = 'corrected'").n, { timeout: 30_000 }).toBe(1)
  const dice = one<{ d: number }>("SELECT dice_to_fused AS d FROM review WHERE decision = 'corrected'").d
  expect(dice).toBeGreaterThan(0.5)
  expect(dice).toBeLessThan(1)
  if (one<{ n: number }>('SELECT count(*) AS n FROM signature').n > 0) {
    await expect.poll(() => one<{ n: number }>("SELECT count(DISTINCT mask_kind) AS n FROM signature WHERE case_id = '" + target.case_id + "'").n, { timeout: 30_000 }).toBe(2)
  }
  expect(problems).toEqual([])
  await context.close()
})

test('after all of it the study is sound', async () => {
  const report = await sln(['verify', '--study', workstation.study], { home: workstation.home })
  expect(report.stdout).toMatch(/^sound/)
})
