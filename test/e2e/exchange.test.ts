import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { phantomCineFile } from '#test/support/phantomCine.ts'
import { sln, temporary } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
const folder = temporary('exchange-screen')
const FRAMES = 6
beforeAll(async () => {
  mkdirSync(join(folder.path, 'dicom'))
  writeFileSync(join(folder.path, 'dicom', 'sweep.dcm'), phantomCineFile(1, FRAMES, { name: 'Esmeralda^Planted', id: 'PLANT-E2E' }));
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24 }), openChromium()])
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
const go = async (page: Page, path: string): Promise<void> => {
  await page.goto(new URL(`/#${path}`, workstation.url).href)
}
const object = (hash: string): string => join(workstation.study, 'objects', hash.slice(0, 2), hash)
const grey = (hash: string): Promise<Buffer> => sharp(object(hash)).toColourspace('b-w').raw().toBuffer()
async function drag(page: Page, name: string, from: [number, number], to: [number, number]): Promise<void> {
  await page.locator('.marker[aria-busy="false"]').waitFor() // the picture is there
  const box = await page.getByRole('application', { name }).locator('canvas').first().boundingBox()
  if (box === null) throw new Error(`${name} is not there`)
  await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1])
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * ((from[0] + to[0]) / 2), box.y + box.height * ((from[1] + to[1]) / 2))
  await page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1])
  await page.mouse.up()
}

test('files are looked at before anything is imported, marked, and taken exactly so', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await go(page, '/exchange')
  await page.getByLabel('Folder').fill(join(folder.path, 'dicom'))
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: /sweep\.dcm/ }).waitFor()
  await page.getByText('Patient\'s Name', { exact: true }).waitFor()
  await page.getByText(/^Removed \(\d+\)/).waitFor()
  await expect.poll(() => page.getByText('Esmeralda').count()).toBe(0)
  expect(all("SELECT id FROM image WHERE frames > 1")).toEqual([])
  await drag(page, 'Picture of sweep.dcm', [0.45, 0.4], [0.55, 0.5])
  await page.getByText('marked by hand').first().waitFor()
  await shoot(page, 'exchange-look')
  await page.getByRole('button', { name: 'Save as template' }).click()
  await page.getByText('The template is stored').first().waitFor()
  await page.getByRole('button', { name: 'Import 1' }).click()
  await page.getByText('1 imported.').first().waitFor()
  const [image] = all<{ object: string; width: number; height: number }>('SELECT object, width, height FROM image WHERE frames > 1')
  const pixels = await grey(image?.object ?? '')
  const at = (x: number, y: number): number => pixels[Math.floor(y * (image?.height ?? 0)) * (image?.width ?? 0) + Math.floor(x * (image?.width ?? 0))] as number
  expect(at(0.5, 0.45)).toBe(0)
  expect(pixels.subarray(0, 24 * (image?.width ?? 0)).every((v) => v === 0)).toBe(true)
  await page.getByRole('tab', { name: 'Scanner templates' }).click()
  await page.getByRole('button', { name: 'Reviewed: apply to imports' }).click()
  await page.getByText('Applied', { exact: true }).first().waitFor()
  await shoot(page, 'exchange-templates')
  expect(all<{ author: string; reviewer: string }>('SELECT author, reviewer FROM scanner_template')).toEqual([{ author: 'investigator', reviewer: 'investigator' }])
  expect(problems).toEqual([])
  await context.close()
})

test('a cine plays, steps and is scrubbed; the largest cross-section is suggested by the models and confirmed by a person', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  const [row] = all<{ label: string; image: string }>('SELECT label, image.id AS image FROM image JOIN study_case ON study_case.id = case_id WHERE frames > 1')
  await go(page, '/worklist')
  await page.getByText(row?.label ?? '').first().click()
  const cine = page.getByRole('group', { name: 'Cine' })
  await cine.getByText(`1 / ${FRAMES}`).waitFor()
  await cine.getByText('20 fps').waitFor()
  await cine.getByRole('slider', { name: 'Frame' }).focus()
  await page.keyboard.press('ArrowRight')
  await cine.getByText(`2 / ${FRAMES}`).waitFor()
  await page.keyboard.press('End')
  await cine.getByText(`${FRAMES} / ${FRAMES}`).waitFor()
  await page.keyboard.press('Home')
  await page.keyboard.press(' ')
  await cine.getByRole('button', { name: 'Pause' }).waitFor()
  await expect.poll(async () => (await cine.getByRole('slider').getAttribute('aria-valuenow')) !== '1').toBe(true)
  await page.keyboard.press(' ')
  await cine.getByRole('button', { name: 'Play' }).waitFor()
  await page.getByRole('button', { name: 'Find the largest cross-section' }).click()
  await page.getByRole('button', { name: /^Suggested: frame/ }).waitFor({ timeout: 600_000 })
  await shoot(page, 'worklist-cine')
  expect(all('SELECT id FROM key_frame')).toEqual([])
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText(/^Frame \d+ stands for the cine/).first().waitFor()
  const [key] = all<{ frame: number; rule: string; suggested: number; chooser: string }>('SELECT frame, rule, suggested, chooser FROM key_frame')
  const [largest] = all<{ frame: number }>('SELECT frame FROM frame_area ORDER BY area_px DESC, frame LIMIT 1')
  expect(key).toEqual({ frame: largest?.frame, rule: 'largest cross-section', suggested: largest?.frame, chooser: 'investigator' })
  expect(problems).toEqual([])
  await context.close()
})

