import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
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

/** What has the focus, by its accessible name or text. */
const focused = (page: Page): Promise<string> => page.evaluate(() => {
  const element = document.activeElement as HTMLInputElement | null
  return element?.labels?.[0]?.textContent.trim() ?? element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? ''
})

test('the palette shows whole names and finds a case by its label', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.getByRole('grid', { name: 'Cases' }).waitFor()
  await page.keyboard.press('Alt+u')
  await page.getByRole('button', { name: /Create an account/ }).waitFor()
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await palette.getByText('Go to PACS').waitFor()
  expect(await palette.locator('.ui-palette-item .truncate').evaluateAll((titles) => titles.filter((t) => t.scrollWidth > t.clientWidth + 1).map((t) => t.textContent))).toEqual([])
  await page.keyboard.type('SYN-A-0003')
  await palette.locator('[data-highlighted]', { hasText: 'SYN-A-0003' }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.preview').getByText('SYN-A-0003', { exact: true }).waitFor()
  expect(problems).toEqual([])
  await context.close()
})

test('an annotator\'s palette knows no case', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'annotator1')
  await page.getByRole('button', { name: /Draw number/ }).waitFor()
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await palette.getByPlaceholder('Type a command', { exact: true }).fill('SYN')
  await palette.getByText('Nothing is called').waitFor()
  expect(problems).toEqual([])
  await context.close()
})

test('a dialog begins in its first field, and the focus goes back to where it was', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  const table = page.getByRole('grid', { name: 'Cases' })
  await table.getByText('SYN-A-0001').click()
  await table.focus()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await expect.poll(() => focused(page)).toBe('Find a shortcut')
  await page.keyboard.type('pacs')
  await page.getByRole('dialog').getByText('Go to PACS').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page)).toBe('Cases')
  await page.keyboard.press('Alt+u')
  await page.getByRole('button', { name: /Create an account/ }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('dialog', { name: 'Create an account' }).waitFor()
  await expect.poll(() => focused(page)).toBe('Name')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+r')
  await page.getByRole('button', { name: 'Close the reading' }).click()
  await page.getByRole('alertdialog', { name: 'Close the reading' }).waitFor()
  await expect.poll(() => focused(page)).toMatch(/^Reason/)
  expect(problems).toEqual([])
  await context.close()
})

test('Enter begins to read; in daylight too the reading room is dark, and half an answer says which half is missing', async () => {
  const { page, problems, context } = await openPage(browser, workstation)
  await page.evaluate(() => localStorage.setItem('sln.theme', 'light'))
  await page.reload()
  await signIn(page, 'reader4')
  await expect.poll(() => focused(page)).toMatch(/reading$/)
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light')
  await page.keyboard.press('Enter')
  await pictureOf(page)
  const bar = page.getByRole('group', { name: 'Your answer' })
  const brightness = (colour: string): number => Math.max(...(/\d+, \d+, \d+/.exec(colour)?.[0] ?? '255').split(', ').map(Number))
  expect(brightness(await bar.evaluate((e) => getComputedStyle(e).backgroundColor))).toBeLessThan(40)
  await page.keyboard.press('4')
  await bar.getByText('yes or no is missing').waitFor()
  await page.keyboard.press('p')
  expect(brightness(await page.getByRole('button', { name: /Paused/ }).evaluate((e) => getComputedStyle(e).color))).toBeGreaterThan(140)
  expect(problems).toEqual([])
  await context.close()
})

test('a table whose columns fit does not scroll sideways', async () => {
  const { page, context } = await openPage(browser, workstation, 'investigator')
  await page.keyboard.press('Alt+u')
  const table = page.getByRole('grid', { name: 'Accounts' })
  await table.getByText('Lin (investigator)').waitFor()
  expect(await table.evaluate((t) => t.scrollWidth - t.clientWidth)).toBe(0)
  await context.close()
})

test('the first run by keyboard: a door opens at its first field, Escape leads back to the door', async () => {
  const empty = await startWorkstation({ cases: 24, study: null })
  try {
    const { page, problems, context } = await openPage(browser, empty)
    const door = page.getByRole('button', { name: /^Open a study/ })
    await door.focus()
    const top = await page.getByRole('heading', { name: 'SLN Workstation' }).boundingBox()
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toBe('Study folder')
    expect((await page.getByRole('heading', { name: 'SLN Workstation' }).boundingBox())?.y).toBe(top?.y)
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toMatch(/^Open a study/)
    expect(problems).toEqual([])
    await context.close()
  } finally {
    await empty.stop()
  }
})

test('a study made by the form is empty, and its screens offer nothing that cannot start', async () => {
  const empty = await startWorkstation({ cases: 24, study: null })
  try {
    const { page, problems, context } = await openPage(browser, empty)
    await page.getByRole('button', { name: /^Create a study/ }).click()
    for (const [label, text] of [['Name of the study', 'Site one'], ['Folder', join(empty.home, 'site-one')], ['Your name', 'Dr Kim'], ['Password', 'a long password']] as const) await page.getByLabel(label, { exact: true }).fill(text)
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await page.getByLabel('Password').fill('a long password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL((url) => !url.hash.startsWith('#/start'))
    const go = (path: string): Promise<unknown> => page.goto(new URL(`/#/${path}`, empty.url).href)
    await go('combined')
    await page.getByText('Nothing fitted yet').waitFor()
    expect(await page.getByRole('button', { name: /^Fit/ }).and(page.locator(':enabled')).count()).toBe(0)
    await go('review')
    await page.getByText('No images yet').waitFor()
    await shoot(page, 'review-empty-study')
    expect(await page.getByRole('button', { name: 'Run automatic segmentation' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Go to the study' }).click()
    await page.getByText('The study is empty').waitFor()
    expect(problems).toEqual([])
    await context.close()
  } finally {
    await empty.stop()
  }
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
