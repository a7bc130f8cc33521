import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Browser, Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { region, usFile } from '#test/support/dicomFiles.ts'
import { demoHome, sln } from '#test/support/studies.ts'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

/** A cine of a dark lesion that grows and shrinks. Pixels are twice as tall as wide on the patient: the round lesion is flat in the pixels. */
const FRAMES = 9, WIDTH = 320, HEIGHT = 150
function cine(): Buffer {
  const pixels = new Uint8Array(FRAMES * WIDTH * HEIGHT)
  for (let f = 0; f < FRAMES; f++) {
    const radius = 30 + 6 * (4 - Math.abs(4 - f))
    for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) {
      const speckle = ((x * 7919 + y * 104_729 + f * 1301) % 37) - 18
      pixels[(f * HEIGHT + y) * WIDTH + x] = (Math.hypot(x - 160, 2 * (y - 75)) < radius ? 45 : 130) + speckle
    }
  }
  const extra = { '00186011': ['SQ', [region({ box: [0, 0, WIDTH - 1, HEIGHT - 1], delta: [0.01, 0.02] })]], '00080018': ['UI', '1.2.826.0.1.3680043.2.1125.77.1'], '0020000D': ['UI', '1.2.826.0.1.3680043.2.1125.77.2'] } as const
  return usFile({ columns: WIDTH, rows: HEIGHT, frames: FRAMES, pixels: Buffer.from(pixels), extra: extra as never })
}

/** One case with two views of a lesion, 300 x 220 pixels each. */
async function pairOfImages(folder: string): Promise<void> {
  mkdirSync(folder)
  const rows = ['case_id,patient_id,image,cohort,hospital,sln,mm_per_px_x,mm_per_px_y']
  for (const [name, rx] of [['PAIR-a', 40], ['PAIR-b', 62]] as const) {
    const pixels = Uint8Array.from({ length: 300 * 220 }, (_, i) => (Math.hypot(((i % 300) - 150) / rx, (Math.floor(i / 300) - 110) / 36) < 1 ? 42 : 128) + ((i * 7919) % 31))
    await sharp(pixels, { raw: { width: 300, height: 220, channels: 1 } }).png().toFile(join(folder, `${name}.png`))
    rows.push(`PAIR,P-PAIR,${name}.png,pairs,H,0,0.1,0.1`)
  }
  writeFileSync(join(folder, 'manifest.csv'), rows.join('\n'))
}

