import { createDemoStudy } from '#main/services/study/demo.ts'
import { isStudy } from '#main/services/study/studies.ts'
import type { App } from './createApp.ts'

/** Opens the study that the program starts with: the one asked for, else the demo, made on the first run. */
export async function prepareStudy(app: App, options: { study: string | null; demo: boolean; say(text: string): void }): Promise<void> {
  const { house } = app
  if (options.study !== null) {
    house.open(options.study)
    return
  }
  if (!options.demo) return
  if (!isStudy(house.demoDirectory)) {
    options.say('making the demo study (180 synthetic cases), once ...')
    let shown = -10
    house.adopt(await createDemoStudy(house.world, house.origin, house.demoDirectory, {
      cases: Number(process.env['SLN_DEMO_CASES'] ?? 180), seed: 1, aided: true,
      progress(done, total) {
        const percent = Math.floor((100 * done) / total)
        if (percent < shown + 10) return
        shown = percent
        options.say(`  ${percent} %`)
      },
    }))
    return
  }
  house.open(house.demoDirectory)
}

/** The study that was open last and is still there. */
export const lastStudy = (app: App): string | null => app.house.recent().map((r) => r.directory).find(isStudy) ?? null
