import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { openChromium, openPage, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

function rows<T>(sql: string): T[] {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const found = db.prepare(sql).all() as T[]
  db.close()
  return found
}
const journal = (): { task_id: string; seq: number }[] => rows('SELECT task_id, seq FROM annotation_journal ORDER BY task_id, seq')
const stored = (): { version: number; area_px: number; active_seconds: number; tools: string }[] => rows("SELECT version, area_px, active_seconds, tools FROM annotation WHERE purpose = 'drawn' ORDER BY created_at")

async function openFirst(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  await page.getByRole('button', { name: /Draw number/ }).click()
  const canvas = page.getByRole('application', { name: 'Annotation editor' })
  await canvas.waitFor()
  await page.waitForTimeout(400)
  return (await canvas.boundingBox()) as { x: number; y: number; width: number; height: number }
}
async function drawPolygon(page: Page, box: { x: number; y: number; width: number; height: number }): Promise<void> {
  await page.keyboard.press('p')
  for (const [x, y] of [[0.4, 0.4], [0.6, 0.38], [0.65, 0.55], [0.5, 0.65], [0.38, 0.55]] as const) await page.mouse.click(box.x + box.width * x, box.y + box.height * y)
  await page.keyboard.press('Enter')
}

test('an annotator draws a polygon and a freehand contour, undoes and redoes, stores a version, and goes on', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'annotator1')
  await shoot(page, 'tasks')
  const box = await openFirst(page)
  await drawPolygon(page, box)
  await page.getByText(/^saved \d\d:/).waitFor()
  await shoot(page, 'annotate-polygon')
  const after = journal().length
  expect(after).toBeGreaterThanOrEqual(1)
  await page.keyboard.press('Control+z')
  await expect.poll(() => journal().length).toBe(after + 1)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(() => journal().length).toBe(after + 2)
  await page.keyboard.press('f')
  await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.45)
  await page.mouse.down()
  for (let i = 1; i <= 20; i++) await page.mouse.move(box.x + box.width * (0.45 + 0.05 * Math.sin(i / 3)), box.y + box.height * (0.45 + i * 0.008))
  await page.mouse.up()
  await expect.poll(() => journal().length).toBeGreaterThan(after + 2)
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => stored().length).toBe(1)
  expect(stored()[0]?.area_px).toBeGreaterThan(1000)
  expect(Object.keys(JSON.parse(stored()[0]?.tools ?? '{}') as object)).toContain('polygon')
  expect(problems).toEqual([])
  await context.close()
})

test('power lost amid a contour: after kill -9 the drawing and its undo history are there again', async () => {
  const first = await openPage(browser, workstation, 'annotator2')
  const box = await openFirst(first.page)
  await drawPolygon(first.page, box)
  await first.page.getByText(/^saved \d\d:/).waitFor()
  const before = journal().length
  await workstation.killHard()
  await first.context.close()
  await workstation.restart()
  expect(journal().length).toBe(before)
  const second = await openPage(browser, workstation, 'annotator2')
  await openFirst(second.page)
  await second.page.getByText(/mm²/).waitFor()
  await second.page.keyboard.press('Control+z')
  await expect.poll(() => journal().length).toBe(before + 1)
  await second.page.keyboard.press('Control+Shift+z')
  await second.page.getByText(/mm²/).waitFor()
  await shoot(second.page, 'annotate-reopened')
  await second.context.close()
})

test('drawing by the keyboard alone', async () => {
  const { page, context } = await openPage(browser, workstation, 'annotator1')
  await page.getByRole('button', { name: /Draw number/ }).waitFor()
  await page.keyboard.press('d')
  await page.getByRole('application', { name: 'Annotation editor' }).waitFor()
  await page.waitForTimeout(400)
  const before = journal().length
  await page.keyboard.press('p')
  for (const [key, times] of [['ArrowRight', 6], ['ArrowDown', 6], ['ArrowLeft', 6]] as const) {
    await page.keyboard.press('Space')
    for (let i = 0; i < times; i++) await page.keyboard.press(`Shift+${key}`)
  }
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await expect.poll(() => journal().length).toBeGreaterThan(before)
  await page.getByText(/mm²/).waitFor()
  await shoot(page, 'annotate-keyboard')
  await context.close()
})

