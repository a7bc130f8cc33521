import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { usFile } from './dicomFiles.ts'
import { pacsStudy } from './pacsStudy.ts'
import { openChromium, openPage, startWorkstation } from './workstation.ts'

/** Each look at the cine comes from another case. */
const TIMES = 7

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/**
 * Milliseconds from the click on a cine's row in the worklist to its first frame on the screen, in Chromium: the median of several looks, each from another case and with two other
 * pictures shown since, so that nothing of the cine is kept; the first look, which also loads code, is reported by itself; `bare`: the same picture fetched, decoded and drawn on a canvas
 * by itself. The cine is imported first, so it comes from the study's disk.
 */
export async function cineOnScreen(folder: string, cine: Uint8Array, frames: number): Promise<{ readonly first: number; readonly again: number; readonly bare: number }> {
  mkdirSync(join(folder, 'screen'), { recursive: true })
  writeFileSync(join(folder, 'screen', 'cine.dcm'), cine)
  // Of different sizes: the same pixels would be one stored picture.
  for (const size of [64, 72, 80]) {
    const black = usFile({ columns: size, rows: size, pixels: new Uint8Array(size * size), extra: { '00080018': ['UI', `1.2.826.0.1.3680043.2.1125.8.1.${size}`], '0020000D': ['UI', `1.2.826.0.1.3680043.2.1125.8.2.${size}`], '00100020': ['LO', `BLACK-${size}`] } })
    writeFileSync(join(folder, 'screen', `black-${size}.dcm`), black)
  }
  const made = await pacsStudy(join(folder, 'screen-home'))
  await made.job('study.importDicom', { folder: join(folder, 'screen') })
  const cases = (await made.call('cases.list', {})).cases
  const counts = await Promise.all(cases.map(async (c) => ({ label: c.label, frames: (await made.call('cases.get', { caseId: c.id })).pictures[0]?.frames ?? 0 })))
  await made.close()
  const moving = counts.find((c) => c.frames === frames)?.label ?? '', stills = counts.flatMap((c) => (c.frames === 1 ? [c.label] : []))
  const station = await startWorkstation({ home: join(folder, 'screen-home', 'user'), study: join(folder, 'screen-home', 'study') })
  const browser = await openChromium()
  try {
    const { page } = await openPage(browser, station)
    await page.getByRole('button', { name: 'Lin' }).click()
    await page.getByLabel('Password').fill('a long enough password')
    await page.keyboard.press('Enter')
    await page.getByRole('grid').getByText(moving).waitFor()
    const took: number[] = []
    for (let i = 0; i < TIMES; i++) {
      for (const still of stills) {
        await page.getByRole('grid').getByText(still).click()
        await page.waitForFunction((label) => document.querySelector('.preview')?.textContent?.includes(label) === true && document.querySelector('.preview .cine') === null, still)
        await page.waitForTimeout(400)
      }
      took.push(await page.evaluate(async (label) => {
        const row = [...document.querySelectorAll<HTMLElement>('[role=grid] [role=row]')].find((r) => r.textContent?.includes(label))
        const lit = (): boolean => [...document.querySelectorAll<HTMLCanvasElement>('.preview-image canvas')].some((canvas) => {
          const data = canvas.width === 0 ? undefined : canvas.getContext('2d')?.getImageData(canvas.width / 4, canvas.height / 2, canvas.width / 2, 1).data
          return data?.some((v, k) => k % 4 !== 3 && v > 0) === true
        })
        if (row === undefined || lit()) return Number.NaN
        const start = performance.now()
        row.querySelector<HTMLElement>('[role=gridcell]:last-child')?.click()
        while (!lit() && performance.now() - start < 60_000) await new Promise((done) => requestAnimationFrame(done))
        return performance.now() - start
      }, moving))
    }
    const bare = await page.evaluate(async (times) => {
      const url = performance.getEntriesByType('resource').map((e) => e.name).findLast((name) => name.includes('/asset/')) ?? ''
      const out: number[] = []
      for (let i = 0; i < times; i++) {
        const start = performance.now()
        const bitmap = await createImageBitmap(await (await fetch(url)).blob())
        const canvas = document.body.appendChild(document.createElement('canvas'))
        Object.assign(canvas, { width: bitmap.width, height: bitmap.height })
        canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
        await new Promise((done) => requestAnimationFrame(done))
        out.push(performance.now() - start)
        canvas.remove()
      }
      return out
    }, TIMES)
    const [first, ...again] = took
    return { first: first ?? Number.NaN, again: middle(again), bare: middle(bare) }
  } finally {
    await browser.close()
    await station.stop()
  }
}
