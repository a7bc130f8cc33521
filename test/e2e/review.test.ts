import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { sln } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 12, inferred: true }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

const heading = (page: Page): Promise<string> => page.getByRole('heading', { level: 1 }).innerText()
const chosen = (page: Page): Promise<string | null> => page.getByRole('listbox', { name: 'Queue' }).locator('[aria-selected="true"]').getAttribute('aria-label')
const openReview = async (page: Page): Promise<void> => {
  await page.keyboard.press('Alt+v')
  await page.getByRole('listbox', { name: 'Queue' }).locator('[aria-selected="true"]').waitFor()
  await page.getByRole('button', { name: /^Accept/ }).and(page.locator(':enabled')).waitFor()
}
/** How many pixels of the image area are of a colour, up to the blending of thin lines. */
const pixelsOf = (page: Page, hex: string): Promise<number> => page.evaluate((wanted) => {
  let n = 0
  for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.review-stage canvas')) {
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] !== 0 && wanted.every((v, c) => Math.abs((data[i + c] ?? 0) - v) < 30)) n++
  }
  return n
}, [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)))

test('the queue opens at the case that needs eyes most; masks come and go by key, in their colours, with their figures', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await openReview(page)
  const options = page.getByRole('listbox', { name: 'Queue' }).getByRole('option')
  expect(await options.count()).toBeGreaterThan(5)
  expect(await options.first().getAttribute('aria-selected')).toBe('true')
  await page.getByRole('listbox', { name: 'Queue' }).getByRole('option').nth(4).click()
  await page.getByRole('button', { name: /^Accept/ }).and(page.locator(':enabled')).waitFor()
  await page.waitForTimeout(400)
  expect(await pixelsOf(page, '#ff8ad3')).toBe(0)
  const truth = page.getByRole('button', { name: 'Ground truth, key 5' })
  expect(await truth.getAttribute('aria-pressed')).toBe('false')
  await page.keyboard.press('5')
  await page.keyboard.press('3')
  expect(await truth.getAttribute('aria-pressed')).toBe('true')
  await page.waitForTimeout(200)
  expect(await pixelsOf(page, '#ff8ad3')).toBeGreaterThan(50)
  await page.keyboard.press('h')
  await page.waitForTimeout(200)
  expect(await pixelsOf(page, '#ff8ad3')).toBe(0)
  await page.keyboard.press('h')
  const dice = await page.locator('.review-masks tbody tr').nth(3).locator('td').first().innerText()
  expect(dice).toMatch(/^\d\.\d{3}$/)
  await page.keyboard.press('g')
  await page.getByRole('button', { name: /Fused\s*probability/ }).waitFor()
  await shoot(page, 'review')
  expect(problems).toEqual([])
  await context.close()
})

test('accept and reject go on at once, are stored with time, difficulty and reason, survive kill -9, and the older version stays', async () => {
  const first = await openPage(browser, workstation, 'investigator')
  await openReview(first.page)
  const name = await heading(first.page)
  await first.page.keyboard.press('d')
  await first.page.getByPlaceholder('Comment').fill('shadow hides the lower border')
  await first.page.getByPlaceholder('Comment').blur()
  await first.page.waitForTimeout(1200)
  await first.page.keyboard.press('a')
  await first.page.waitForFunction((old) => document.querySelector('h1')?.textContent !== old, name)
  expect(await first.page.getByPlaceholder('Comment').inputValue()).toBe('')
  const second = await heading(first.page)
  await first.page.getByRole('button', { name: /^Accept/ }).and(first.page.locator(':enabled')).waitFor()
  await first.page.keyboard.press('r')
  await first.page.getByText('Reject because').waitFor()
  await first.page.keyboard.press('Escape')
  expect(await first.page.getByText('Reject because').count()).toBe(0)
  await first.page.keyboard.press('r')
  await first.page.keyboard.press('2')
  await first.page.waitForFunction((old) => document.querySelector('h1')?.textContent !== old, second)
  await first.page.getByText('2 of 12 reviewed').waitFor()
  expect(first.problems).toEqual([])
  await first.context.close()
  await workstation.killHard()
  await workstation.restart()

  const again = await openPage(browser, workstation, 'investigator')
  await openReview(again.page)
  await again.page.getByText('2 of 12 reviewed').waitFor()
  const strip = again.page.getByRole('listbox', { name: 'Queue' })
  await strip.press('End')
  const accepted = strip.getByRole('option', { name: new RegExp(`^${name.replace('Case ', '')}: accepted`) })
  await again.page.getByRole('combobox', { name: 'State' }).click()
  await again.page.getByRole('option', { name: 'Accepted' }).click()
  await accepted.click()
  await again.page.getByText('shadow hides the lower border').waitFor()
  const line = await again.page.locator('.review-history li').first().innerText()
  expect(line).toMatch(/Lin/)
  expect(line).toMatch(/hard · [1-9]\d* s/)
  // A second look overrules the first; both stay.
  await again.page.keyboard.press('r')
  await again.page.keyboard.press('3')
  await again.page.getByText('History (3)').waitFor()
  expect(await again.page.locator('.review-history li').first().innerText()).toMatch(/Rejected[\s\S]*poor image quality/)
  await shoot(again.page, 'review-history')
  expect(again.problems).toEqual([])
  await again.context.close()
  const verified = await sln(['verify', '--study', workstation.study, '--json'], { home: workstation.home })
  expect(verified.code).toBe(0)
})

test('arrow keys visit only cases that wait; a decision that cannot be stored comes back with what was written', async () => {
  const { page, context } = await openPage(browser, workstation, 'investigator')
  await openReview(page)
  const seen = new Set<string>()
  for (let i = 0; i < 4; i++) {
    expect(await chosen(page)).toContain('not reviewed')
    seen.add(await heading(page))
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction((old) => document.querySelector('h1')?.textContent !== old, [...seen].at(-1))
  }
  expect(seen.size).toBe(4)
  await page.getByRole('button', { name: /^Accept/ }).and(page.locator(':enabled')).waitFor()
  const name = await heading(page)
  await page.getByPlaceholder('Comment').fill('kept words')
  await page.getByPlaceholder('Comment').blur()
  await workstation.killHard()
  await page.keyboard.press('a')
  await page.getByText(`The decision on ${name.replace('Case ', '')} was not stored`).waitFor()
  await page.getByRole('button', { name: 'Go back to it' }).click()
  await page.waitForFunction((old) => document.querySelector('h1')?.textContent === old, name)
  expect(await page.getByPlaceholder('Comment').inputValue()).toBe('kept words')
  expect(await chosen(page)).toContain('not reviewed')
  await context.close()
  await workstation.restart()
})
