import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { openChromium, openPage, pictureOf, shoot, signIn, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

const readings = (): { call: string; rating: number; active_seconds: number; login: string }[] => {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const rows = db.prepare('SELECT call, rating, active_seconds, login FROM reading JOIN reading_session ON reading_session.id = session_id JOIN account ON account.id = account_id ORDER BY submitted_at, position').all()
  db.close()
  return rows as ReturnType<typeof readings>
}
async function begin(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Start reading|Go on reading/ }).click()
  await page.getByText(/\d+ of \d+/).first().waitFor()
  await pictureOf(page)
}

test('a reader scores by keyboard alone; a contradiction is queried; submission locks; the next case is there', async () => {
  const before = readings().length
  const { page, problems, context } = await openPage(browser, workstation, 'reader4')
  await shoot(page, 'reading-sessions')
  await begin(page)
  await shoot(page, 'reading')
  const count = await page.locator('.count').textContent()
  await page.keyboard.press('4')
  await page.keyboard.press('y')
  await page.getByText(/draft saved/).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => readings().length).toBe(before + 1)
  await expect.poll(() => page.locator('.count').textContent()).not.toBe(count)
  await pictureOf(page)
  // yes and 2 contradict: asked once, then taken as meant
  await page.keyboard.press('2')
  await page.keyboard.press('y')
  await page.keyboard.press('Enter')
  await page.getByText(/The call is positive, the suspicion 2/).waitFor()
  await shoot(page, 'reading-contradiction')
  expect(readings().length).toBe(before + 1)
  await page.keyboard.press('Enter')
  await expect.poll(() => readings().length).toBe(before + 2)
  const own = readings().filter((r) => r.login === 'reader4').slice(-2)
  expect(own.map((r) => [r.call, r.rating])).toEqual([['positive', 4], ['positive', 2]])
  expect(own.every((r) => r.active_seconds > 0)).toBe(true)
  expect(problems).toEqual([])
  await context.close()
})

test('a killed browser and a killed host lose nothing: the draft is there again, what was submitted is locked', async () => {
  const first = await openPage(browser, workstation, 'reader2')
  await begin(first.page)
  await first.page.keyboard.press('5')
  await first.page.getByText(/draft saved/).waitFor()
  await first.context.close()
  await workstation.killHard()
  await workstation.restart()
  const second = await openPage(browser, workstation, 'reader2')
  await begin(second.page)
  await second.page.getByRole('radio', { name: '5' }).waitFor()
  expect(await second.page.getByRole('radio', { name: '5' }).getAttribute('aria-checked')).toBe('true')
  await second.context.close()
})

test('the page of a reader holds nothing of the case but its pixels, and investigators screens are out of reach', async () => {
  const { page, context } = await openPage(browser, workstation, 'reader4')
  await begin(page)
  const text = (await page.content()).toLowerCase()
  for (const word of ['syn-a', 'syn-b', 'syn-p', 'hospital', 'metastasis-positive', 'validation', 'external', 'dice']) expect(text).not.toContain(word)
  await page.goto(new URL('/#/worklist', workstation.url).href)
  await page.waitForTimeout(400)
  expect(page.url()).toContain('#/sessions')
  await context.close()
})

test('the investigator sees the progress of each reader, and closes the reading with a reason', async () => {
  const { page, problems, context } = await openPage(browser, workstation)
  await signIn(page, 'investigator')
  await page.goto(new URL('/#/protocols', workstation.url).href)
  await page.getByText('Blinded reading').waitFor()
  await shoot(page, 'protocols')
  await page.getByRole('button', { name: 'Close the reading' }).click()
  await page.getByLabel(/Reason/).fill('all readers are done')
  await shoot(page, 'protocols-close')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close the reading' }).click()
  await page.getByText('all readers are done').waitFor()
  expect(problems).toEqual([])
  const reader = await openPage(browser, workstation, 'reader4')
  await reader.page.getByText('closed').waitFor()
  await reader.context.close()
  await context.close()
})
