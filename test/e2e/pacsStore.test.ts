import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { unwrap } from '#shared/lib/index.ts'
import { createDicomweb } from '#main/network/dicomweb/index.ts'
import { startDicomwebServer, type DicomwebServer } from '#test/support/dicomwebServer.ts'
import { orthancMissing, startOrthanc, type Orthanc } from '#test/support/orthanc.ts'
import { CINE_STUDY, lesionCine, pacsStudy } from '#test/support/pacsStudy.ts'
import { phantomCineFile } from '#test/support/phantomCine.ts'
import { temporary } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

if (orthancMissing !== null) console.log(`the store from the screen goes to the test's own DICOMweb server, not to a real PACS, since ${orthancMissing}`)

const scratch = temporary('pacs-store')
const SECRET = 'e2e-passphrase'
let orthanc: Orthanc | null = null
/** A server that falls silent when it is told to; stands in for the PACS where no Orthanc is installed. */
let own: DicomwebServer
let station: Workstation
let browser: Browser
let page: Page
let problems: string[]
/** Pictures of the study with a mask; the cine of the PACS among them. */
let masks = 0

beforeAll(async () => {
  own = await startDicomwebServer({ authorization: `Basic ${Buffer.from(`tester:${SECRET}`).toString('base64')}` })
  own.held.push({ studyUid: CINE_STUDY, seriesUid: '1.2.826.0.1.3680043.9.4711.2', instanceUid: '1.2.826.0.1.3680043.9.4711.3', patientId: 'PACS-ID-4711', bytes: lesionCine() })
  const made = await pacsStudy(scratch.path)
  mkdirSync(join(scratch.path, 'files'))
  writeFileSync(join(scratch.path, 'files', 'cine.dcm'), lesionCine())
  for (const n of [1, 2, 3]) writeFileSync(join(scratch.path, 'files', `${n}.dcm`), phantomCineFile(n, 3))
  const call = made.call
  expect((await made.job('study.importDicom', { folder: join(scratch.path, 'files'), cohort: 'train' })).result).toMatchObject({ refused: [] })
  // The middle frame of each sweep shows its lesion.
  for (const row of (await call('cases.list', {})).cases) for (const p of (await call('cases.get', { caseId: row.id })).pictures) if (p.frames === 3) await call('cine.choose', { imageId: p.id, frame: 1, rule: 'chosen by a person' })
  expect((await made.job('inference.start', { provider: 'cpu' })).state).toBe('done')
  masks = (await call('cases.list', {})).cases.filter((c) => c.segmentation === 'found').length
  expect(masks).toBeGreaterThan(2)
  let baseUrl = own.baseUrl
  if (orthancMissing === null) {
    orthanc = await startOrthanc({ password: SECRET })
    baseUrl = orthanc.baseUrl
    unwrap(await client().store([{ instanceUid: 'cine', bytes: () => lesionCine() }]))
  }
  await call('pacs.saveServer', { name: 'Ward PACS', baseUrl, authentication: 'basic', user: 'tester', secret: SECRET })
  await call('pacs.saveServer', { name: 'Slow PACS', baseUrl: own.baseUrl, authentication: 'basic', user: 'tester', secret: SECRET })
  await made.close()
  station = await startWorkstation({ home: join(scratch.path, 'user'), study: join(scratch.path, 'study') })
  browser = await openChromium()
  const opened = await openPage(browser, station)
  ;[page, problems] = [opened.page, opened.problems]
  await page.getByRole('button', { name: 'Lin' }).click()
  await page.getByLabel('Password').fill('a long enough password')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.hash.startsWith('#/worklist'))
  await page.goto(new URL('/#/pacs', station.url).href)
}, 600_000)
afterAll(async () => {
  await browser?.close()
  await station?.stop()
  await own?.close()
  await orthanc?.stop()
  scratch.remove()
})

const client = (): ReturnType<typeof createDicomweb> => createDicomweb({ baseUrl: orthanc?.baseUrl ?? own.baseUrl, authentication: { kind: 'basic', user: 'tester', password: SECRET } })
const queue = () => page.locator('.pacs-queue > li')
async function choose(field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: field }).click()
  await page.getByRole('option', { name: option }).click()
}
async function server(name: string): Promise<void> {
  await choose('PACS server', name)
  await page.getByRole('combobox', { name: 'PACS server' }).getByText(name).waitFor()
}

