import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { parseCombinedModel, predictCombined } from '#shared/statistics/regression/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { createIds, quietLogger, systemClock } from '#main/platform/index.ts'
import { createAccount } from '#main/services/accounts/accounts.ts'
import { openStudy } from '#main/services/study/studies.ts'
import { demoHome, sln } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
const scratch = mkdtempSync(join(tmpdir(), 'sln-combined-'))
let home: Awaited<ReturnType<typeof demoHome>>
beforeAll(async () => {
  home = await demoHome({ cases: 60, inferred: true })
  // A second investigator, to settle what the first one decided.
  const world = { clock: systemClock, ids: createIds(systemClock), logger: quietLogger, version: 'test', emit: () => undefined }
  const study = openStudy(world, { id: 'ws', name: 'ws' }, home.study)
  await createAccount(world, study, 'test', { login: 'mira', name: 'mira', role: 'investigator', seniority: null, yearsExperience: null, password: 'a long enough password', mustChange: false, demo: true })
  study.db.close();
  [workstation, browser] = await Promise.all([startWorkstation({ home: home.home, study: home.study }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
  home?.remove()
  rmSync(scratch, { recursive: true, force: true })
})

const open = async (page: Page): Promise<void> => {
  await page.keyboard.press('Alt+b')
  await page.getByRole('heading', { level: 1, name: 'Combined model' }).waitFor()
  await page.getByText('DL signature', { exact: true }).first().waitFor()
}
const fit = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Fit/ }).and(page.locator(':enabled')).last().waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText('Baseline characteristics by').waitFor()
}
const sqlite = <T>(read: (db: Database.Database) => T): T => {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  try {
    return read(db)
  } finally {
    db.close()
  }
}

test('review, correction, recomputation, model building, freezing, nomogram: the whole way on the demo', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  // Review and correction: both signatures are kept, each with the mask it came from.
  const target = sqlite((db) => db.prepare("SELECT case_id AS id FROM segmentation JOIN study_case ON study_case.id = case_id JOIN cohort ON cohort.name = cohort WHERE state = 'found' AND role = 'report' AND excluded_reason IS NULL LIMIT 1").get() as { id: string })
  await page.goto(new URL(`/#/review/${target.id}`, workstation.url).href)
  await page.getByRole('button', { name: /^Accept/ }).and(page.locator(':enabled')).waitFor()
  const label = (await page.getByRole('heading', { level: 1 }).innerText()).replace('Case ', '')
  await page.keyboard.press('c')
  await page.getByRole('application', { name: 'Annotation editor' }).waitFor()
  await page.waitForTimeout(500)
  await page.keyboard.press('d')
  await page.getByText(/^saved \d\d:/).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText('History (2)').waitFor()
  await page.keyboard.press('Alt+p')
  await page.goto(new URL(`/#/predictions/${target.id}`, workstation.url).href)
  await page.getByRole('heading', { level: 1, name: `Case ${label}` }).waitFor()
  await page.getByText('From the corrected mask').waitFor()
  const cells = page.locator('.networks tbody tr').first().locator('td button')
  await cells.nth(1).waitFor()
  expect(await cells.count()).toBe(2)
  await page.getByRole('button', { name: /^Versions \(\d+\)/ }).click()
  expect(await page.locator('.versions li').count()).toBeGreaterThanOrEqual(2)
  await page.getByRole('button', { name: 'Audit trail' }).click()
  await page.locator('.audit-trail', { hasText: 'Mask corrected in the review' }).waitFor()
  const kinds = sqlite((db) => db.prepare('SELECT DISTINCT mask_kind AS kind FROM signature WHERE case_id = ?').all(target.id) as { kind: string }[])
  expect(kinds.map((k) => k.kind).sort()).toEqual(['automatic', 'corrected'])

  // Building: fitted on the choosing cohort, which the networks did not see; the signature by itself, so that few rows are enough.
  await open(page)
  await page.getByText('which the networks were not fitted on').waitFor()
  await page.getByRole('checkbox', { name: 'Histologic type' }).click()
  await page.getByRole('checkbox', { name: /^HER2/ }).click()
  await fit(page)
  await page.getByRole('tab', { name: 'Odds ratios' }).click()
  await page.getByText('Candidates alone and together').waitFor()
  expect(await page.locator('.ratio-mark').count()).toBeGreaterThanOrEqual(3)
  await shoot(page, 'combined-odds-ratios')
  await page.getByRole('tab', { name: 'Selection' }).click()
  await page.getByText('Stepwise selection by AIC, backward').waitFor()
  await page.getByRole('tab', { name: 'Checks' }).click()
  await page.getByText('Missing values of the fitting rows').waitFor()
  await page.getByRole('tab', { name: 'Performance' }).click()
  await page.getByText('Resubstitution: the rows the model was fitted on.').waitFor()
  await page.getByText(/it is never chosen again/).waitFor()
  await shoot(page, 'combined-performance')

  // Freezing: a version, with a card; the study's risks now come from it.
  await page.getByRole('button', { name: 'Freeze' }).click()
  await page.getByRole('textbox', { name: /^Reason/ }).fill('the walk of the demo')
  await page.getByRole('dialog').getByRole('button', { name: 'Freeze' }).click()
  await page.getByRole('button', { name: 'Combined model v1' }).waitFor()
  await page.locator('.frozen-card', { hasText: 'the walk of the demo' }).waitFor()
  await shoot(page, 'combined-frozen')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the model as JSON' }).click()])
  const file = await download.path()
  const model = unwrap(parseCombinedModel(JSON.parse(readFileSync(file, 'utf8'))))
  await page.getByRole('button', { name: 'Export the model with its card and fitting rows' }).click()
  await page.getByRole('textbox', { name: /^New folder/ }).fill(join(scratch, 'bundle'))
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
  await page.getByText('Written:').waitFor()
  for (const name of ['model.json', 'card.md', 'data.csv', 'task.json']) expect([name, existsSync(join(scratch, 'bundle', name))]).toEqual([name, true])
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  // The nomogram shows the frozen model; the app's risk is the exported model's own.
  await page.goto(new URL(`/#/predictions/${target.id}`, workstation.url).href)
  await page.locator('.nomogram svg').waitFor()
  const signature = sqlite((db) => db.prepare("SELECT probability FROM signature WHERE case_id = ? AND mask_kind = 'corrected' AND is_signature = 1").get(target.id) as { probability: number })
  const expected = unwrap(predictCombined(model, { dl_signature: signature.probability })).probability
  await page.waitForFunction((text) => document.querySelector('.risk-main .figure-number')?.textContent === text, `${(100 * expected).toFixed(1)} %`)
  await shoot(page, 'combined-nomogram')
  const evaluated = await sln(['evaluate', '--study', workstation.study, '--json'], { home: workstation.home })
  expect(evaluated.stdout).toContain('Combined model v1')
  expect((await sln(['verify', '--study', workstation.study, '--json'], { home: workstation.home })).code).toBe(0)
  expect(problems).toEqual([])
  await context.close()
}, 900_000)

