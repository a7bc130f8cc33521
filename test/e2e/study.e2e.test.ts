import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sln, temporary } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
const folder = temporary('study-screen')
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 40 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
  folder.remove()
})

function all<T>(sql: string): T[] {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const rows = db.prepare(sql).all() as T[]
  db.close()
  return rows
}
const go = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name, exact: true }).click()
  await page.waitForTimeout(1000) // until the screen listens to its keys
}

async function manifest(): Promise<string> {
  const pixels = Buffer.from(Array.from({ length: 64 * 48 }, (_, i) => (i * 37) % 251))
  await sharp(pixels, { raw: { width: 64, height: 48, channels: 1 } }).png().toFile(join(folder.path, 'good.png'))
  writeFileSync(join(folder.path, 'text.png'), 'not an image')
  const file = join(folder.path, 'manifest.csv')
  writeFileSync(file, ['case_id,patient_id,image,hospital,age,sln', 'NEW-1,P-NEW-1,good.png,C,50,1', 'NEW-2,P-NEW-2,missing.png,C,50,0', 'NEW-3,P-NEW-3,text.png,C,50,0', 'NEW-4,P-NEW-4,good.png,C,400,0'].join('\n'))
  return file
}

test('an import takes the good rows, shows each refused row with line and reason, and copies them as CSV', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await go(page, 'Study')
  await page.getByText('Flow of cases').waitFor()
  await shoot(page, 'study')
  await page.keyboard.press('i')
  await page.getByLabel('Manifest (CSV)').fill(await manifest())
  await page.keyboard.press('Enter')
  await page.getByText('1 row imported, 3 refused', { exact: false }).waitFor()
  await page.getByText('the image missing.png is not there').waitFor()
  await shoot(page, 'study-import')
  await page.getByRole('button', { name: 'Copy as CSV' }).click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^row,case_id,reason\r\n3,NEW-2,the image missing\.png is not there\r\n4,NEW-3,.*\r\n5,NEW-4,"age is 400 years, outside 0 to 120 years"\r\n$/)
  expect(all<{ label: string }>("SELECT label FROM study_case WHERE label LIKE 'NEW-%'")).toEqual([{ label: 'NEW-1' }])
  await page.getByRole('tab', { name: /Overview/ }).click()
  await page.getByText('Hospital C', { exact: true }).waitFor()
  await page.locator('.flow text', { hasText: 'not in a cohort' }).waitFor()
  await page.getByRole('tab', { name: /Jobs/ }).click()
  await page.getByRole('row', { name: /Importing images/ }).waitFor()
  await go(page, 'Worklist')
  await page.getByText('NEW-1').first().waitFor()
  expect(problems).toEqual([])
  await context.close()
})

test('a sound study says so, a damaged file is found and stops the backup; a backup of the sound study verifies', async () => {
  const { page, context } = await openPage(browser, workstation, 'investigator')
  await go(page, 'Study')
  await page.keyboard.press('v')
  await page.getByText(/^Sound: \d+ audit entries/).waitFor()
  const hash = all<{ object: string }>('SELECT object FROM image LIMIT 1')[0]?.object ?? ''
  const objects = join(workstation.study, 'objects')
  const file = readdirSync(objects, { recursive: true, encoding: 'utf8' }).map((f) => join(objects, f)).find((f) => f.replace(/[\\/]/g, '').includes(hash)) ?? ''
  expect(existsSync(file)).toBe(true)
  const before = readFileSync(file)
  writeFileSync(file, Buffer.concat([before.subarray(0, -1), Buffer.from([before.at(-1) === 0 ? 1 : 0])]))
  await page.getByRole('button', { name: 'Verify the study' }).click()
  await page.getByText(/^Not sound: 1 fault/).waitFor()
  await page.getByText(/was altered/).first().waitFor()
  await shoot(page, 'study-damaged')
  const target = join(folder.path, 'backup')
  await page.getByLabel('Backup folder').fill(target)
  await page.getByRole('button', { name: 'Back up', exact: true }).click()
  await page.getByText('No backup was made.').waitFor()
  expect(existsSync(target)).toBe(false)
  writeFileSync(file, before)
  await page.getByRole('button', { name: 'Back up', exact: true }).click()
  await page.getByText('Backed up.').waitFor()
  expect((await sln(['verify', '--study', target], { home: folder.path })).code).toBe(0)
  await context.close()
})