test('the brush blacks a stored cine in every frame, with a reason, and the old pixels are gone', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  const before = all<{ object: string }>('SELECT object FROM image WHERE frames > 1 UNION ALL SELECT object FROM image_frame').map((r) => r.object)
  const [row] = all<{ label: string }>('SELECT label FROM image JOIN study_case ON study_case.id = case_id WHERE frames > 1')
  await go(page, '/worklist')
  await page.getByText(row?.label ?? '').first().click()
  await page.getByRole('button', { name: 'Black out…' }).click()
  const name = `Black out text of case ${row?.label ?? ''}`
  await page.getByRole('button', { name: 'Brush' }).click()
  await page.getByRole('application', { name }).waitFor()
  await drag(page, name, [0.4, 0.7], [0.6, 0.7])
  await page.getByLabel('Reason').fill('a name below the lesion')
  await shoot(page, 'redact-dialog')
  await page.getByRole('button', { name: 'Black out', exact: true }).click()
  await page.getByText('Blacked; the old pixels are deleted').first().waitFor()
  const after = all<{ object: string }>('SELECT object FROM image WHERE frames > 1 UNION ALL SELECT object FROM image_frame').map((r) => r.object)
  expect(after.length).toBe(FRAMES)
  expect(after.filter((o) => before.includes(o))).toEqual([])
  const left = readdirSync(join(workstation.study, 'objects'), { recursive: true }).map(String)
  expect(before.filter((o) => left.some((f) => f.endsWith(o)))).toEqual([])
  expect(all<{ reason: string }>("SELECT reason FROM audit WHERE action = 'image.redact'")).toEqual([{ reason: 'a name below the lesion' }])
  expect(problems).toEqual([])
  await context.close()
})

test('an export says what it holds and what stays behind, writes the chosen formats, and is read back', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await go(page, '/exchange?tab=export')
  await page.getByText('What is left out').waitFor()
  await page.getByRole('checkbox', { name: /NIfTI/ }).click()
  await page.getByRole('checkbox', { name: /COCO/ }).click()
  const to = join(folder.path, 'out')
  await page.getByLabel('Folder').fill(to)
  await shoot(page, 'exchange-export')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByText('Exported.').first().waitFor()
  expect(readdirSync(to)).toEqual(expect.arrayContaining(['SHA256SUMS', 'study.json', 'manifest.csv', 'masks-nifti', 'masks-coco.json', 'tables', 'cine']))
  expect(readdirSync(join(to, 'masks-nifti')).length).toBe(readdirSync(join(to, 'masks')).length)
  const again = join(folder.path, 'again')
  await sln(['create', again, '--json'], { home: folder.path })
  const read = JSON.parse((await sln(['import', '--study', again, '--export', to, '--json'], { home: folder.path })).stdout) as { cases: number; refused: unknown[] }
  expect([read.cases, read.refused]).toEqual([all('SELECT id FROM study_case').length, []])
  expect(problems).toEqual([])
  await context.close()
})

test('a patient is withdrawn only with the label typed and a reason; the flow of cases says so', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  const [patient] = all<{ label: string }>('SELECT patient.label FROM image JOIN study_case ON study_case.id = case_id JOIN patient ON patient.id = patient_id WHERE frames > 1')
  const label = patient?.label ?? ''
  await go(page, '/exchange?tab=withdrawal')
  const patients = page.getByRole('combobox', { name: 'Patient' })
  await patients.click()
  await expect.poll(() => page.getByRole('option').count()).toBe(all("SELECT id FROM patient").length)
  await patients.fill('nobody is called so')
  await page.getByText(/^None of \d+ patients is called so$/).waitFor()
  // Typed in part and in another case, and chosen with the keyboard.
  await patients.fill(label.slice(2).toUpperCase())
  await expect.poll(() => page.getByRole('option').count()).toBe(1)
  await shoot(page, 'exchange-withdraw-find')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByText('Automatic segmentations').waitFor()
  const button = page.getByRole('button', { name: 'Withdraw and delete' })
  await page.getByLabel('Reason').fill('asked in writing')
  await expect.poll(() => button.isDisabled()).toBe(true)
  await page.getByLabel(`Type ${label} to confirm`).fill(label)
  await shoot(page, 'exchange-withdraw')
  await button.click()
  await page.getByText(/^Withdrawn\. What stays is called withdrawn-/).waitFor()
  expect(all('SELECT id FROM image WHERE frames > 1')).toEqual([])
  expect(readFileSync(join(workstation.study, 'study.db')).includes(label)).toBe(false)
  await go(page, '/study')
  await page.locator('.flow text', { hasText: 'consent withdrawn' }).waitFor()
  await shoot(page, 'study-withdrawn')
  expect(JSON.parse((await sln(['verify', '--study', workstation.study, '--json'], { home: folder.path })).stdout)).toMatchObject({ sound: true })
  expect(problems).toEqual([])
  await context.close()
})
