import Database from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sln, temporary } from '#test/support/studies.ts'
import { openChromium, openPage, pictureOf, shoot, signIn, startWorkstation, type Workstation } from '#test/support/workstation.ts'

/** Two workstations with homes of their own and nothing between them but a folder, as a stick that is carried. */
const stick = temporary('stick'), awayHome = temporary('away')
const PHRASE = 'carried by hand word by word'
let browser: Browser
let home: Workstation, away: Workstation
beforeAll(async () => {
  [home, away, browser] = await Promise.all([startWorkstation({ cases: 24 }), startWorkstation({ home: awayHome.path, study: null }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await home?.stop()
  await away?.stop()
  stick.remove()
  awayHome.remove()
})
const on = (name: string): string => join(stick.path, name)

function rows<T>(folder: string, sql: string): T[] {
  const db = new Database(join(folder, 'study.db'), { readonly: true })
  const found = db.prepare(sql).all() as T[]
  db.close()
  return found
}
const answers = (folder: string): { position: number; rating: number; call: string; origin: string }[] =>
  rows(folder, "SELECT position, rating, call, reading.origin FROM reading JOIN reading_session ON reading_session.id = session_id JOIN account ON account.id = account_id WHERE login = 'reader2' ORDER BY position")

async function makePackage(page: Page, file: string): Promise<void> {
  await page.getByLabel('File to write').fill(on(file))
  await page.getByLabel('Pass phrase', { exact: true }).fill(PHRASE)
  await page.getByLabel('Pass phrase again').fill(PHRASE)
  await shoot(page, 'package-make')
  await page.getByRole('button', { name: 'Write the package' }).click()
  await page.getByText(/cases or tasks are in the package/).waitFor()
  expect(existsSync(on(file))).toBe(true)
}
async function openPackage(page: Page, file: string): Promise<void> {
  await page.getByRole('button', { name: /^Open a package/ }).click()
  await page.getByLabel('Package', { exact: true }).fill(on(file))
  await page.getByLabel('Folder for it').fill(join(awayHome.path, file))
  await page.getByLabel('Pass phrase').fill('not the words of this one')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await page.getByText(/the pass phrase is wrong/i).waitFor()
  expect(existsSync(join(awayHome.path, file))).toBe(false)
  await page.getByLabel('Pass phrase').fill(PHRASE)
  await shoot(page, 'package-open')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
}
async function sendBack(page: Page, file: string): Promise<void> {
  await page.getByRole('button', { name: /^Send back/ }).click()
  await page.getByLabel('File to write').fill(on(file))
  await page.getByLabel('Pass phrase').fill(PHRASE)
  await shoot(page, 'package-return')
  await page.getByRole('button', { name: 'Write the file' }).click()
  await page.getByText(/Everything done here is in the file/).waitFor()
}
async function takeBack(page: Page, file: string, phrase = PHRASE): Promise<void> {
  await page.getByRole('button', { name: /^Take work back/ }).click()
  await page.getByLabel('File that came back').fill(on(file))
  await page.getByLabel('Pass phrase').fill(phrase)
  await page.getByRole('button', { name: 'Verify and merge' }).click()
}
async function answer(page: Page, folder: string, rating: string, call: 'y' | 'n'): Promise<void> {
  const before = answers(folder).length
  await page.keyboard.press(rating)
  await page.keyboard.press(call)
  await page.getByText(/draft saved/).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => answers(folder).length).toBe(before + 1)
  await page.getByText(/draft saved/).waitFor({ state: 'detached' })
  await pictureOf(page)
}

test('a reader’s package is carried to another workstation, read there, and comes home; what was answered in both places is shown and nothing is lost', async () => {
  const lin = await openPage(browser, home, 'investigator')
  await lin.page.goto(new URL('/#/protocols', home.url).href)
  await lin.page.getByRole('button', { name: 'More about Reader 2 (simulated)' }).click()
  await lin.page.getByRole('menuitem', { name: /^Package for another workstation/ }).click()
  await lin.page.getByRole('combobox', { name: 'For' }).getByText('Reader 2 (simulated) (reader)').waitFor()
  await makePackage(lin.page, 'reader2.slnpack')
  await shoot(lin.page, 'packages')
  const before = answers(home.study).length

  const there = await openPage(browser, away)
  await openPackage(there.page, 'reader2.slnpack')
  const folder = join(awayHome.path, 'reader2.slnpack')
  await signIn(there.page, 'reader2')
  await there.page.getByText('Nothing was done here yet.').waitFor()
  await there.page.getByRole('button', { name: 'Go on reading' }).click()
  await pictureOf(there.page)
  await answer(there.page, folder, '5', 'y')
  await answer(there.page, folder, '2', 'n')
  await there.page.keyboard.press('Escape')
  await there.page.getByText(/2 pieces of work not sent back yet/).waitFor()
  await shoot(there.page, 'package-sessions')
  await sendBack(there.page, 'reader2.slnback')

  // The first of the two is answered at home as well, before the file arrives.
  const at = await openPage(browser, home, 'reader2')
  await at.page.getByRole('button', { name: 'Go on reading' }).click()
  await pictureOf(at.page)
  await answer(at.page, home.study, '1', 'n')

  await takeBack(lin.page, 'reader2.slnback', 'not the words of this one')
  await lin.page.getByText('Nothing was merged.').waitFor()
  await lin.page.getByRole('button', { name: 'Cancel' }).click()
  await takeBack(lin.page, 'reader2.slnback')
  await lin.page.getByText(/1 taken, 0 known already, 1 conflict\./).waitFor()
  await lin.page.getByText('the same case was answered here as well; the answer here stands').waitFor()
  await lin.page.getByText('Both answers are kept; they are shown once the reading is closed.').waitFor()
  await shoot(lin.page, 'packages-conflict')
  expect(answers(home.study).slice(before).map((r) => [r.rating, r.call])).toEqual([[1, 'negative'], [2, 'negative']])
  // Sent and taken again, nothing is taken twice.
  await takeBack(lin.page, 'reader2.slnback')
  await lin.page.getByText(/0 taken, 2 known already, no conflict\./).waitFor()
  expect((await sln(['verify', '--study', home.study], { home: home.home })).code).toBe(0)

  // Closed, the two answers may be seen.
  await lin.page.goto(new URL('/#/protocols', home.url).href)
  await lin.page.getByRole('button', { name: 'Close the reading' }).click()
  await lin.page.getByRole('alertdialog').getByLabel(/Reason/).fill('the carried work is here')
  await lin.page.getByRole('alertdialog').getByRole('button', { name: 'Close the reading' }).click()
  await lin.page.getByText('the carried work is here').waitFor()
  await lin.page.goto(new URL('/#/packages', home.url).href)
  await lin.page.getByText('positive, suspicion 5').waitFor()
  await lin.page.getByText('negative, suspicion 1').waitFor()
  await shoot(lin.page, 'packages-closed')
  expect([...at.problems, ...there.problems, ...lin.problems]).toEqual([])
  for (const { context } of [at, there, lin]) await context.close()
})

test('an annotator draws in a package at the other workstation, sends it back from the screen, and the contour is at home', async () => {
  const lin = await openPage(browser, home, 'investigator')
  await lin.page.goto(new URL('/#/packages', home.url).href)
  await lin.page.getByRole('button', { name: /^Make a package/ }).click()
  await lin.page.getByRole('combobox', { name: 'For' }).click()
  await lin.page.getByRole('option', { name: 'Ana (annotator) (annotator)' }).click()
  await makePackage(lin.page, 'ana.slnpack')

  const there = await openPage(browser, away)
  // The package of the reader is open there, with nobody signed in: it can be left for this one.
  await there.page.getByRole('button', { name: 'Open another study or package' }).click()
  await openPackage(there.page, 'ana.slnpack')
  const folder = join(awayHome.path, 'ana.slnpack')
  await signIn(there.page, 'annotator1')
  await there.page.getByText('Nothing was done here yet.').waitFor()
  await there.page.getByRole('button', { name: /Draw number/ }).click()
  const canvas = there.page.getByRole('application', { name: 'Annotation editor' })
  await canvas.waitFor()
  await there.page.getByRole('button', { name: /Polygon/ }).first().waitFor()
  const box = (await canvas.boundingBox()) as { x: number; y: number; width: number; height: number }
  const drawings = (study: string): { mask: string; area_px: number }[] => rows(study, "SELECT mask, area_px FROM annotation WHERE purpose = 'drawn'")
  await there.page.keyboard.press('p')
  for (const [x, y] of [[0.4, 0.4], [0.6, 0.38], [0.65, 0.55], [0.5, 0.65], [0.38, 0.55]] as const) await there.page.mouse.click(box.x + box.width * x, box.y + box.height * y)
  await there.page.keyboard.press('Enter')
  await there.page.getByText(/^saved \d\d:/).waitFor()
  const drawing = there.page.url()
  await there.page.keyboard.press('Control+Enter')
  await expect.poll(() => drawings(folder).length).toBe(1)
  await there.page.waitForURL((url) => url.href !== drawing) // the next case
  await there.page.goto(new URL('/#/tasks', away.url).href)
  await there.page.getByText(/1 piece of work not sent back yet/).waitFor()
  await shoot(there.page, 'package-tasks')
  await sendBack(there.page, 'ana.slnback')

  const before = drawings(home.study).length
  await takeBack(lin.page, 'ana.slnback')
  await lin.page.getByText(/1 taken, 0 known already, no conflict\./).waitFor()
  expect(drawings(home.study)).toHaveLength(before + 1)
  expect(drawings(home.study).map((d) => d.mask)).toContain(drawings(folder)[0]?.mask)
  expect((await sln(['verify', '--study', home.study], { home: home.home })).code).toBe(0)
  expect([...there.problems, ...lin.problems]).toEqual([])
  for (const { context } of [there, lin]) await context.close()
})
