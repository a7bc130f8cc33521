import Database from 'better-sqlite3'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChromium, openPage, pictureOf, raw, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

function rows<T>(sql: string): T[] {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const found = db.prepare(sql).all() as T[]
  db.close()
  return found
}
const readings = (): { login: string; position: number; rating: number }[] =>
  rows("SELECT login, position, rating FROM reading JOIN reading_session ON reading_session.id = session_id JOIN protocol ON protocol.id = protocol_id JOIN account ON account.id = account_id WHERE protocol.name = 'Second reading' ORDER BY login, position")

async function begin(page: Page): Promise<void> {
  const study = page.locator('li.session', { hasText: 'Second reading' })
  await study.getByRole('button', { name: /Start reading|Go on reading/ }).click()
  await pictureOf(page)
}
async function answer(page: Page, login: string): Promise<void> {
  const before = readings().filter((r) => r.login === login).length
  await page.keyboard.press('4')
  await page.keyboard.press('y')
  await page.getByText(/draft saved/).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => readings().filter((r) => r.login === login).length, { timeout: 60_000 }).toBe(before + 1)
  await page.getByText(/draft saved/).waitFor({ state: 'detached' })
  await page.locator('[data-position]').or(page.getByText('All cases are read')).first().waitFor() // the next case, or the end
}