describe('storing from the screen', () => {
  test('before anybody reviewed, reviewed masks cannot leave, and the reason says what to do', async () => {
    await server('Ward PACS')
    await page.getByRole('button', { name: 'Store results…' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Store in the PACS' })
    await dialog.getByText('To Ward PACS.').waitFor()
    await dialog.getByRole('button', { name: 'Store', exact: true }).click()
    await queue().first().getByText('Stopped').waitFor()
    await queue().first().getByText(/review the cases first, or choose the fused masks/).waitFor()
    await queue().first().getByRole('button', { name: 'Dismiss' }).click()
    await page.getByText('Nothing on its way').waitFor()
  }, 400_000)

  test('fused masks, measurements and captures go under the study\'s codes and are found there', async () => {
    await page.getByRole('button', { name: 'Store results…' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Store in the PACS' })
    await dialog.getByRole('checkbox', { name: 'Outlines (SC)' }).click()
    await choose('Masks', /Automatic, fused/)
    await choose('Cases', /train/)
    await shoot(page, 'pacs-store-codes')
    await dialog.getByRole('button', { name: 'Store', exact: true }).click()
    await queue().first().getByText(`${masks} segmentations, ${masks} reports, ${masks} captures.`).waitFor()
    await queue().first().getByText('Done').waitFor()
    await shoot(page, 'pacs-stored')
    if (orthanc === null) expect(own.received.length).toBe(3 * masks)
    else {
      const found = unwrap(await client().studies({ patientId: 'P-*' })).rows
      expect(found.length).toBe(masks)
      for (const row of found) expect(row.modalities).toEqual(expect.arrayContaining(['SEG', 'SR']))
    }
  }, 400_000)

  test('beside the pictures of a study of the PACS, under the patient\'s own identity, which the dialog says', async () => {
    await page.getByRole('textbox', { name: 'Patient ID' }).fill('PACS-ID-4711')
    await page.keyboard.press('Enter')
    const grid = page.getByRole('grid', { name: 'Studies in the PACS' })
    await grid.getByText(/^D-/).waitFor()
    await page.locator('.pacs-side-do').getByRole('button', { name: 'Store results…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Store in the PACS' })
    await dialog.getByRole('radio', { name: /Beside the pictures of D-/ }).waitFor()
    await dialog.getByText('These objects carry the patient\'s identity,').waitFor()
    expect(await dialog.getByRole('checkbox', { name: 'De-identified pictures' }).count()).toBe(0)
    await choose('Masks', /Automatic, fused/)
    await shoot(page, 'pacs-store-beside')
    await dialog.getByRole('button', { name: 'Store', exact: true }).click()
    await queue().first().getByText('1 segmentation, 1 report, 1 capture.').waitFor()
    if (orthanc === null) expect(own.received.slice(-3).every((bytes) => bytes.includes('Pacsplant'))).toBe(true)
    else {
      const series = unwrap(await client().series(CINE_STUDY)).rows
      expect(series.map((s) => s.modality).sort()).toEqual(['OT', 'SEG', 'SR', 'US'])
      const seg = series.find((s) => s.modality === 'SEG')
      const [instance] = unwrap(await client().instances(CINE_STUDY, seg?.seriesUid ?? '')).rows
      expect(unwrap(await client().instance({ studyUid: CINE_STUDY, seriesUid: seg?.seriesUid ?? '', instanceUid: instance?.instanceUid ?? '' })).includes('Pacsplant')).toBe(true)
    }
  }, 400_000)

  test('a store under way shows how far it is, is cancelled while the PACS says nothing, counts what arrived, and is asked for again', async () => {
    await server('Slow PACS')
    // What the other PACS answered is gone with it: nothing of it can be retrieved here.
    expect(await page.getByRole('grid', { name: 'Studies in the PACS' }).getByText(/^D-/).count()).toBe(0)
    await page.getByText('No study selected').waitFor()
    const before = own.received.length
    own.mischief.storesBeforeSilence = 3
    await page.getByRole('button', { name: 'Store results…' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Store in the PACS' })
    expect(await dialog.getByRole('radio').count()).toBe(0)
    await dialog.getByRole('checkbox', { name: 'Outlines (SC)' }).click()
    await choose('Masks', /Automatic, fused/)
    await dialog.getByRole('button', { name: 'Store', exact: true }).click()
    const row = queue().first()
    await row.getByText(/3 objects stored/).waitFor()
    await row.getByText(new RegExp(`1 of ${masks}`)).waitFor()
    await shoot(page, 'pacs-storing')
    await row.getByRole('button', { name: 'Cancel' }).click()
    await row.getByText('Cancelled', { exact: true }).waitFor()
    await row.getByText('Cancelled; kept: 2 segmentations, 1 report.').waitFor()
    expect(own.received.length - before).toBe(3)
    await shoot(page, 'pacs-store-cancelled')
    delete own.mischief.storesBeforeSilence
    await row.getByRole('button', { name: 'Store again' }).click()
    await queue().first().getByText(`${masks} segmentations, ${masks} reports.`).waitFor()
    expect(problems).toEqual([])
  }, 400_000)
})