test('a cohort\'s role changes with a reason, and the audit log has who, what, before, after and why', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await go(page, 'Study')
  await page.getByRole('combobox', { name: 'Role of validation' }).click()
  await page.getByRole('option', { name: /Report/ }).click()
  await expect.poll(() => page.getByRole('button', { name: 'Change the role' }).isDisabled()).toBe(true)
  await page.getByLabel('Reason').fill('thresholds were chosen elsewhere')
  await page.getByRole('button', { name: 'Change the role' }).click()
  await page.getByText('validation is now used to report', { exact: true }).waitFor()
  expect(all<{ role: string }>("SELECT role FROM cohort WHERE name = 'validation'")).toEqual([{ role: 'report' }])
  await go(page, 'Audit log')
  // An action is found by its phrase as by its code.
  await page.getByRole('combobox', { name: 'Action' }).fill('role of a')
  await page.getByRole('option', { name: 'cohort.setRole' }).waitFor()
  await page.getByRole('combobox', { name: 'Action' }).fill('setRole')
  await page.getByRole('option', { name: /Role of a cohort changed/ }).click()
  await page.getByText('1 entry').waitFor()
  const row = page.getByRole('row', { name: /Role of a cohort changed/ })
  await row.click()
  for (const text of ['thresholds were chosen elsewhere', 'choose', 'report', 'investigator']) await page.locator('.ui-panel').getByText(text, { exact: true }).first().waitFor()
  await shoot(page, 'audit')
  await page.getByRole('button', { name: /^Clear/ }).last().click()
  await page.getByRole('button', { name: /Load more/ }).click()
  const total = all<{ n: number }>('SELECT count(*) AS n FROM audit')[0]?.n ?? 0
  await page.getByText(total > 400 ? `400 of ${total} entries` : `${total} entries`).waitFor()
  // An entry says of which case it is, and leads there.
  const [entry] = all<{ id: string; label: string }>('SELECT subject_id AS id, label FROM audit JOIN study_case ON study_case.id = subject_id ORDER BY seq DESC LIMIT 1')
  await page.getByLabel('Id').fill(entry?.id ?? '')
  await page.getByRole('row', { name: new RegExp(entry?.label ?? '-') }).first().click()
  await page.getByRole('button', { name: entry?.label ?? '-' }).click()
  await page.locator('.preview').getByText(entry?.label ?? '-', { exact: true }).first().waitFor()
  expect(problems).toEqual([])
  await context.close()
})

test('an account is made with a first password that must be changed; disabled, it signs in no more', async () => {
  const owner = await openPage(browser, workstation, 'investigator')
  await go(owner.page, 'Accounts')
  await owner.page.getByText('reader1').waitFor()
  await owner.page.keyboard.press('n')
  await owner.page.getByRole('textbox', { name: 'Name' }).fill('Dr Müller')
  expect(await owner.page.getByRole('textbox', { name: 'Login' }).inputValue()).toBe('dr.muller')
  const first = await owner.page.getByRole('textbox', { name: 'First password' }).inputValue()
  expect(first).toMatch(/^\w{4}(-\w{4}){3}$/)
  await shoot(owner.page, 'accounts-create')
  await owner.page.getByRole('button', { name: 'Create', exact: true }).click()
  await owner.page.getByText('Dr Müller can sign in as dr.muller', { exact: true }).waitFor()

  const person = await openPage(browser, workstation)
  const enter = async (password: string): Promise<void> => {
    await person.page.getByRole('button', { name: 'Dr Müller' }).click()
    await person.page.getByRole('textbox', { name: 'Password' }).fill(password)
    await person.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  await enter(first)
  await person.page.getByText('Choose a password of your own').waitFor()
  await person.page.getByLabel('Present password').fill(first)
  await person.page.getByLabel('New password', { exact: true }).fill('my own password 7')
  await person.page.getByLabel('New password again').fill('my own password 7')
  await person.page.getByRole('button', { name: 'Change it and go on' }).click()
  await person.page.waitForURL((url) => !url.hash.startsWith('#/start'))

  await owner.page.getByRole('row', { name: /dr\.muller/ }).click()
  await owner.page.getByRole('button', { name: 'Disable…' }).click()
  await owner.page.getByLabel('Reason').fill('left the study')
  await owner.page.getByRole('button', { name: 'Disable', exact: true }).click()
  await owner.page.getByText('Dr Müller is disabled', { exact: true }).waitFor()
  expect(all<{ disabled: number }>("SELECT disabled FROM account WHERE login = 'dr.muller'")).toEqual([{ disabled: 1 }])
  const later = await openPage(browser, workstation)
  expect(await later.page.getByRole('button', { name: 'Dr Müller' }).count()).toBe(0)
  expect(owner.problems).toEqual([])
  for (const { context } of [owner, person, later]) await context.close()
})

test('models are listed with their hashes, and each execution provider with its reason', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await go(page, 'Models')
  for (const name of ['DeepLabV3', 'U-Net', 'U-Net++']) await page.getByRole('gridcell', { name, exact: true }).first().waitFor()
  await page.getByRole('row', { name: /CPU Available/ }).waitFor()
  const models = (JSON.parse(readFileSync('models/manifest.json', 'utf8')) as { models: { name: string; sha256: string }[] }).models
  for (const m of models) await page.getByTitle(m.sha256).first().waitFor()
  await shoot(page, 'models')
  expect(problems).toEqual([])
  await context.close()
})