let browser: Browser
let workstation: Workstation
let home: Awaited<ReturnType<typeof demoHome>>
beforeAll(async () => {
  home = await demoHome({ cases: 24 })
  const folder = join(home.home, 'cine')
  mkdirSync(folder)
  writeFileSync(join(folder, 'sweep.dcm'), cine())
  const imported = await sln(['import', '--study', home.study, '--dicom', folder, '--cohort', 'sweeps', '--json'], { home: home.home })
  if (imported.code !== 0) throw new Error(`the cine could not be imported: ${imported.stderr} ${imported.stdout}`)
  await pairOfImages(join(home.home, 'pair'))
  const pair = await sln(['import', '--study', home.study, '--manifest', join(home.home, 'pair', 'manifest.csv'), '--json'], { home: home.home })
  if (pair.code !== 0) throw new Error(`the pair could not be imported: ${pair.stderr} ${pair.stdout}`)
  ;[workstation, browser] = await Promise.all([startWorkstation({ home: home.home, study: home.study }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
  home?.remove()
})

function rows<T>(sql: string): T[] {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const found = db.prepare(sql).all() as T[]
  db.close()
  return found
}
interface Op { op: string; frame: number; measurement?: { points: number[] } }
const TASK = 'SELECT t.id FROM annotation_task t JOIN image ON image.id = t.image_id WHERE image.frames > 1'
const journal = (): { kind: string; gesture: string; by: string; ms: number; ops: Op[] }[] =>
  rows<{ entry: string }>(`SELECT entry FROM annotation_journal WHERE task_id IN (${TASK}) ORDER BY seq`).map((r) => JSON.parse(r.entry) as never)

async function canvasOf(page: Page): Promise<{ at: (x: number, y: number) => [number, number]; canvas: Locator }> {
  const canvas = page.getByRole('application', { name: 'Annotation editor' })
  await canvas.waitFor()
  await page.locator('.ui-viewport-readout', { hasText: 'mm' }).waitFor()
  const box = await canvas.boundingBox()
  if (box === null) throw new Error('the canvas has no place')
  return { canvas, at: (x, y) => [box.x + box.width / 2 + x, box.y + box.height / 2 + y] }
}
const gestures = async (count: number): Promise<void> => expect.poll(() => journal().length).toBe(count)

test('the investigator assigns the cine; the annotator looks through it, draws on key frames, copies, interpolates, marks the largest and stores it', async () => {
  const lin = await openPage(browser, workstation, 'investigator')
  await lin.page.goto(new URL('/#/drawing', workstation.url).href)
  await lin.page.getByRole('button', { name: 'Assign cases' }).first().click()
  const dialog = lin.page.getByRole('dialog')
  await dialog.getByRole('combobox').first().click()
  await lin.page.getByRole('option', { name: /Ana/ }).click()
  await dialog.getByRole('combobox').nth(1).click()
  await lin.page.getByRole('option', { name: /sweeps/ }).click()
  await dialog.getByRole('button', { name: /^Assign/ }).click()
  await lin.page.getByText('1 case assigned', { exact: true }).waitFor()
  await lin.context.close()

  const { page, problems, context } = await openPage(browser, workstation, 'annotator1')
  await page.goto(new URL(`/#/annotate/${rows<{ id: string }>(TASK)[0]?.id ?? ''}`, workstation.url).href)
  const { at } = await canvasOf(page)
  const strip = page.getByRole('group', { name: 'Frames' })
  const frame = page.getByRole('slider', { name: 'Frame' })
  await expect.poll(() => frame.getAttribute('aria-valuemax')).toBe(String(FRAMES))
  const isFrame = (n: number): Promise<void> => expect.poll(() => frame.getAttribute('aria-valuenow')).toBe(String(n))
  const diamond = async (radius: number): Promise<void> => {
    await page.keyboard.press('p')
    for (const [x, y] of [[-radius, 0], [0, -radius], [radius, 0], [0, radius]] as const) await page.mouse.click(...at(x, y))
    await page.keyboard.press('Enter')
  }
  const drawnOn = (n: number): Locator => strip.locator(`i.drawn[data-frame="${n - 1}"]`)

  // By keys: to frame 2, a contour, a copy to frame 3.
  await page.keyboard.press('PageDown')
  await isFrame(2)
  await diamond(150)
  await gestures(5)
  await page.keyboard.press('Control+PageDown')
  await gestures(6)
  expect(journal().at(-1)).toMatchObject({ gesture: 'copy to frame', by: 'copy to frame' })
  await drawnOn(3).waitFor({ state: 'attached' })
  // By the mouse: along the strip to frame 7, a larger contour, the copy to frame 9 with Shift.
  const box = await frame.boundingBox()
  if (box === null) throw new Error('the strip has no place')
  const place = (n: number): [number, number] => [box.x + (box.width * (n - 0.5)) / FRAMES, box.y + box.height / 2]
  await page.mouse.move(...place(4))
  await page.mouse.down()
  await page.mouse.move(...place(7), { steps: 5 })
  await page.mouse.up()
  await isFrame(7)
  await diamond(210)
  await gestures(11)
  await page.keyboard.down('Shift')
  await page.mouse.click(...place(9))
  await page.keyboard.up('Shift')
  await gestures(12)
  await drawnOn(9).waitFor({ state: 'attached' })
  await isFrame(7)
  // Between 3 and 7, and between 7 and 9.
  await page.keyboard.press('i')
  await gestures(13)
  await expect.poll(() => strip.locator('i.filled').count()).toBe(4)
  await page.keyboard.press('PageUp')
  await page.keyboard.press('PageUp')
  await isFrame(5)
  await page.keyboard.press('*')
  await gestures(14)
  await strip.locator('i.largest[data-frame="4"]').waitFor({ state: 'attached' })
  await shoot(page, 'annotate-frames')
  // Undo shows where it was done; what was interpolated goes and comes again.
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await gestures(16)
  await expect.poll(() => strip.locator('i.filled').count()).toBe(0)
  await page.keyboard.press('Control+Shift+z')
  await page.keyboard.press('Control+Shift+z')
  await gestures(18)
  await expect.poll(() => strip.locator('i.filled').count()).toBe(4)
  await page.keyboard.press('Control+s')
  await page.getByRole('button', { name: /^v1$/ }).waitFor()
  const [version] = rows<{ frame: number; document: string; area_px: number; active_seconds: number; tools: string }>(`SELECT frame, document, area_px, active_seconds, tools FROM annotation WHERE task_id IN (${TASK})`)
  expect(version?.frame).toBe(4)
  expect((JSON.parse(version?.document ?? '{}') as { frames: { frame: number; contours: unknown[] }[] }).frames.filter((f) => f.contours.length > 0).map((f) => f.frame)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(JSON.parse(version?.tools ?? '{}')).toMatchObject({ polygon: 10, 'copy to frame': 2, 'interpolate frames': 1, 'largest cross-section': 1, undo: 2, redo: 2 })
  expect(version?.active_seconds).toBeGreaterThan(0)
  expect(problems).toEqual([])
  await context.close()
})

test('pixels that are not square are drawn in true proportions: as long on the screen is as long in millimetres, across and down', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'annotator1')
  await page.goto(new URL(`/#/annotate/${rows<{ id: string }>(TASK)[0]?.id ?? ''}`, workstation.url).href)
  const { at } = await canvasOf(page)
  const caliper = async (to: [number, number]): Promise<{ dx: number; dy: number }> => {
    const before = journal().length
    await page.keyboard.press('c')
    await page.mouse.move(...at(0, 0))
    await page.mouse.down()
    await page.mouse.move(...at(...to), { steps: 3 })
    await page.mouse.up()
    await gestures(before + 1)
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = journal().at(-1)?.ops[0]?.measurement?.points.map((unit) => unit / 1024) ?? []
    return { dx: (x1 - x0) * 0.1, dy: (y1 - y0) * 0.2 }
  }
  const across = await caliper([120, 0])
  const down = await caliper([0, 120])
  expect(across.dx).toBeGreaterThan(2)
  expect(Math.abs(across.dx - down.dy)).toBeLessThan(0.01)
  expect(Math.abs(across.dy) + Math.abs(down.dx)).toBeLessThan(0.01)
  // A brush is round: its contour is as many millimetres high as wide.
  await page.keyboard.press('PageUp')
  await page.keyboard.press('b')
  await page.mouse.click(...at(-200, -100))
  await shoot(page, 'annotate-aspect')
  expect(problems).toEqual([])
  await context.close()
})

test('a drawing that was left goes on where it stood: time, tools, "and changes"; the next case begins with the same tool and sizes', async () => {
  const { page, context } = await openPage(browser, workstation, 'annotator1')
  const task = rows<{ id: string }>(TASK)[0]?.id ?? ''
  const url = new URL(`/#/annotate/${task}`, workstation.url).href
  await page.goto(url)
  await canvasOf(page)
  await page.getByRole('button', { name: 'v1 and changes' }).waitFor()
  await page.keyboard.press('b')
  for (let i = 0; i < 4; i++) await page.keyboard.press(']')
  const radius = page.getByRole('slider', { name: /Radius/ })
  const size = '12' // 8 px by default, four steps of one
  await expect.poll(() => radius.getAttribute('aria-valuenow')).toBe(size)
  await page.keyboard.press('Alt+2')
  await page.getByText('W 110 L 55').waitFor()
  await page.keyboard.press('Control+ArrowLeft')
  await page.waitForURL((to) => !to.hash.includes(task))
  await page.getByText('W 110 L 55').waitFor()
  await expect.poll(() => radius.getAttribute('aria-valuenow')).toBe(size)
  await page.goto(url)
  await page.reload()
  const { at } = await canvasOf(page)
  await expect.poll(() => radius.getAttribute('aria-valuenow')).toBe(size)
  await page.keyboard.press('Alt+1')
  const before = journal().length
  await page.mouse.click(...at(180, 120))
  await gestures(before + 1)
  await page.keyboard.press('Control+s')
  await page.getByRole('button', { name: /^v2$/ }).waitFor()
  const version = rows<{ active_seconds: number; tools: string }>(`SELECT active_seconds, tools FROM annotation WHERE task_id IN (${TASK}) ORDER BY version`).at(-1)
  const sinceFirst = journal().slice(18)
  expect(JSON.parse(version?.tools ?? '{}')).toMatchObject({ caliper: 2 })
  expect(version?.active_seconds).toBeGreaterThanOrEqual(Math.floor(sinceFirst.reduce((sum, e) => sum + e.ms, 0) / 100) / 10 - 0.1)
  await context.close()
})

test('a case of two images: a contour is copied from one to the other, and the one with the largest cross-section is marked', async () => {
  const lin = await openPage(browser, workstation, 'investigator')
  await lin.page.goto(new URL('/#/drawing', workstation.url).href)
  await lin.page.getByRole('button', { name: 'Assign cases' }).first().click()
  const dialog = lin.page.getByRole('dialog')
  await dialog.getByRole('combobox').first().click()
  await lin.page.getByRole('option', { name: /Ana/ }).click()
  await dialog.getByRole('combobox').nth(1).click()
  await lin.page.getByRole('option', { name: /pairs/ }).click()
  await dialog.getByText('Every image').click()
  await dialog.getByRole('button', { name: /^Assign/ }).click()
  await lin.page.getByText('1 case assigned', { exact: true }).waitFor()
  await lin.context.close()

  const PAIR = "SELECT t.id FROM annotation_task t JOIN image ON image.id = t.image_id JOIN study_case c ON c.id = t.case_id WHERE c.label = 'PAIR' ORDER BY image.ordinal"
  const [first, second] = rows<{ id: string }>(PAIR).map((r) => r.id) as [string, string]
  const entries = (task: string): { gesture: string }[] => rows<{ entry: string }>(`SELECT entry FROM annotation_journal WHERE task_id = '${task}' ORDER BY seq`).map((r) => JSON.parse(r.entry) as never)
  const { page, problems, context } = await openPage(browser, workstation, 'annotator1')
  await page.goto(new URL(`/#/annotate/${first}`, workstation.url).href)
  const { at } = await canvasOf(page)
  await page.getByRole('heading', { name: /image 1 of 2/ }).waitFor()
  await page.keyboard.press('p')
  for (const [x, y] of [[-150, 0], [0, -140], [150, 0], [0, 140]] as const) await page.mouse.click(...at(x, y))
  await page.keyboard.press('Enter')
  await expect.poll(() => entries(first).length).toBe(5)
  await page.keyboard.press('Control+c')
  await page.getByText('1 contour copied', { exact: true }).waitFor()
  await page.keyboard.press('Control+ArrowRight')
  await page.getByRole('heading', { name: /image 2 of 2/ }).waitFor()
  await page.getByText('no area drawn').waitFor()
  await page.keyboard.press('Control+v')
  await expect.poll(() => entries(second).length).toBe(1)
  await page.getByText(/mm²/).waitFor()
  await page.getByRole('button', { name: 'Mark as largest' }).click()
  await expect.poll(() => entries(second).at(-1)?.gesture).toBe('largest cross-section')
  expect(await page.getByRole('button', { name: 'Largest cross-section' }).getAttribute('aria-pressed')).toBe('true')
  await page.getByText(/^saved \d\d:/).waitFor()
  await shoot(page, 'annotate-pair')
  for (const [task, version] of [[second, '2'], [first, '1']] as const) {
    await page.goto(new URL(`/#/annotate/${task}`, workstation.url).href)
    await page.getByRole('heading', { name: new RegExp(`image ${version} of 2`) }).waitFor()
    await page.keyboard.press('Control+s')
    await page.getByRole('button', { name: /^v1$/ }).waitFor()
  }
  const masks = rows<{ task_id: string; mask: string; document: string }>(`SELECT task_id, mask, document FROM annotation WHERE task_id IN ('${first}', '${second}')`)
  expect(masks.map((m) => m.mask)).toEqual([masks[0]?.mask, masks[0]?.mask])
  const largest = new Map(masks.map((m) => [m.task_id, (JSON.parse(m.document) as { largestFrame: number | null }).largestFrame]))
  expect([largest.get(first), largest.get(second)]).toEqual([null, 0])
  expect(problems).toEqual([])
  await context.close()
})
