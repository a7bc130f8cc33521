import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChromium, openPage, raw, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
let page: Page
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24 }), openChromium()])
  page = (await openPage(browser, workstation, 'investigator')).page
  await page.goto(new URL('/#/protocols', workstation.url).href)
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

interface Protocol { readonly state: string; readonly version: number; readonly cases: number; readonly readers: { name: string; accountId: string; sessions: { done: number; total: number }[]; withdrawn: { reason: string; replacedBy: string | null } | null; replaces: string | null }[] }
async function started(): Promise<Protocol> {
  const answer = await raw(page, 'protocol.list', {})
  const found = (answer.value as { protocols: Protocol[] }).protocols.find((p) => p.state === 'started')
  if (found === undefined) throw new Error('the demo has no started study')
  return found
}
const unfinished = (p: Protocol): Protocol['readers'][number] => {
  const reader = p.readers.find((r) => r.withdrawn === null && r.sessions.some((s) => s.done < s.total))
  if (reader === undefined) throw new Error('nobody is still reading')
  return reader
}
async function choose(reader: string, entry: RegExp): Promise<void> {
  await page.getByRole('button', { name: `More about ${reader}` }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

test('a reminder says how far the reader is and names no case and no other reader', async () => {
  const protocol = await started(), reader = unfinished(protocol)
  await choose(reader.name, /^Reminder/)
  const dialog = page.getByRole('dialog', { name: `Reminder for ${reader.name}` })
  const text = dialog.getByLabel('Text')
  await expect.poll(() => text.inputValue()).toContain(reader.name)
  const letter = await text.inputValue()
  const session = reader.sessions.find((s) => s.done < s.total)
  expect(letter).toContain(String(session?.total))
  expect(letter).not.toMatch(/SYN-/)
  for (const other of protocol.readers) if (other.accountId !== reader.accountId) expect(letter).not.toContain(other.name)
  await shoot(page, 'reader-reminder')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
})

test('an amendment needs a reason and is a version of its own, under which nothing was read yet', async () => {
  const before = await started()
  await page.getByRole('button', { name: 'Amend…' }).first().click()
  const dialog = page.getByRole('dialog', { name: /^Amend/ })
  await dialog.getByRole('switch', { name: 'A time limit for looking at a case' }).click()
  const make = dialog.getByRole('button', { name: 'Make the new version' })
  expect(await make.isDisabled()).toBe(true)
  await dialog.getByLabel('Reason, kept with the version').fill('cases are looked at too long')
  await shoot(page, 'reader-amend')
  await make.click()
  await page.getByText('cases are looked at too long').first().waitFor()
  expect((await started()).version).toBe(before.version + 1)
  await shoot(page, 'reader-versions')
})

test('a reader is replaced by another, who gets an order of the same cases; what was read stays and is locked', async () => {
  await raw(page, 'accounts.create', { login: 'reader9', name: 'Reader Nine', role: 'reader', seniority: 'junior', yearsExperience: 3, firstPassword: 'first-password-9' })
  const reader = unfinished(await started())
  const done = reader.sessions.reduce((sum, s) => sum + s.done, 0)
  await choose(reader.name, /^Replace/)
  const dialog = page.getByRole('dialog', { name: `Replace ${reader.name}` })
  await dialog.getByRole('combobox').click()
  await page.getByRole('option', { name: /Reader Nine/ }).click()
  await dialog.getByLabel('Reason, kept with the version').fill('left the hospital')
  await shoot(page, 'reader-replace')
  await dialog.getByRole('button', { name: 'Replace' }).click()
  await page.getByText('replaced by Reader Nine').first().waitFor()
  const after = await started()
  const gone = after.readers.find((r) => r.accountId === reader.accountId), come = after.readers.find((r) => r.name === 'Reader Nine')
  expect(gone?.withdrawn).toMatchObject({ reason: 'left the hospital', replacedBy: 'Reader Nine' })
  expect(gone?.sessions.reduce((sum, s) => sum + s.done, 0)).toBe(done)
  expect(come?.sessions.map((s) => [s.done, s.total])).toEqual(reader.sessions.map((s) => [0, s.total]))
})

test('a withdrawal needs a reason, keeps the answers, and is said in the table', async () => {
  await choose('Reader Nine', /^Withdraw/)
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  const button = dialog.getByRole('button', { name: 'Withdraw', exact: true })
  expect(await button.isDisabled()).toBe(true)
  await dialog.getByLabel('Reason, kept with the version').fill('asked to leave')
  await shoot(page, 'reader-withdraw')
  await button.click()
  await page.getByText('Withdrawn', { exact: true }).first().waitFor()
  expect((await started()).readers.find((r) => r.name === 'Reader Nine')?.withdrawn?.reason).toBe('asked to leave')
  await shoot(page, 'reader-table')
})
