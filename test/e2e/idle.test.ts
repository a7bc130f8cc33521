import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChromium, openPage, raw, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

/** A session that nobody uses: long enough for every step of the test on a busy machine, short enough to be waited for. */
const IDLE_SECONDS = 24
let browser: Browser
let workstation: Workstation
beforeAll(async () => {
  [workstation, browser] = await Promise.all([startWorkstation({ cases: 24, idleMinutes: IDLE_SECONDS / 60 }), openChromium()])
})
afterAll(async () => {
  await browser?.close()
  await workstation?.stop()
})

function rows<T>(sql: string): T[] {
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  try {
    return db.prepare(sql).all() as T[]
  } finally {
    db.close()
  }
}

test('a session that is left alone is signed out, the screen says so, and what was drawn is there after signing in again', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'annotator1')
  const editor = page.getByRole('application', { name: 'Annotation editor' })
  const open = async (): Promise<{ x: number; y: number; width: number; height: number }> => {
    await page.getByRole('button', { name: /Draw number/ }).click()
    await editor.waitFor()
    await page.waitForTimeout(400)
    const box = await editor.boundingBox()
    if (box === null) throw new Error('the editor has no place')
    return box
  }
  const area = page.getByText(/^[\d.,]+ (mm²|px)/).last()
  const box = await open()
  await page.keyboard.press('p')
  for (const [x, y] of [[0.4, 0.4], [0.6, 0.38], [0.65, 0.55], [0.5, 0.65], [0.38, 0.55]] as const) await page.mouse.click(box.x + box.width * x, box.y + box.height * y)
  await page.keyboard.press('Enter')
  await page.getByText(/^saved \d\d:/).waitFor()
  const drawn = await area.textContent()

  // Nobody is there; what a page asks by itself when it comes back to its socket is no sign of a person.
  await page.waitForTimeout(IDLE_SECONDS * 500)
  await raw(page, 'session.state', {})
  await page.waitForTimeout(IDLE_SECONDS * 500 + 1500)
  await page.keyboard.press('Control+z')
  await page.getByText('You were signed out.').waitFor()
  await shoot(page, 'idle-signed-out')
  expect(await page.locator('canvas').count()).toBe(0)
  expect(await raw(page, 'annotation.tasks', {})).toMatchObject({ ok: false, error: { code: 'not_signed_in' } })

  await page.getByRole('button', { name: 'Ana (annotator)' }).click()
  await page.getByText('You were signed out.').waitFor({ state: 'detached' })
  await open()
  await expect.poll(() => area.textContent()).toBe(drawn)
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => rows<{ area: number }>("SELECT area_px AS area FROM annotation WHERE purpose = 'drawn'").map((r) => r.area > 1000)).toEqual([true])
  expect(problems).toEqual([])
  await context.close()
})
