import Database from 'better-sqlite3'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createObjectStore } from '#main/platform/index.ts'
import { encodeMask, maskArea, maskToBytes, maskToText } from '#shared/geometry/index.ts'
import { connectTo, value } from '../soak/host.ts'
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

/** Draws every open task of an annotator over the bridge, as the editor would store it: one ellipse a case, shifted by the hand. */
async function drawAll(login: string, shift: number): Promise<number> {
  const client = await connectTo(workstation.url)
  value(await client.call('session.signInDemo', { login }))
  const { tasks } = value(await client.call('annotation.tasks', {}))
  for (const task of tasks) {
    const { width, height, imageId } = value(await client.call('annotation.open', { taskId: task.id }))
    const size = 30 + (imageId.charCodeAt(imageId.length - 1) % 7) * 4
    const bytes = Uint8Array.from({ length: width * height }, (_, i) => (Math.hypot((i % width) - width / 2 - shift, 1.4 * (Math.floor(i / width) - height / 2)) < size + shift / 4 ? 1 : 0))
    value(await client.call('annotation.save', { taskId: task.id, document: '{}', mask: maskToText(encodeMask(bytes, { width, height })), activeSeconds: 8, tools: { freehand: 1 } }))
  }
  client.close()
  return tasks.length
}
async function choose(page: Page, field: number, option: RegExp): Promise<void> {
  await page.getByRole('dialog').getByRole('combobox').nth(field).click()
  await page.getByRole('option', { name: option }).first().click()
}

test('two annotators drew the same cases: the report says how well they agree, the worst case is one click away, a consensus is a new version with its sources', async () => {
  const drawn = await drawAll('annotator1', 0)
  expect(await drawAll('annotator2', 5)).toBe(drawn)
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.goto(new URL('/#/drawing', workstation.url).href)
  await page.getByText(`${drawn} of ${drawn}`).first().waitFor()
  await shoot(page, 'drawing-tasks')
  await page.getByRole('tab', { name: 'Agreement' }).click()
  const table = page.locator('tbody tr', { hasText: 'Inter-rater' })
  await table.waitFor()
  expect(await table.textContent()).toMatch(/Ana.*Ben|Ben.*Ana/)
  await page.getByText(/Inter-rater agreement on \d+ images: mean Dice 0\.\d{3}/).waitFor()
  await page.getByText('Lower bound').waitFor()
  await page.locator('.plot canvas, .plot svg').first().waitFor()
  await page.waitForTimeout(500)
  await shoot(page, 'drawing-agreement')
  // The worst case.
  const worst = page.locator('aside button.link').first()
  const label = await worst.textContent()
  await worst.click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Dice').waitFor()
  expect(await dialog.textContent()).toContain(label ?? 'no label')
  await shoot(page, 'drawing-worst')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  // Consensus.
  await page.getByRole('button', { name: 'Make a consensus' }).click()
  await page.getByRole('menuitem', { name: /STAPLE/ }).click()
  await page.getByText(`${drawn} consensus masks stored`, { exact: true }).waitFor()
  const made = rows<{ derived_from: string; version: number }>("SELECT derived_from, version FROM annotation WHERE purpose = 'consensus'")
  expect(made.length).toBe(drawn)
  for (const row of made) {
    const lineage = JSON.parse(row.derived_from) as { method: string; from: { annotation: string; sensitivity: number }[] }
    expect(lineage.method).toBe('staple')
    expect(lineage.from.length).toBe(2)
    expect(rows(`SELECT id FROM annotation WHERE id IN (${lineage.from.map((f) => `'${f.annotation}'`).join(', ')})`).length).toBe(2)
  }
  await page.getByText(`${drawn} of ${drawn} pictures drawn blind by two or more have a consensus`).waitFor()
  expect(problems).toEqual([])
  await context.close()
})

test('a repeat is asked for: seeded, locked for the washout, and the first drawings closed meanwhile', async () => {
  const { page, problems, context } = await openPage(browser, workstation, 'investigator')
  await page.goto(new URL('/#/drawing', workstation.url).href)
  await page.getByRole('button', { name: 'Ask for a repeat' }).first().click()
  await choose(page, 0, /Ana/)
  await page.getByRole('dialog').getByRole('spinbutton', { name: 'Cases' }).fill('3')
  await shoot(page, 'drawing-repeat')
  await page.getByRole('button', { name: 'Assign the repeat' }).click()
  await page.getByText('Repeat assigned', { exact: true }).waitFor()
  await page.getByText(/repeat \(round 2\)/).waitFor()
  expect(rows<{ n: number }>('SELECT count(*) AS n FROM annotation_task WHERE round = 2 AND not_before IS NOT NULL')[0]?.n).toBe(3)
  await context.close()
  const ana = await openPage(browser, workstation, 'annotator1')
  await ana.page.getByText(/opens \d{4}-/).first().waitFor()
  expect(await ana.page.getByText('waits for its repeat').count()).toBe(3)
  expect(await ana.page.locator('.tile:disabled').count()).toBe(6)
  await shoot(ana.page, 'tasks-repeat')
  expect([...problems, ...ana.problems]).toEqual([])
  await ana.context.close()
})

test('a flag with its comment goes from the annotator to the investigator', async () => {
  const ben = await openPage(browser, workstation, 'annotator2')
  await ben.page.locator('.tile').first().click()
  await ben.page.getByRole('application', { name: 'Annotation editor' }).waitFor()
  await ben.page.getByRole('button', { name: 'Flag', exact: true }).click()
  const dialog = ben.page.getByRole('dialog')
  await dialog.getByText('Several lesions').click()
  await dialog.getByLabel('Comment').fill('a second one at the left edge')
  await shoot(ben.page, 'annotate-flag')
  await dialog.getByRole('button', { name: 'Flag', exact: true }).click()
  await ben.page.getByRole('button', { name: 'several lesions' }).waitFor()
  await ben.context.close()
  const lin = await openPage(browser, workstation, 'investigator')
  await lin.page.goto(new URL('/#/drawing', workstation.url).href)
  await lin.page.getByText('a second one at the left edge').waitFor()
  await shoot(lin.page, 'drawing-flags')
  await lin.context.close()
})

