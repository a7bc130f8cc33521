/**
 * `npm run bench -- review [--cases 10000]`: review queue, table of predictions and case view on a study of many cases, in Chromium,
 * with a bare alternative in the same run: an empty scroll box for the frame rate, an <img> of the same file for opening a case.
 * Needs a built renderer (`npm run build`, or SLN_RENDERER).
 */
import { parseArgs } from 'node:util'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openStudyDatabase } from '#main/database/index.ts'
import { systemClock } from '#main/platform/index.ts'
import type { ReviewRow } from '#shared/contract/index.ts'
import { demoHome } from '#test/support/studies.ts'
import { openChromium, openPage, startWorkstation } from '#test/support/workstation.ts'
import { filterQueue, noFilter } from '../../src/renderer/features/review/queue.ts'

const { values } = parseArgs({ options: { cases: { type: 'string', default: '10000' } } })
const wanted = Number(values.cases)
const say = (text: string): void => { process.stdout.write(`${text}\n`) }
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN

/** Copies every case with its image, masks and signatures until there are enough; the pixels are shared. */
function multiply(study: string, copies: number): void {
  const db = openStudyDatabase(join(study, 'study.db'), { clock: systemClock, origin: { id: 'bench', name: 'bench' }, mustExist: true })
  const columns = (table: string): string[] => db.read.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', table).map((c) => c.name)
  const own = (table: string, suffix: string): string => columns(table).map((c) => (['id', 'case_id', 'image_id', 'segmentation_id'].includes(c) ? `${c} || '${suffix}'` : table === 'study_case' && c === 'label' ? `label || '${suffix}'` : c)).join(', ')
  const last = db.read.get<{ id: string }>('SELECT max(id) AS id FROM study_case')?.id ?? ''
  for (let copy = 1; copy <= copies; copy++) {
    db.write('bench', (tx) => {
      for (const [table, of] of [['study_case', 'id'], ['case_clinical', 'case_id'], ['image', 'case_id'], ['segmentation', 'case_id'], ['segmentation_mask', 'segmentation_id'], ['signature', 'case_id']] as const) {
        tx.run(`INSERT INTO ${table} (${columns(table).join(', ')}) SELECT ${own(table, `-${copy}`)} FROM ${table} WHERE length(${of}) <= ?`, last.length)
      }
    })
  }
  db.close()
}

/** Scrolls an element for two seconds and counts the frames. */
const frameRate = (page: Page, selector: string, axis: 'scrollLeft' | 'scrollTop'): Promise<{ fps: number; worst: number }> => page.evaluate(async ([s, a]) => {
  const box = document.querySelector(s) as HTMLElement
  const gaps: number[] = []
  let before = performance.now()
  const start = before
  while (before - start < 2000) {
    const now = await new Promise<number>((done) => requestAnimationFrame(done))
    gaps.push(now - before)
    before = now
    box[a] += 40
  }
  return { fps: (1000 * gaps.length) / (before - start), worst: Math.max(...gaps) }
}, [selector, axis] as const)

const home = await demoHome({ cases: 12, inferred: true })
multiply(home.study, Math.ceil(wanted / 12) - 1)
const workstation = await startWorkstation({ home: home.home, study: home.study })
const browser = await openChromium()
try {
  const { page, problems } = await openPage(browser, workstation, 'investigator')
  const timed = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now()
    await work()
    say(`${what}: ${(performance.now() - start).toFixed(0)} ms`)
  }
  const strip = page.getByRole('listbox', { name: 'Queue' })
  await page.getByRole('grid').getByRole('row').nth(3).waitFor()
  await page.locator('.preview .preview-body').waitFor()
  await page.waitForTimeout(2000)
  await timed(`review opens with ${wanted} cases (queue, strip, first image), the worklist having loaded before`, async () => {
    await page.keyboard.press('Alt+v')
    await strip.getByRole('option').first().waitFor()
    await page.getByRole('button', { name: /^Accept/ }).and(page.locator(':enabled')).waitFor()
  })
  const opened: number[] = []
  for (let i = 0; i < 15; i++) {
    await page.waitForTimeout(400)
    opened.push(await page.evaluate(async () => {
      const title = document.querySelector('h1')?.textContent
      const start = performance.now()
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
      const button = (): HTMLButtonElement | null => document.querySelector('.review-judge .is-primary')
      const stop = start + 20_000
      while (performance.now() < stop && (document.querySelector('h1')?.textContent === title || button()?.disabled !== false)) await new Promise((done) => requestAnimationFrame(done))
      return performance.now() - start
    }))
  }
  const bare: number[] = await page.evaluate(async () => {
    const out: number[] = []
    for (const frame of [...document.querySelectorAll<HTMLImageElement>('.review-strip img')].slice(0, 5)) {
      const start = performance.now()
      const image = new Image()
      image.src = frame.src
      await image.decode()
      out.push(performance.now() - start)
    }
    return out
  })
  say(`next case, fetched ahead: median ${median(opened).toFixed(0)} ms of ${opened.length} (aim 150); bare: decoding one thumbnail ${median(bare).toFixed(0)} ms`)
  const rows = Array.from({ length: wanted }, (_, i) => ({ caseId: String(i), cohort: i % 3 === 0 ? 'a' : 'b', state: 'pending', flags: i % 7 === 0 ? ['border'] : [] }) as unknown as ReviewRow)
  const filtered = Array.from({ length: 20 }, () => {
    const start = performance.now()
    filterQueue(rows, { ...noFilter, cohort: 'a', flag: 'border' }, '5')
    return performance.now() - start
  })
  say(`a filter over ${wanted} rows: median ${median(filtered).toFixed(2)} ms (aim 100)`)
  await page.evaluate((width) => {
    const box = document.createElement('div')
    box.id = 'bare'
    box.style.cssText = 'position:fixed;inset:auto 0 0 0;height:120px;overflow:auto;z-index:99'
    box.innerHTML = `<div style="width:${width}px;height:${width}px"></div>`
    document.body.append(box)
  }, wanted * 112)
  const rates: [string, { fps: number; worst: number }][] = [['bare scroll box', await frameRate(page, '#bare', 'scrollLeft')]]
  await page.evaluate(() => document.getElementById('bare')?.remove())
  rates.push(['filmstrip', await frameRate(page, '.review-strip', 'scrollLeft')])
  await page.keyboard.press('l')
  await page.locator('.review-tile').first().waitFor()
  rates.push(['light table', await frameRate(page, '.review-grid', 'scrollTop')])
  await timed(`predictions open with ${wanted} cases`, async () => {
    await page.keyboard.press('Alt+p')
    await page.getByRole('grid', { name: 'Predictions' }).getByRole('row').nth(3).waitFor()
  })
  rates.push(['table of predictions', await frameRate(page, '.ui-table-scroll', 'scrollTop')])
  for (const [what, { fps, worst }] of rates) say(`scrolling, ${what}: ${fps.toFixed(0)} frames a second, longest frame ${worst.toFixed(0)} ms`)
  if (problems.length > 0) say(`problems: ${problems.join('; ')}`)
} finally {
  await browser.close()
  await workstation.stop()
  home.remove()
}
