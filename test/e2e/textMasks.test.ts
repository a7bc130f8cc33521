import Database from 'better-sqlite3'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChromium, openPage, pictureOf, raw, shoot, startWorkstation, type Workstation } from '#test/support/workstation.ts'

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
interface Pixels { readonly data: Buffer; readonly width: number; readonly channels: number }
async function pixelsOf(png: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, channels: info.channels }
}
const at = ({ data, width, channels }: Pixels, x: number, y: number): number => data[(y * width + x) * channels] ?? NaN

test('a box drawn over a scanner’s text is black for readers of that layout, and the stored picture is as it was', async () => {
  // The picture that reader4 sees next, and its layout.
  const [next] = rows<{ hospital: string; width: number; height: number; object: string }>(`SELECT study_case.hospital, image.width, image.height, image.object FROM reading_order JOIN reading_session ON reading_session.id = session_id JOIN account ON account.id = account_id
    JOIN image ON image.id = image_id JOIN study_case ON study_case.id = reading_order.case_id WHERE login = 'reader4' AND NOT EXISTS (SELECT 1 FROM reading WHERE reading.session_id = reading_order.session_id AND reading.position = reading_order.position) ORDER BY reading_order.position LIMIT 1`)
  if (next === undefined) throw new Error('reader4 has nothing to read')
  const lin = await openPage(browser, workstation, 'investigator')
  await lin.page.goto(new URL('/#/protocols', workstation.url).href)
  await lin.page.getByRole('button', { name: /^Burned-in text/ }).click()
  await lin.page.getByRole('list', { name: 'Scanner layouts' }).getByRole('button', { name: new RegExp(`^${next.hospital} ?${next.width} × ${next.height}`) }).click()
  await lin.page.getByText('None: drag on the picture over what readers must not see.').waitFor()
  const image = lin.page.getByRole('application', { name: 'A picture of this layout' })
  await lin.page.locator('.ui-viewport-readout', { hasText: '%' }).waitFor()
  const frame = await image.boundingBox()
  if (frame === null) throw new Error('the picture has no place')
  await lin.page.mouse.move(frame.x + frame.width * 0.3, frame.y + frame.height * 0.3)
  await lin.page.mouse.down()
  await lin.page.mouse.move(frame.x + frame.width * 0.5, frame.y + frame.height * 0.4, { steps: 5 })
  await lin.page.mouse.up()
  await lin.page.getByText(/^\d+ × \d+ px$/).waitFor()
  expect(await lin.page.getByRole('button', { name: 'Store for this layout' }).isDisabled()).toBe(true)
  await lin.page.getByLabel('Reason, for the audit log').fill('the date stands here')
  await shoot(lin.page, 'text-masks')
  await lin.page.getByRole('button', { name: 'Store for this layout' }).click()
  await lin.page.getByText('Readers see these boxes as black', { exact: true }).waitFor()
  await lin.page.getByText(/Last set .*: the date stands here/).waitFor()
  const [stored] = rows<{ boxes: string; hospital: string }>('SELECT boxes, hospital FROM text_mask')
  const [box] = JSON.parse(stored?.boxes ?? '[]') as { left: number; top: number; width: number; height: number }[]
  if (box === undefined) throw new Error('no box was stored')
  expect(rows<{ action: string; reason: string }>("SELECT action, reason FROM audit WHERE subject = 'text_mask'")).toEqual([{ action: 'textMask.set', reason: 'the date stands here' }])

  const reader = await openPage(browser, workstation, 'reader4')
  await reader.page.getByRole('button', { name: 'Go on reading' }).click()
  await pictureOf(reader.page)
  const sessionId = reader.page.url().split('/').at(-1)
  const url = ((await raw(reader.page, 'reading.next', { sessionId })).value as { item: { imageUrl: string } }).item.imageUrl
  const seen = await pixelsOf(Buffer.from(await reader.page.evaluate(async (asset) => Array.from(new Uint8Array(await (await fetch(asset)).arrayBuffer())), url)))
  await shoot(reader.page, 'reading-text-mask')
  const objects = join(workstation.study, 'objects')
  const file = readdirSync(objects, { recursive: true, encoding: 'utf8' }).find((f) => f.replace(/[\\/]/g, '').includes(next.object)) ?? ''
  const kept = await pixelsOf(readFileSync(join(objects, file)))
  for (const [x, y] of [[box.left, box.top], [box.left + box.width - 1, box.top + box.height - 1], [box.left + Math.floor(box.width / 2), box.top + Math.floor(box.height / 2)]] as const) expect(at(seen, x, y)).toBe(0)
  const inside = Array.from({ length: box.width }, (_, i) => at(kept, box.left + i, box.top + Math.floor(box.height / 2)))
  expect(Math.max(...inside)).toBeGreaterThan(0)
  for (const [x, y] of [[box.left - 2, box.top - 2], [box.left + box.width + 1, box.top + box.height + 1], [10, 10]] as const) expect(at(seen, x, y)).toBe(at(kept, x, y))
  expect([...lin.problems, ...reader.problems]).toEqual([])
  await lin.context.close()
  await reader.context.close()
})
