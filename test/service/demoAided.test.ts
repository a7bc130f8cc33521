import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App } from '#main/app/createApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { analyseCohort } from '#main/services/analysis/cohort/analyseCohort.ts'
import { rocOf } from '#main/services/analysis/roc.ts'
import type { OpenStudy } from '#main/services/context.ts'
import { createDemoStudy } from '#main/services/study/demo.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { personOf } from '#test/support/readerStudy.ts'
import { temporary } from '#test/support/studies.ts'

const home = temporary('demo-aided')
const asked = { cohort: 'external test', filters: [] }
const READERS = ['Reader 5 (simulated)', 'Reader 6 (simulated)', 'Reader 7 (simulated)', 'Reader 8 (simulated)']
let app: App
let study: OpenStudy
beforeAll(async () => {
  app = createNodeApp({ userData: join(home.path, 'user'), logger: quietLogger })
  study = await createDemoStudy(app.house.world, app.house.origin, join(home.path, 'demo'), { cases: 48, seed: 1, aided: true })
  app.house.adopt(study)
})
afterAll(async () => {
  await app?.close()
  home.remove()
})

test('the demo that a person opens first has an aided reading to compare, by readers and on cases with answers in both parts', () => {
  const { aided } = analyseCohort(study, asked)
  expect(aided?.readers).toEqual(READERS)
  expect(aided?.n).toBe(study.db.read.get<{ n: number }>("SELECT count(*) AS n FROM study_case WHERE cohort = 'external test' AND excluded_reason IS NULL")?.n)
  expect(aided?.random?.df2).toBeGreaterThan(0)
  expect(aided?.random?.p).toBeGreaterThan(0)
  expect(aided?.each.every((e) => (e.aidedSeconds ?? NaN) < (e.unaidedSeconds ?? NaN))).toBe(true)
  const { means, curves } = rocOf(study, asked)
  expect(means.map((m) => m.group)).toEqual(['senior', 'junior'])
  // Nobody has read in two readings, so nobody needs the reading's name.
  expect(curves.map((c) => c.name)).toEqual(expect.arrayContaining(['Reader 1 (simulated)', ...READERS]))
})

test('it says that it is simulated, is closed, verifies, and starts nobody’s washout in the blinded reading', async () => {
  expect((await verifyStudy(study.directory)).faults).toEqual([])
  const protocol = study.db.read.get<{ state: string; document: string }>("SELECT state, document FROM protocol WHERE name = 'Aided reading'")
  expect(protocol).toMatchObject({ state: 'closed', document: expect.stringContaining('simulated aid') })
  expect(study.db.read.all('SELECT DISTINCT source FROM reading_aid')).toEqual([{ source: '{"simulated":true}' }])
  const reader = personOf(app, app.context({}))
  await reader.get('session.signInDemo', { login: 'reader2' })
  expect((await reader.get('reading.sessions', {})).sessions.map((s) => s.state)).toEqual(['open'])
})