test('a fit that was left is there again; changed choices forbid freezing; a refused one says why', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await open(page)
  await page.getByText('Baseline characteristics by').waitFor()
  expect(await page.getByRole('button', { name: 'Freeze' }).isEnabled()).toBe(true)
  await page.getByRole('checkbox', { name: /^Age/ }).click()
  await page.getByText('The choices were changed since').waitFor()
  expect(await page.getByRole('button', { name: 'Freeze' }).isDisabled()).toBe(true)
  await page.getByRole('checkbox', { name: /^Age/ }).click()
  await page.getByText('The choices were changed since').waitFor({ state: 'detached' })
  // The very same model is not frozen twice.
  await page.getByRole('button', { name: 'Freeze' }).click()
  await page.getByRole('textbox', { name: /^Reason/ }).fill('the walk of the demo')
  await page.getByRole('dialog').getByRole('button', { name: 'Freeze' }).click()
  await page.getByText('The model was not frozen.').waitFor()
  await page.keyboard.press('Escape')
  // Clinical factors alone are fitted on the fitting cohort.
  await page.getByRole('checkbox', { name: 'DL signature' }).click()
  await page.getByRole('checkbox', { name: /^HER2/ }).click()
  await page.getByText(/Clinical factors alone are fitted on/).waitFor()
  await page.getByRole('tab', { name: 'Clinical signature' }).click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByText('Three kinds of models on the same rows').waitFor({ timeout: 600_000 })
  for (const name of ['Logistic regression', 'Random forest', 'Boosted trees']) expect(await page.getByRole('cell', { name, exact: true }).count()).toBeGreaterThan(0)
  await shoot(page, 'combined-clinical')
  expect(problems).toEqual([])
  await context.close()
}, 900_000)

test('a second reviewer is asked, finds the case by its filter, and settles it', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.keyboard.press('Alt+v')
  await page.getByRole('button', { name: /^Accept/ }).and(page.locator(':enabled')).waitFor()
  const name = await page.getByRole('heading', { level: 1 }).innerText()
  await page.keyboard.press('a')
  await page.waitForFunction((old) => document.querySelector('h1')?.textContent !== old, name)
  await page.keyboard.press('Shift+ArrowLeft')
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  await page.getByText('History (2)').waitFor()
  await page.keyboard.press('q')
  await page.getByRole('textbox', { name: /^What to look at/ }).fill('is this the lesion?')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Ask' }).click()
  await page.getByText('asks a second reviewer:').waitFor()
  await context.close()
  const second = await openPage(browser, workstation, 'mira')
  await second.page.keyboard.press('Alt+v')
  await second.page.getByRole('button', { name: /^Accept/ }).and(second.page.locator(':enabled')).waitFor()
  await second.page.getByRole('combobox', { name: 'State' }).click()
  await second.page.getByRole('option', { name: /^Second reviewer asked/ }).click()
  await second.page.keyboard.press('ArrowRight')
  await second.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  await second.page.getByText('is this the lesion?').waitFor()
  await second.page.getByText('Settles the review of Lin (investigator) (accepted)').waitFor()
  await shoot(second.page, 'review-second')
  await second.page.keyboard.press('r')
  await second.page.keyboard.press('2')
  await second.page.getByText('settles Lin (investigator): another decision').waitFor()
  expect(await second.page.locator('.review-history li').count()).toBe(3)
  expect([...problems, ...second.problems]).toEqual([])
  await second.context.close()
}, 300_000)
