import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pacsStudy } from '#test/support/pacsStudy.ts'
import { phantomCineFile } from '#test/support/phantomCine.ts'
import { temporary } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

const scratch = temporary('cine-review')
const FRAMES = 9, MIDDLE = 5
let station: Workstation
let browser: Browser
let page: Page
let problems: string[]

beforeAll(async () => {
  const made = await pacsStudy(scratch.path)
  mkdirSync(join(scratch.path, 'files'))
  for (const seed of [1, 2]) writeFileSync(join(scratch.path, 'files', `${seed}.dcm`), phantomCineFile(seed, FRAMES))
  expect((await made.job('study.importDicom', { folder: join(scratch.path, 'files'), cohort: 'train' })).result).toMatchObject({ refused: [] })
  expect((await made.job('inference.start', { provider: 'cpu' })).state).toBe('done')
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
  scratch.remove()
})
function all<T>(sql: string): T[] {
  const db = new Database(join(station.study, 'study.db'), { readonly: true })
  const rows = db.prepare(sql).all() as T[]
  db.close()
  return rows
}
const cine = () => page.getByRole('group', { name: 'Cine' })
const frame = (n: number): Promise<void> => cine().getByText(`${n} / ${FRAMES}`, { exact: true }).waitFor()

test('a cine in review plays, steps and is scrubbed; the masks are shown on their own frame only', async () => {
  await page.keyboard.press('Alt+v')
  // The worklist's preview has a cine of its own: keys are the review's only once its queue is there.
  await page.getByRole('listbox', { name: 'Queue' }).waitFor()
  await frame(1)
  await page.keyboard.press('.')
  await frame(2)
  await page.getByText('The masks are of frame 1').waitFor()
  await page.keyboard.press(',')
  await frame(1)
  await expect.poll(() => page.getByText('The masks are of frame 1').count()).toBe(0)
  await page.keyboard.press(' ')
  await cine().getByRole('button', { name: 'Pause' }).waitFor()
  await expect.poll(() => cine().getByRole('slider').getAttribute('aria-valuenow')).not.toBe('1')
  await page.keyboard.press(' ')
  await cine().getByRole('button', { name: 'Play' }).waitFor()
  const track = await cine().getByRole('slider').boundingBox()
  if (track === null) throw new Error('the cine has a track')
  const to = (share: number): [number, number] => [track.x + track.width * share, track.y + track.height / 2]
  await page.mouse.move(...to(0.1))
  await page.mouse.down()
  await page.mouse.move(...to(1))
  await frame(FRAMES)
  await page.mouse.move(...to((MIDDLE - 1) / (FRAMES - 1)))
  await page.mouse.up()
  await frame(MIDDLE)
  await shoot(page, 'review-cine')
}, 300_000)

test('another key frame leaves nothing to judge until it is segmented; then it is what is reviewed', async () => {
  const [shown] = all<{ label: string; image: string }>('SELECT label, image.id AS image FROM image JOIN study_case ON study_case.id = case_id').filter((r) => r.label !== '')
  expect(shown).toBeDefined()
  await page.keyboard.press('k')
  const moved = page.locator('.review-moved')
  await moved.getByText(`Frame ${MIDDLE} stands for the cine.`).waitFor()
  await moved.getByText('These masks are of frame 1 and count no longer.').waitFor()
  expect(await page.getByRole('button', { name: /^Accept/ }).isDisabled()).toBe(true)
  await page.keyboard.press('a')
  expect(all('SELECT id FROM review')).toEqual([])
  await shoot(page, 'review-key-frame-moved')
  await moved.getByRole('button', { name: `Segment frame ${MIDDLE}` }).click()
  await moved.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Accept/ }).and(page.locator(':enabled')).waitFor()
  await frame(MIDDLE)
  expect(all('SELECT frame FROM key_frame')).toEqual([{ frame: MIDDLE - 1 }])
  expect(all('SELECT image_id, count(*) AS n FROM segmentation GROUP BY image_id HAVING n > 1')).toHaveLength(1)
  await shoot(page, 'review-key-frame')
  await page.keyboard.press('a')
  await expect.poll(() => all('SELECT segmentation.frame, decision FROM review JOIN segmentation ON segmentation.id = segmentation_id')).toEqual([{ frame: MIDDLE - 1, decision: 'accepted' }])
  expect(problems).toEqual([])
}, 300_000)

