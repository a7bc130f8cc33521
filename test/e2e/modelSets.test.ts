import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporary } from '#test/support/studies.ts'
import { openChromium, openPage, raw, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
let empty: Workstation
const home = temporary('model-sets')
beforeAll(async () => {
  [workstation, empty, browser] = await Promise.all([startWorkstation({ cases: 12, inferred: true }), startWorkstation({ home: home.path, study: null }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
  await empty?.stop()
  home.remove()
})

const choose = async (page: Page, field: string, option: RegExp): Promise<void> => {
  await page.getByRole('combobox', { name: field }).click()
  await page.getByRole('option', { name: option }).click()
}
async function useSignatures(page: Page, set: string, reason: string): Promise<void> {
  await page.keyboard.press('Alt+s')
  await page.getByRole('button', { name: 'Change…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Models of this study' })
  await choose(page, 'Signatures by', new RegExp(`^${set}`))
  expect(await dialog.getByRole('button', { name: 'Use these models' }).isDisabled()).toBe(true)
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason)
  await shoot(page, `model-sets-${set}`)
  await dialog.getByRole('button', { name: 'Use these models' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.locator('dd', { hasText: new RegExp(`^${set}$`) }).waitFor()
}
async function infer(page: Page): Promise<void> {
  const started = await raw(page, 'inference.start', { provider: 'cpu' }) as { ok: boolean; value?: { jobId: string } }
  expect(started.ok).toBe(true)
  await expect.poll(async () => (await raw(page, 'jobs.get', { jobId: started.value?.jobId ?? '' }) as { value?: { state: string } }).value?.state, { timeout: 180_000, interval: 500 }).toBe('done')
}
async function firstPrediction(page: Page): Promise<void> {
  await page.keyboard.press('Alt+p')
  await page.getByRole('grid', { name: 'Predictions' }).getByRole('row').nth(1).click()
  await page.locator('.risk-main .figure-number').first().waitFor()
}

test('an investigator changes the signature set: the combined model of the former one gives no risks and says why; changed back, all is as it was', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await firstPrediction(page)
  const risk = page.locator('.risk-main .figure-number').first()
  await expect.poll(() => risk.innerText()).toMatch(/%/)
  const before = await risk.innerText()

  await useSignatures(page, 'malignancy', 'another question')
  await shoot(page, 'model-sets-overview')
  await firstPrediction(page)
  await page.getByText(/has no signature yet: run the automatic segmentation/i).waitFor()
  expect(await risk.innerText()).toBe('–')

  await infer(page)
  await page.reload()
  await page.getByRole('navigation').first().waitFor()
  await firstPrediction(page)
  await page.getByText(/was fitted with another network than the one in use/).waitFor()
  expect(await risk.innerText()).toBe('–')
  await shoot(page, 'model-sets-withheld')
  await page.keyboard.press('Alt+a')
  await page.getByText('No combined model.', { exact: true }).waitFor()
  await shoot(page, 'model-sets-analysis')

  await useSignatures(page, 'demo', 'the first question again')
  await firstPrediction(page)
  await expect.poll(() => risk.innerText()).toBe(before)
  expect(problems).toEqual([])
  await context.close()
})

test('a study is made with the set that was trained for its outcome, unless another is chosen', async () => {
  const { page, problems, context } = await openPage(browser, empty)
  await page.getByRole('button', { name: /Create a study/ }).click()
  await page.getByRole('textbox', { name: 'Name of the study' }).fill('Malignancy at our hospital')
  await page.getByRole('textbox', { name: /^Folder/ }).fill(join(home.path, 'ours'))
  await expect.poll(() => page.getByRole('combobox', { name: 'Signatures by' }).innerText()).toContain('demo')
  await page.getByRole('textbox', { name: /^Outcome column/ }).fill('malignant')
  await expect.poll(() => page.getByRole('combobox', { name: 'Signatures by' }).innerText()).toContain('malignancy')
  await page.getByRole('textbox', { name: 'Your name' }).fill('Dr Example')
  await page.getByRole('textbox', { name: /^Password/ }).fill('a long enough password')
  await shoot(page, 'model-sets-create')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const signIn = page.getByRole('button', { name: 'Sign in', exact: true })
  await signIn.waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill('a long enough password')
  await signIn.click()
  await page.waitForURL((url) => url.hash !== '' && !url.hash.startsWith('#/start') && url.hash !== '#/')
  const answer = await raw(page, 'study.summary', {}) as { value?: { signatureSet: string; segmentationSet: string } }
  expect(answer.value).toMatchObject({ signatureSet: 'malignancy', segmentationSet: 'segmentation' })
  expect(problems).toEqual([])
  await context.close()
})