/** Fused masks of every picture without a drawing task of annotator 2, as a run of the networks would leave them: an ellipse in the middle. */
function plantMasks(): string[] {
  const db = new Database(join(workstation.study, 'study.db'))
  const objects = createObjectStore(join(workstation.study, 'objects'))
  const images = db.prepare("SELECT image.id, image.case_id, width, height FROM image WHERE id NOT IN (SELECT image_id FROM annotation_task JOIN account ON account.id = account_id WHERE login = 'annotator2')").all() as { id: string; case_id: string; width: number; height: number }[]
  for (const [i, { id, case_id, width, height }] of images.entries()) {
    const mask = encodeMask(Uint8Array.from({ length: width * height }, (_, k) => (Math.hypot((k % width) - width / 2, 1.5 * (Math.floor(k / width) - height / 2)) < 70 ? 1 : 0)), { width, height })
    const hash = objects.put(maskToBytes(mask))
    db.prepare("INSERT INTO segmentation (id, case_id, image_id, model_set, state, provider, provider_note, milliseconds, disagreement, uncertainty, components, touches_border, created_at, origin) VALUES (?, ?, ?, 'demo', 'found', 'cpu', '', 1, 0, 0, 1, 0, '2026-01-01T00:00:00.000Z', 'test')").run(`planted-${i}`, case_id, id)
    db.prepare("INSERT INTO segmentation_mask (segmentation_id, model, model_sha256, mask, map, area_px) VALUES (?, 'fusion', 'x', ?, ?, ?)").run(`planted-${i}`, hash, hash, maskArea(mask))
  }
  db.close()
  return images.map((i) => i.id)
}

test('the investigator lets tasks show the model\'s mask: the annotator is told, hides and shows it by a key, and the version keeps what was seen', async () => {
  const images = plantMasks()
  expect(images.length).toBeGreaterThan(0)
  const lin = await openPage(browser, workstation, 'investigator')
  await lin.page.goto(new URL('/#/drawing', workstation.url).href)
  await lin.page.getByRole('button', { name: 'Assign cases' }).first().click()
  const dialog = lin.page.getByRole('dialog')
  await choose(lin.page, 0, /investigator/i)
  await dialog.getByText("has an investigator's account, which sees every mask, contour and outcome", { exact: false }).waitFor()
  await shoot(lin.page, 'drawing-assign-investigator')
  await choose(lin.page, 0, /Ben/)
  await dialog.getByText('Drawn blind: the annotator sees the picture and nothing else.').waitFor()
  await dialog.getByRole('checkbox', { name: /^The model's mask/ }).click()
  await dialog.getByRole('checkbox', { name: /^Begin with/ }).click()
  await dialog.getByText('Not blind:', { exact: false }).waitFor()
  await shoot(lin.page, 'drawing-assign-shows')
  await dialog.getByRole('button', { name: 'Assign', exact: true }).click()
  await lin.page.locator('.ui-toast-title', { hasText: 'cases assigned' }).waitFor()
  await lin.page.getByText(/\d+ of \d+ not blind/).waitFor()
  await shoot(lin.page, 'drawing-tasks-shows')
  await lin.context.close()

  const ben = await openPage(browser, workstation, 'annotator2')
  const tile = ben.page.locator('.tile', { hasText: "begins with the model's mask" }).first()
  await tile.waitFor()
  await shoot(ben.page, 'tasks-shows')
  await tile.click()
  await ben.page.getByRole('application', { name: 'Annotation editor' }).waitFor()
  const line = ben.page.getByRole('button', { name: "This task shows the model's mask; it began with the model's mask" })
  await line.waitFor()
  await ben.page.getByText(/mm²/).waitFor()
  const legend = ben.page.getByRole('button', { name: 'Model, fused' })
  expect(await legend.getAttribute('aria-pressed')).toBe('true')
  await ben.page.keyboard.press('d')
  await ben.page.getByText(/^saved \d\d:/).waitFor()
  await shoot(ben.page, 'annotate-shows')
  await ben.page.keyboard.press('r')
  await expect.poll(() => legend.getAttribute('aria-pressed')).toBe('false')
  await shoot(ben.page, 'annotate-shows-hidden')
  await ben.page.keyboard.press('Control+s')
  await ben.page.getByRole('button', { name: /^v1$/ }).waitFor()
  const [stored] = rows<{ shown: string; derived_from: string }>('SELECT shown, derived_from FROM annotation WHERE shown IS NOT NULL')
  expect(JSON.parse(stored?.shown ?? '{}')).toMatchObject({ model: { start: true } })
  expect(JSON.parse(stored?.derived_from ?? '{}')).toMatchObject({ method: 'model' })
  // A blind task of the same person has neither line nor contour.
  await ben.page.goto(new URL('/#/tasks', workstation.url).href)
  await ben.page.locator('.tile').first().click()
  await ben.page.getByRole('application', { name: 'Annotation editor' }).waitFor()
  await ben.page.getByText(/^v\d/).waitFor()
  expect(await ben.page.getByText('This task', { exact: false }).count()).toBe(0)
  expect(await legend.count()).toBe(0)
  expect([...lin.problems, ...ben.problems]).toEqual([])
  await ben.context.close()
})
