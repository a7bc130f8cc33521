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
