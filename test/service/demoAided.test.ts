import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App } from '#main/app/createApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { analyseCohort } from '#main/services/analysis/cohort/analyseCohort.ts'
import { aidMethods } from '#main/services/analysis/report/aidMethods.ts'
import { readingMethods } from '#main/services/analysis/report/readingMethods.ts'
import { rocOf } from '#main/services/analysis/roc.ts'
import type { OpenStudy } from '#main/services/context.ts'
import { createDemoStudy } from '#main/services/study/demo.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { plantSignatures } from '#test/support/plantedReadings.ts'
import { personOf } from '#test/support/readerStudy.ts'
import { temporary } from '#test/support/studies.ts'

/** A segmentation of a case and a combined model, as a run and a freeze would leave them; answers what an aid's source names. */
function plantModels(study: OpenStudy, caseId: string): { segmentation: string; combined: string } {
  study.db.write('test', (tx) => {
    const image = tx.get<{ id: string; object: string }>('SELECT id, object FROM image WHERE case_id = ?', caseId) ?? { id: '', object: '' }
    tx.insert('segmentation', { id: 'planted', case_id: caseId, image_id: image.id, frame: 0, model_set: 's', state: 'found', provider: 'cpu', provider_note: '', milliseconds: 1, disagreement: 0, uncertainty: 0, components: 1, touches_border: 0, created_at: tx.at, origin: tx.origin })
    tx.insert('segmentation_mask', { segmentation_id: 'planted', model: 'fusion', model_sha256: 'cd'.repeat(32), mask: image.object, map: image.object, area_px: 9 })
    tx.insert('combined_model', { id: 'planted', name: 'Nomogram', version: 3, document: '{}', sha256: 'ef'.repeat(32), frozen_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'segmentation.create', subject: 'segmentation', id: 'planted' })
    tx.audit({ action: 'combined.freeze', subject: 'combined_model', id: 'planted' })
  })
  return { segmentation: 'planted', combined: 'ef'.repeat(32) }
}

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

test('the report’s methods and the comparison say so from the rows: once a model is named by them, they name it instead', () => {
  const aidText = (): string => readingMethods(study.db.read).find((t) => t.startsWith('The aid of “Aided reading”')) ?? ''
  const n = study.db.read.get<{ n: number }>('SELECT count(*) AS n FROM reading_aid')?.n ?? 0
  expect(aidText()).toMatch(new RegExp(`frozen on \\d{4}-\\d\\d-\\d\\d, .* for ${n} cases \\(DL signature of ${n}\\)`))
  expect(aidText()).toContain(`The aid of ${n} of ${n} cases was simulated by the program; no model computed it`)
  expect(aidText()).not.toContain('SHA-256')
  expect(readingMethods(study.db.read).some((t) => t.includes('The protocol tells the readers: “Simulated, with a simulated aid'))).toBe(true)
  expect(analyseCohort(study, asked).aidedNote).toBe('The aid of “Aided reading” was simulated: no model computed it.')

  const before = study.db.read.all<{ case_id: string; source: string }>('SELECT case_id, source FROM reading_aid ORDER BY case_id')
  const one = before[0] ?? { case_id: '', source: '' }
  plantSignatures(study, () => 0.5)
  const planted = study.db.read.get<{ id: string }>('SELECT id FROM signature WHERE case_id = ?', one.case_id)?.id ?? ''
  const write = (source: string, caseId: string): void => study.db.write('test', (tx) => {
    tx.run('UPDATE reading_aid SET source = ? WHERE case_id = ?', source, caseId)
    tx.audit({ action: 'test.plant', subject: 'event', id: study.id })
  })
  write(JSON.stringify({ segmentation: null, signature: planted, combined: null }), one.case_id)
  expect(aidText()).toContain(`The aid of ${n - 1} of ${n} cases was simulated`)
  expect(aidText()).toContain(`It was computed: the DL signature by resnet50 (SHA-256 ${'ab'.repeat(32)}; 1 case).`)
  const { segmentation, combined } = plantModels(study, one.case_id)
  write(JSON.stringify({ segmentation, signature: planted, combined }), one.case_id)
  const protocol = study.db.read.get<{ id: string }>("SELECT id FROM protocol WHERE name = 'Aided reading'")?.id ?? ''
  const whole = aidMethods(study.db.read, protocol, { name: 'x', modality: 'aided', aids: ['contour', 'signature', 'risk', 'gradcam'] })
  expect(whole).toContain(`the contour on automatic masks by fusion (SHA-256 ${'cd'.repeat(32)}; 1 case)`)
  expect(whole).toContain(`the DL signature, the signature in the risk and Grad-CAM by resnet50`)
  expect(whole).toContain(`the risk by Nomogram v3 (SHA-256 ${'ef'.repeat(32)}; 1 case)`)
  expect(aidText()).not.toContain('Nomogram')
  for (const { case_id } of before) write('{}', case_id)
  expect(aidText()).not.toContain('simulated')
  expect(aidText()).toContain('The rows do not say which model computed it.')
  expect(analyseCohort(study, { ...asked }).aidedNote).toBe('')
  for (const { case_id, source } of before) write(source, case_id)
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