/** Undo and redo are journal entries too: each key must write one more. */
async function undoAndRedo(page: Page): Promise<void> {
  const before = journal().length
  await page.keyboard.press('Control+z')
  await expect.poll(() => journal().length).toBe(before + 1)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(() => journal().length).toBe(before + 2)
}

test('every tool by the mouse, each undone and redone', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'annotator2')
  const box = await openFirst(page)
  const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y]
  const clicks = async (...places: [number, number][]): Promise<void> => {
    for (const [x, y] of places) await page.mouse.click(...at(x, y))
  }
  const drag = async (...places: [number, number][]): Promise<void> => {
    const [first, ...rest] = places
    await page.mouse.move(...at(...(first as [number, number])))
    await page.mouse.down()
    for (const [x, y] of rest) await page.mouse.move(...at(x, y), { steps: 4 })
    await page.mouse.up()
  }
  const square: [number, number][] = [[0.4, 0.4], [0.55, 0.4], [0.55, 0.6], [0.4, 0.6]]
  const tools: [key: string, work: () => Promise<void>][] = [
    ['p', async () => { await clicks(...square); await page.keyboard.press('Enter') }],
    ['f', () => drag([0.42, 0.42], [0.6, 0.45], [0.6, 0.62], [0.42, 0.6], [0.42, 0.43])],
    ['s', async () => { await clicks(...square); await page.keyboard.press('Enter') }],
    ['l', async () => { await page.waitForTimeout(300); await clicks(...square); await page.waitForTimeout(500); await page.keyboard.press('Enter') }],
    ['b', () => drag([0.3, 0.3], [0.35, 0.32])],
    ['e', () => drag([0.3, 0.3], [0.32, 0.31])],
    ['g', async () => { await page.mouse.click(...at(0.47, 0.5)); await page.waitForTimeout(200); await page.keyboard.press('Enter') }],
    ['c', () => drag([0.3, 0.7], [0.6, 0.72])],
    ['o', async () => { await drag([0.3, 0.75], [0.5, 0.75]); await page.mouse.click(...at(0.4, 0.8)) }],
    ['v', () => drag([0.47, 0.5], [0.5, 0.52])],
  ]
  for (const [key, work] of tools) {
    const before = journal().length
    await page.keyboard.press(key)
    await work()
    await expect.poll(() => journal().length, { message: `tool ${key} drew nothing` }).toBeGreaterThan(before)
    await page.waitForTimeout(150)
    await undoAndRedo(page)
  }
  await shoot(page, 'annotate-every-tool')
  expect(problems).toEqual([])
  await context.close()
})

test('every drawing tool by the keyboard alone', async () => {
  const { page, context } = await openPage(browser, workstation, 'annotator1')
  await page.getByRole('button', { name: /Draw number/ }).waitFor()
  await page.keyboard.press('d')
  await page.getByRole('application', { name: 'Annotation editor' }).waitFor()
  await page.waitForTimeout(600)
  const go = async (key: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await page.keyboard.press(`Shift+${key}`)
  }
  const corners = async (): Promise<void> => {
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft']) {
      await page.keyboard.press('Space')
      await go(key, 4)
    }
    await page.keyboard.press('Space')
    await page.waitForTimeout(300)
    await page.keyboard.press('Enter')
  }
  const stroke = async (): Promise<void> => {
    await page.keyboard.press('Space')
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft']) await go(key, 4)
    await page.keyboard.press('Space')
  }
  const span = async (): Promise<void> => {
    await page.keyboard.press('Space')
    await go('ArrowRight', 3)
    await page.keyboard.press('Space')
    await go('ArrowDown', 2)
    await page.keyboard.press('Space')
  }
  const tools: [key: string, work: () => Promise<void>][] = [
    ['p', corners], ['s', corners], ['l', corners], ['f', stroke], ['b', stroke], ['e', stroke], ['c', span], ['o', span],
    ['g', async () => { await page.keyboard.press('Space'); await page.waitForTimeout(200); await page.keyboard.press('Enter') }],
  ]
  for (const [key, work] of tools) {
    const before = journal().length
    await page.keyboard.press(key)
    await page.keyboard.press('ArrowUp')
    await work()
    await expect.poll(() => journal().length, { message: `tool ${key} drew nothing` }).toBeGreaterThan(before)
    await page.keyboard.press('Escape')
    await page.waitForTimeout(150)
    await undoAndRedo(page)
  }
  await shoot(page, 'annotate-keyboard-tools')
  await context.close()
})

