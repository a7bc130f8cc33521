import Database from 'better-sqlite3'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { createAccount } from '#main/services/accounts/accounts.ts'
import { demoHome } from '#test/support/studies.ts'
import { openChromium, openPage, pictureOf, raw, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

const PASSWORD = 'a long enough password'
let browser: Browser
let workstation: Workstation
let home: Awaited<ReturnType<typeof demoHome>>
beforeAll(async () => {
  home = await demoHome({ cases: 24 })
  const app = createNodeApp({ userData: join(home.home, 'setup'), logger: quietLogger })
  const study = app.house.open(home.study)
  for (const login of ['dr.kim', 'dr.sol']) await createAccount(app.house.world, study, 'test', { login, name: `Reader ${login}`, role: 'reader', seniority: 'senior', yearsExperience: 9, password: PASSWORD, mustChange: false, demo: false })
  await app.close()
  ;[workstation, browser] = await Promise.all([startWorkstation({ home: home.home, study: home.study }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
  home?.remove()
})
function rows<T>(sql: string): T[] {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const found = db.prepare(sql).all() as T[]
  db.close()
  return found
}

test('five wrong passwords lock an account out, with the time in words; the right password does not help then, and an investigator sees it', async () => {
  const { page, context } = await openPage(browser, workstation)
  const enter = async (password: string): Promise<void> => {
    await page.getByLabel('Login').fill('dr.kim')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  for (let i = 1; i <= 5; i++) {
    await enter(`guess number ${i}`)
    await expect.poll(() => rows("SELECT 1 FROM audit WHERE action IN ('session.wrongPassword', 'session.lockedOut')").length).toBe(i)
  }
  await enter(PASSWORD)
  await page.getByText(/too many failed sign-ins; try again in \d+ minutes/i).waitFor()
  await shoot(page, 'locked-out')
  const lin = await openPage(browser, workstation, 'investigator')
  await lin.page.goto(new URL('/#/accounts', workstation.url).href)
  await lin.page.getByRole('row', { name: /dr\.kim/ }).getByText(/locked/i).first().waitFor()
  await shoot(lin.page, 'accounts-locked')
  expect(lin.problems).toEqual([])
  await lin.context.close()
  await context.close()
})

test('a session that ended in the middle of a case says so and keeps the draft', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'reader4')
  const open = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Go on reading' }).click()
    await pictureOf(page)
  }
  await open()
  await page.keyboard.press('5')
  await page.getByText(/draft saved/).waitFor()
  // As the time-out does on the main side: the next call finds nobody signed in.
  await raw(page, 'session.signOut', {})
  await page.keyboard.press('y')
  await page.getByText('You were signed out.').waitFor()
  await shoot(page, 'signed-out')
  expect(await page.locator('canvas').count()).toBe(0)
  await page.getByRole('button', { name: 'Reader 4 (simulated)' }).click()
  await page.getByText('You were signed out.').waitFor({ state: 'detached' })
  await open()
  expect(await page.getByRole('radio', { name: '5' }).getAttribute('aria-checked')).toBe('true')
  expect(problems).toEqual([])
  await context.close()
})