test('an investigator writes a protocol down, sees what it comes to, and starts it', async () => {
  const labels = rows<{ label: string }>("SELECT label FROM study_case WHERE cohort NOT IN ('validation', 'external test') ORDER BY label LIMIT 3").map((r) => r.label)
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.goto(new URL('/#/protocols', workstation.url).href)
  await page.getByRole('button', { name: 'New reader study' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Second reading')
  for (const cohort of ['validation', 'external test']) await page.getByRole('checkbox', { name: new RegExp(`^${cohort}`) }).click()
  await page.getByText('no case with an image is chosen').first().waitFor()
  await page.getByLabel('And these cases').fill(`${labels.join('\n')}\nnobody-1`)
  await page.getByText('not among the included cases with an image: nobody-1').first().waitFor()
  await page.getByLabel('And these cases').fill(labels.join(', '))
  for (const n of [1, 3]) await page.getByRole('checkbox', { name: new RegExp(`^Reader ${n} `) }).click()
  await page.getByText('None of the readers has seen any of these cases.').waitFor()
  await shoot(page, 'protocol-editor')
  await page.keyboard.press('Control+s')
  const card = page.locator('article', { hasText: 'Second reading' })
  await card.getByRole('button', { name: 'Freeze and start' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Freeze and start' }).click()
  await card.getByText('Reading', { exact: true }).first().waitFor()
  await shoot(page, 'protocols')
  expect(rows<{ n: number }>("SELECT count(*) AS n FROM reading_order JOIN reading_session ON reading_session.id = session_id JOIN protocol ON protocol.id = protocol_id WHERE protocol.name = 'Second reading'")).toEqual([{ n: 6 }])
  expect(problems).toEqual([])
  await context.close()
})

test('two readers read at once; one is killed in the middle of a case and goes on from the draft; what was submitted is locked', async () => {
  const [two, four] = await Promise.all([openPage(browser, workstation, 'reader2'), openPage(browser, workstation, 'reader4')])
  await begin(two.page)
  await begin(four.page)
  await answer(two.page, 'reader2')
  await four.page.keyboard.press('5')
  await four.page.getByText(/draft saved/).waitFor()
  await four.context.close()
  await answer(two.page, 'reader2')
  const again = await openPage(browser, workstation, 'reader4')
  await begin(again.page)
  await expect.poll(() => again.page.getByRole('radio', { name: '5' }).getAttribute('aria-checked'), { timeout: 60_000 }).toBe('true')
  await again.page.keyboard.press('+')
  await again.page.keyboard.press('w')
  await answer(again.page, 'reader4')
  await expect.poll(() => rows("SELECT 1 FROM reading_event WHERE kind = 'window'").length, { timeout: 60_000 }).toBe(1)
  expect(readings().map((r) => [r.login, r.position, r.rating])).toEqual([['reader2', 1, 4], ['reader2', 2, 4], ['reader4', 1, 4]])
  const session = rows<{ id: string }>("SELECT reading_session.id FROM reading_session JOIN account ON account.id = account_id JOIN protocol ON protocol.id = protocol_id WHERE login = 'reader4' AND protocol.name = 'Second reading'")[0]?.id
  const locked = await raw(again.page, 'reading.submit', { sessionId: session, position: 1, call: 'negative', rating: 1, activeSeconds: 1 })
  expect(locked.error?.code).toBe('locked')
  // A view event is what the reader did: a zoom and a window of this case, nothing of the cases that were only looked at.
  expect(rows<{ kind: string; position: number }>("SELECT kind, position FROM reading_event JOIN reading_session ON reading_session.id = session_id JOIN account ON account.id = account_id WHERE login = 'reader4' AND kind IN ('zoom', 'window', 'pan') ORDER BY reading_event.id")).toEqual([{ kind: 'zoom', position: 1 }, { kind: 'window', position: 1 }])
  for (const page of [two.page, again.page]) await answer(page, page === two.page ? 'reader2' : 'reader4')
  await answer(again.page, 'reader4')
  for (const page of [two.page, again.page]) await page.getByText('All cases are read').waitFor()
  expect([...two.problems, ...again.problems]).toEqual([])
  await two.context.close()
  await again.context.close()
})

test('a reader who tries an investigator’s calls and assets is refused, and it is in the log', async () => {
  const lin = await openPage(browser, workstation, 'investigator')
  const queue = JSON.stringify(await raw(lin.page, 'textMask.layouts', {}))
  const asset = /\/asset\/[\w-]+/.exec(queue)?.[0] ?? ''
  expect(asset).not.toBe('')
  const fetched = (page: Page): Promise<boolean> => page.evaluate(async (url) => (await fetch(url)).ok, asset)
  expect(await fetched(lin.page)).toBe(true)
  const reader = await openPage(browser, workstation, 'reader4')
  for (const call of ['protocol.close', 'protocol.list', 'protocol.preview', 'package.create', 'audit.signHead', 'cases.list', 'analysis.roc', 'accounts.list', 'textMask.layouts']) expect((await raw(reader.page, call, {})).error?.code).toBe('forbidden')
  expect(await fetched(reader.page)).toBe(false)
  const logged = rows<{ new: string }>("SELECT new FROM audit WHERE action = 'access.refused' AND actor = 'reader4'").map((r) => r.new)
  expect(logged).toContain('protocol.close')
  await lin.page.goto(new URL('/#/audit', workstation.url).href)
  await lin.page.getByText('Access refused').first().waitFor()
  await shoot(lin.page, 'audit')
  await lin.context.close()
  await reader.context.close()
})

test('the study is closed once, with a reason, and cannot be opened again', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.goto(new URL('/#/protocols', workstation.url).href)
  const card = page.locator('article', { hasText: 'Second reading' })
  await card.getByRole('button', { name: 'Close the reading' }).click()
  await page.getByRole('alertdialog').getByLabel(/Reason/).fill('both have read everything')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close the reading' }).click()
  await card.getByText('both have read everything').waitFor()
  const id = rows<{ id: string }>("SELECT id FROM protocol WHERE name = 'Second reading'")[0]?.id
  expect((await raw(page, 'protocol.close', { protocolId: id, reason: 'again' })).error?.code).toBe('locked')
  expect((await raw(page, 'protocol.start', { protocolId: id })).error?.code).toBe('locked')
  expect(rows<{ reason: string; actor: string }>("SELECT reason, actor FROM audit WHERE action = 'protocol.close'")).toEqual([{ reason: 'both have read everything', actor: 'investigator' }])
  expect(problems).toEqual([])
  await context.close()
})
