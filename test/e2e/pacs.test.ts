import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { pattern, usFile } from '#test/support/dicomFiles.ts'
import { startDicomwebServer, type DicomwebServer } from '#test/support/dicomwebServer.ts'
import { pacsStudy } from '#test/support/pacsStudy.ts'
import { temporary } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

const scratch = temporary('pacs-walk')
const AUTHORIZATION = `Basic ${Buffer.from('lin:e2e-passphrase').toString('base64')}`
let station: Workstation
let pacs: DicomwebServer
let browser: Browser
let page: Page
let problems: string[]

const uid = (n: number): string => `1.2.826.0.1.3680043.2.1125.40.${n}`
const file = (n: number): Buffer => usFile({ columns: 160, rows: 120, pixels: pattern(160, 120, 1, n), extra: { '00080018': ['UI', `${uid(n)}.3`], '0020000D': ['UI', uid(n)], '0020000E': ['UI', `${uid(n)}.2`], '00100010': ['PN', `Walk^${n}`], '00100020': ['LO', `WALK-${n}`] } })

beforeAll(async () => {
  pacs = await startDicomwebServer({ authorization: AUTHORIZATION })
  for (const n of [1, 2]) pacs.held.push({ studyUid: uid(n), seriesUid: `${uid(n)}.2`, instanceUid: `${uid(n)}.3`, patientId: `WALK-${n}`, bytes: file(n) })
  pacs.held.push({ studyUid: uid(2), seriesUid: `${uid(2)}.2`, instanceUid: `${uid(2)}.4`, patientId: 'WALK-2', bytes: file(2).subarray(0, 900) })
  const made = await pacsStudy(scratch.path)
  await made.close()
  station = await startWorkstation({ home: join(scratch.path, 'user'), study: join(scratch.path, 'study') })
  browser = await openChromium()
  const opened = await openPage(browser, station)
  ;[page, problems] = [opened.page, opened.problems]
  await page.getByRole('button', { name: 'Lin' }).click()
  await page.getByLabel('Password').fill('a long enough password')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.hash.startsWith('#/worklist'))
}, 600_000)
afterAll(async () => {
  await browser?.close()
  await station?.stop()
  await pacs?.close()
  scratch.remove()
})

describe('the PACS screen', () => {
  test('without a server it says how to add one; a wrong password is said, the right one works', async () => {
    await page.goto(new URL('/#/pacs', station.url).href)
    await page.getByText('No PACS is set up on this computer').waitFor()
    await shoot(page, 'pacs-empty')
    await page.getByRole('button', { name: 'Add a PACS' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Walk PACS')
    await dialog.getByLabel('DICOMweb address').fill(pacs.baseUrl)
    await dialog.getByText('User and password').click()
    await dialog.getByLabel('User', { exact: true }).fill('lin')
    await dialog.getByLabel('Password', { exact: true }).fill('wrong')
    await dialog.getByRole('button', { name: 'Save and try' }).click()
    await dialog.getByText(/does not accept the user name, password or token/).waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill('e2e-passphrase')
    await dialog.getByRole('button', { name: 'Save and try' }).click()
    await dialog.getByText(/It answers, and it accepts this account/).waitFor()
    await shoot(page, 'pacs-server')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
  }, 400_000)

  test('studies are found and retrieved from the keyboard; what could not be taken is named', async () => {
    await page.getByRole('textbox', { name: 'Patient ID' }).fill('WALK*')
    await page.keyboard.press('Enter')
    const grid = page.getByRole('grid', { name: 'Studies in the PACS' })
    await grid.getByText('WALK-1', { exact: true }).waitFor()
    expect(pacs.requests.some((r) => r.includes('PatientID=WALK'))).toBe(true)
    await page.keyboard.press('Control+a')
    await page.getByRole('button', { name: 'Retrieve 2 studies' }).waitFor()
    await shoot(page, 'pacs-found')
    await page.keyboard.press('r')
    const queue = page.locator('.pacs-queue')
    await queue.getByText(/2 pictures imported, 1 refused/).waitFor()
    await queue.getByText('1 with a reason').click()
    await queue.getByText(/ends/).waitFor()
    await expect.poll(() => grid.getByText(/^D-/).count()).toBe(2)
    await shoot(page, 'pacs-retrieved')
  }, 400_000)

  test('a server that is gone is said in words, with what to do', async () => {
    await pacs.close()
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByText('Walk PACS could not be searched.').waitFor()
    await page.getByText(/refuses the connection/).waitFor()
    await shoot(page, 'pacs-gone')
    expect(problems).toEqual([])
  }, 400_000)
})
