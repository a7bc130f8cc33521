/** Makes the pictures of the documentation from a fresh demo study: `node test/support/screenshots.ts docs/screenshots` after `npm run build`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Page } from 'playwright-core'
import { openChromium, openPage, pictureOf, startWorkstation } from './workstation.ts'

const folder = process.argv[2] ?? 'docs/screenshots'
mkdirSync(folder, { recursive: true })
const workstation = await startWorkstation({ cases: Number(process.env['SLN_SHOT_CASES'] ?? 60), inferred: true })
const browser = await openChromium()
const shoot = async (page: Page, name: string, settle = 1500): Promise<void> => {
  await page.waitForTimeout(settle)
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
const go = (page: Page, path: string): Promise<unknown> => page.goto(new URL(`/#${path}`, workstation.url).href)
try {
  const start = await openPage(browser, workstation)
  await start.page.getByRole('button', { name: 'Lin (investigator)' }).waitFor()
  await shoot(start.page, 'sign-in', 300)
  await start.context.close()

  const lin = await openPage(browser, workstation, 'investigator')
  await shoot(lin.page, 'worklist', 2500)
  const db = new Database(join(workstation.study, 'study.db'), { readonly: true })
  const known = ['age', 'histologic_type', 'histologic_grade', 'her2', 'ki67'].map((name) => `coalesce(json_extract(c.variables, '$.${name}'), '') <> ''`).join(' AND ')
  const good = db.prepare(`SELECT s.case_id AS id FROM segmentation s JOIN case_clinical c ON c.case_id = s.case_id JOIN mask_metric m ON m.segmentation_id = s.id AND m.model = 'fusion' WHERE m.dice > 0.88 AND s.components = 1 AND ${known} ORDER BY s.disagreement DESC LIMIT 1`).get() as { id: string } | undefined
  db.close()
  await go(lin.page, `/review${good === undefined ? '' : `/${good.id}`}`)
  await shoot(lin.page, 'review', 3500)
  await go(lin.page, `/predictions${good === undefined ? '' : `/${good.id}`}`)
  await shoot(lin.page, 'prediction', 3500)
  await go(lin.page, '/analysis')
  await shoot(lin.page, 'analysis', 2500)
  await go(lin.page, '/study')
  await shoot(lin.page, 'study')
  await lin.context.close()

  const ana = await openPage(browser, workstation, 'annotator1')
  await shoot(ana.page, 'tasks', 2000)
  await ana.page.getByRole('button', { name: /Draw number/ }).click()
  const canvas = ana.page.getByRole('application', { name: 'Annotation editor' })
  await canvas.waitFor()
  await ana.page.waitForTimeout(1500)
  const box = await canvas.boundingBox()
  if (box !== null) {
    await ana.page.keyboard.press('s')
    for (let i = 0; i < 9; i++) await ana.page.mouse.click(box.x + box.width * (0.5 + 0.13 * Math.cos((i / 9) * 6.28)), box.y + box.height * (0.47 + 0.17 * Math.sin((i / 9) * 6.28)))
    await ana.page.keyboard.press('Enter')
  }
  await shoot(ana.page, 'annotate')
  await ana.context.close()

  const reader = await openPage(browser, workstation, 'reader4')
  await reader.page.getByRole('button', { name: /Go on reading|Start reading/ }).click()
  await pictureOf(reader.page)
  await reader.page.keyboard.press('4')
  await shoot(reader.page, 'reading')
  await reader.context.close()
} finally {
  await browser.close()
  await workstation.stop()
}
