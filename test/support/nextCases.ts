import type { Page } from 'playwright-core'
import { pictureOf } from './workstation.ts'

export interface NextCases { /** ms from the key Enter to the painted picture of the next case */ readonly shown: readonly number[]; /** ms to fetch and decode the same pictures in an <img> */ readonly bare: readonly number[] }

/** Reads `count` cases on the reading screen that `page` shows, by keys, at the pace of `pause` ms a case. */
export async function nextCases(page: Page, count: number, pause: number): Promise<NextCases> {
  const shown: number[] = [], bare: number[] = []
  const pictures: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/asset/')) pictures.push(request.url())
  })
  await pictureOf(page)
  for (let i = 0; i < count; i++) {
    await page.keyboard.press('4')
    await page.keyboard.press('y')
    await page.getByText(/draft saved/).waitFor()
    await page.waitForTimeout(pause)
    const time = await page.evaluateHandle(() => {
      const place = (): string | undefined => document.querySelector<HTMLElement>('[data-position]')?.dataset['position']
      const before = place()
      let start = 0
      addEventListener('keydown', (event) => { if (event.key === 'Enter') start = performance.now() }, { capture: true, once: true })
      return { done: new Promise<number>((resolve) => {
        const watcher = new MutationObserver(() => {
          if (place() === undefined || place() === before) return
          watcher.disconnect()
          // The frame in which the picture is drawn, and the task after it: then it is on screen.
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
        })
        watcher.observe(document.body, { attributes: true, childList: true, subtree: true })
      }) }
    })
    await page.keyboard.press('Enter')
    shown.push(await time.evaluate((t) => t.done))
  }
  for (const url of pictures.slice(0, count)) {
    bare.push(await page.evaluate(async (src) => {
      const image = new Image(), start = performance.now()
      image.src = src
      await image.decode()
      return performance.now() - start
    }, url))
  }
  return { shown, bare }
}
