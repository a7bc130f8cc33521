import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

test('the sign-in page offers every demo account, says that the data are synthetic and what the program is for', async () => {
  const { page, problems, context } = await openPage(browser, workstation)
  await page.getByRole('button', { name: 'Lin (investigator)' }).waitFor()
  await shoot(page, 'sign-in')
  expect(await page.getByRole('button').count()).toBeGreaterThanOrEqual(7)
  expect(await page.textContent('body')).toContain('Not a medical device')
  expect(await page.textContent('body')).toContain('Synthetic demo data')
  expect(problems).toEqual([])
  await context.close()
})

test('a link of another start opens nothing', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const answer = await page.goto(workstation.url.replace(/token=.*/, 'token=guess'))
  expect(answer?.status()).toBe(403)
  const without = await page.goto(new URL('/', workstation.url).href)
  expect(without?.status()).toBe(403)
  await context.close()
})