test('two versions side by side, a key of one\'s own, and a key that is taken refused', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'annotator2')
  const box = await openFirst(page)
  const before = stored().length
  await drawPolygon(page, box)
  await page.keyboard.press('Control+s')
  await expect.poll(() => stored().length).toBe(before + 1)
  await page.getByRole('button', { name: /^v\d+$/ }).waitFor()
  await page.keyboard.press('d')
  await page.keyboard.press('Control+s')
  await expect.poll(() => stored().length).toBe(before + 2)
  await page.getByRole('button', { name: /^v\d+$/ }).waitFor()
  await page.keyboard.press('Shift+V')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Dice').waitFor()
  expect(Number(await dialog.locator('.ui-kv div', { hasText: 'Dice' }).locator('dd').textContent())).toBeGreaterThan(0.5)
  await shoot(page, 'annotate-versions')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await page.keyboard.press('Control+,')
  await page.getByRole('button', { name: 'Key of Polygon: P' }).click()
  await page.keyboard.press('b')
  await page.getByText('B already runs "Brush"', { exact: false }).waitFor()
  await page.keyboard.press('q')
  await page.getByRole('button', { name: 'Key of Polygon: Q' }).waitFor()
  await shoot(page, 'annotate-shortcuts')
  await page.getByRole('button', { name: 'Done' }).last().click()
  await dialog.waitFor({ state: 'hidden' })
  await page.keyboard.press('b')
  await page.keyboard.press('q')
  await page.locator('.strip button[aria-label^="Polygon"]').waitFor()
  await page.reload()
  await page.getByRole('application', { name: 'Annotation editor' }).waitFor()
  await page.keyboard.press('Control+,')
  await page.getByRole('button', { name: 'Key of Polygon: Q' }).waitFor()
  expect(problems).toEqual([])
  await context.close()
})

test('the annotator never receives a label, an outcome, a cohort or a model mask', async () => {
  const { page, context } = await openPage(browser, workstation, 'annotator1')
  const frames: string[] = []
  page.on('websocket', (ws) => ws.on('framereceived', (f) => frames.push(String(f.payload))))
  await page.reload()
  await openFirst(page)
  const text = frames.join('\n') + (await page.content())
  for (const word of ['SYN-A', 'SYN-B', 'SYN-P', 'validation', '"outcome":0', '"outcome":1', 'deeplabv3']) expect(text).not.toContain(word)
  await context.close()
})

test('the same case in two windows: the one that is behind says that it saves nothing, and goes on from what is stored', async () => {
  const [one, two] = [await openPage(browser, workstation, 'annotator2'), await openPage(browser, workstation, 'annotator2')]
  const box = await openFirst(one.page)
  await two.page.goto(one.page.url())
  await two.page.getByRole('application', { name: 'Annotation editor' }).waitFor()
  await two.page.getByText('nothing to save').waitFor()
  const before = journal().length
  await drawPolygon(one.page, box)
  await one.page.getByText(/^saved \d\d:/).waitFor()
  const after = journal().length
  expect(after).toBeGreaterThan(before)
  await drawPolygon(two.page, box)
  const banner = two.page.getByRole('alert')
  await banner.getByText(/What you draw now is not saved/).waitFor()
  expect(await two.page.getByText('not saved', { exact: true }).count()).toBe(1)
  await shoot(two.page, 'annotate-conflict')
  expect(journal().length).toBe(after)
  await banner.getByRole('button', { name: 'Open it again' }).click()
  await banner.waitFor({ state: 'detached' })
  await two.page.getByText('nothing to save').waitFor()
  await two.page.getByText(/mm²/).waitFor()
  await two.page.keyboard.press('Control+z')
  await expect.poll(() => journal().length).toBe(after + 1)
  expect([...one.problems, ...two.problems]).toEqual([])
  await one.context.close()
  await two.context.close()
})

test('a window that holds what is not on disk asks before it closes', async () => {
  const { page, context } = await openPage(browser, workstation, 'annotator1')
  const box = await openFirst(page)
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.dismiss()
  })
  await workstation.killHard()
  await drawPolygon(page, box)
  await page.getByText(/not saved yet: the workstation cannot be reached/).waitFor()
  await shoot(page, 'annotate-unreachable')
  await page.close({ runBeforeUnload: true })
  await expect.poll(() => asked).toEqual(['beforeunload'])
  expect(page.isClosed()).toBe(false)
  await context.close()
  await workstation.restart()
})