test('a scale by one line takes pixels as square, by two lines as tall as they are; what gives no scale is said before anything is sent', async () => {
  await page.keyboard.press('Alt+w')
  const [row] = all<{ label: string }>('SELECT label FROM study_case ORDER BY label')
  await page.getByText(row?.label ?? '').first().click()
  await page.getByRole('button', { name: 'Scale…' }).click()
  const dialog = page.getByRole('dialog', { name: `Scale of case ${row?.label ?? ''}` })
  await dialog.locator('.scale[aria-busy="false"]').waitFor()
  const picture = await dialog.getByRole('application').locator('canvas').first().boundingBox()
  if (picture === null) throw new Error('the picture is shown')
  const draw = async (from: [number, number], to: [number, number]): Promise<void> => {
    const at = ([x, y]: [number, number]): [number, number] => [picture.x + picture.width * x, picture.y + picture.height * y]
    await page.mouse.move(...at(from))
    await page.mouse.down()
    await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]))
    await page.mouse.move(...at(to))
    await page.mouse.up()
  }
  const said = dialog.getByRole('status')
  await said.getByText('Draw a line along a scale whose length you know.').waitFor()
  await dialog.getByLabel('What the line lies on').fill('depth scale')
  await draw([0.5, 0.5], [0.505, 0.5])
  await said.getByText(/one of at least 20 is needed/).waitFor()
  expect(await dialog.getByRole('button', { name: 'Set the scale' }).isDisabled()).toBe(true)
  await draw([0.4, 0.5], [0.6, 0.5])
  await said.getByText(/px = 10 mm: [\d.]+ mm a pixel/).waitFor()
  await dialog.getByText('Pixels are not square').click()
  await said.getByText('Draw line 2 along a scale of the other direction.').waitFor()
  await draw([0.4, 0.3], [0.6, 0.32])
  await said.getByText(/The two lines point the same way/).waitFor()
  await draw([0.5, 0.3], [0.5, 0.7])
  await dialog.getByRole('spinbutton', { name: 'Length of line 2' }).fill('30')
  await page.keyboard.press('Tab')
  await said.getByText(/px = 30 mm: [\d.]+ mm across, [\d.]+ mm down a pixel/).waitFor()
  const text = await said.innerText()
  await shoot(page, 'scale-dialog')
  await dialog.getByRole('button', { name: 'Set the scale' }).click()
  await page.getByText('The picture has a scale').first().waitFor()
  const [first, second] = [...text.matchAll(/([\d.]+) px/g)].map((m) => Number(m[1]))
  const entry = all<{ actor: string; reason: string; new: string }>("SELECT actor, reason, new FROM audit WHERE action = 'image.calibrate'")
  expect(entry.map((e) => [e.actor, e.reason])).toEqual([['lin', 'depth scale']])
  const { regions: [region], source } = JSON.parse(entry[0]?.new ?? '{}') as { regions: { mmPerPixelX: number; mmPerPixelY: number }[]; source: string }
  expect((region?.mmPerPixelX ?? 0) * (first ?? 0)).toBeCloseTo(10, 1)
  expect((region?.mmPerPixelY ?? 0) * (second ?? 0)).toBeCloseTo(30, 1)
  expect(source).toMatch(/^manual, two points \(10 mm over [\d.]+ px; 30 mm over [\d.]+ px\)$/)
  expect(problems).toEqual([])
}, 300_000)
