import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { cohortAnalysis } from '#shared/contract/index.ts'
import { obuchowskiRockette, readerAucs } from '#shared/statistics/mrmc/index.ts'
import { auc } from '#shared/statistics/roc/index.ts'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App } from '#main/app/createApp.ts'
import { caseModelRows, type CaseModelRow } from '#main/database/queries/inference.ts'
import { quietLogger } from '#main/platform/index.ts'
import type { OpenStudy } from '#main/services/context.ts'
import { analyseCohort } from '#main/services/analysis/cohort/analyseCohort.ts'
import { meanPoints } from '#main/services/analysis/meanCurve.ts'
import { rocOf } from '#main/services/analysis/roc.ts'
import { scorers } from '#main/services/analysis/scores.ts'
import { variablesOf } from '#main/services/analysis/variables.ts'
import { demoHome } from '#test/support/studies.ts'
import { plantReading, plantSignatures } from '#test/support/plantedReadings.ts'

const COHORT = 'external test'
let home: Awaited<ReturnType<typeof demoHome>>
let app: App
let study: OpenStudy
const noise = (a: number, b: number): number => (((a * 7919 + b * 104729) % 1009) / 1009)
const rate = (outcome: number, noisy: number): number => Math.min(5, Math.max(1, 1 + Math.round(2 * outcome + 2.6 * noisy)))

beforeAll(async () => {
  home = await demoHome({ cases: 96 })
  app = createNodeApp({ userData: `${home.home}/user`, logger: quietLogger })
  study = app.house.open(home.study)
  plantSignatures(study, (row, i) => 0.1 + 0.35 * (row.outcome ?? 0) + 0.5 * noise(i, 3))
  plantReading(study, {
    name: 'Crossed reading', cases: (row) => row.cohort === COHORT, parts: ['unaided', 'aided'], readers: ['a', 'b', 'c', 'd'].map((k, j) => ({ login: `planted-${k}`, name: `Planted ${k}`, seniority: j < 2 ? 'junior' : 'senior' })),
    answer: (reader, row, i, part) => {
      const rating = rate(row.outcome ?? 0, noise(i + 1, reader + (part === 'aided' ? 11 : 1)) - (part === 'aided' && row.outcome === 0 ? 0.25 : 0))
      return { rating, call: rating >= 3, seconds: part === 'aided' ? 15 : 30 }
    },
  })
})
afterAll(async () => {
  await app?.close()
  home?.remove()
})

const columnsOf = (names: readonly string[], all: ReturnType<typeof scorers>['scorers']): { outcome: number[]; values: number[][] } => {
  const first = all.find((s) => s.name === names[0])?.cohorts.get(COHORT) ?? []
  return { outcome: first.map((s) => s.outcome), values: names.map((n) => (all.find((s) => s.name === n)?.cohorts.get(COHORT) ?? []).map((s) => s.value)) }
}

describe('conditions on any variable', () => {
  test('few cases still give figures: what one case of a class cannot give is left out, never an error', () => {
    const sized = rows().flatMap((r) => (value(r, 'size_mm') === undefined ? [] : [{ size: Number(value(r, 'size_mm')), outcome: r.outcome }])).sort((a, b) => a.size - b.size)
    for (const few of [1, 0] as const) {
      // The shortest range from either end in which one case is of the rare class and two or more are of the other.
      const end = (list: typeof sized): number | undefined => list.find((_, i) => {
        const rare = list.slice(0, i + 1).filter((l) => l.outcome === few).length
        return rare === 1 && i >= 2
      })?.size
      const max = end(sized), min = end([...sized].reverse())
      const filter = { variable: 'size_mm', ...(max === undefined ? { min: min ?? 0 } : { max }) }
      const analysis = cohortAnalysis.parse(analyseCohort(study, { cohort: COHORT, filters: [filter] }))
      const one = analysis.reclassification.filter((r) => r.events === 1 || r.n - r.events === 1)
      expect(one.length).toBeGreaterThan(0)
      for (const row of one) expect([row.idi.ci95, row.idi.p, Number.isFinite(row.idi.estimate)]).toEqual([null, null, true])
    }
  })
  const rows = (): CaseModelRow[] => caseModelRows(study.db.read).filter((r) => r.cohort === COHORT && r.outcome !== null)
  const value = (row: CaseModelRow, name: string): string | undefined => (JSON.parse(row.variables) as Record<string, string>)[name]
  test('a level and a range leave exactly the cases that meet them; n is what is computed on', () => {
    const wanted = rows().filter((r) => value(r, 'her2') === 'negative' && value(r, 'size_mm') !== undefined && Number(value(r, 'size_mm')) <= 22)
    const roc = rocOf(study, { cohort: COHORT, filters: [{ variable: 'her2', levels: ['negative'] }, { variable: 'size_mm', max: 22 }] })
    expect(wanted.length).toBeGreaterThan(3)
    expect(wanted.length).toBeLessThan(rows().length)
    expect(roc.scope).toMatchObject({ cases: wanted.length, positives: wanted.filter((r) => r.outcome === 1).length, of: rows().length, conditions: ['HER2: negative', 'Lesion size at most 22 mm'] })
    const signature = roc.curves.find((c) => c.name === 'resnet50')
    expect(signature?.n).toBe(wanted.length)
    const scores = new Map((scorers(study).scorers.find((s) => s.name === 'resnet50')?.cohorts.get(COHORT) ?? []).map((s) => [s.caseId, s]))
    const own = wanted.map((r) => scores.get(r.case_id))
    expect(signature?.auc).toBeCloseTo(unwrap(auc(own.map((s) => s?.outcome ?? NaN), own.map((s) => s?.value ?? NaN))), 12)
  })
  test('cases without a value are left out and counted', () => {
    const { scope } = rocOf(study, { cohort: COHORT, filters: [{ variable: 'age', min: 0 }] })
    const missing = rows().filter((r) => value(r, 'age') === undefined).length
    expect(scope).toMatchObject({ cases: rows().length - missing, unknown: missing })
  })
  test('every clinical variable and the hospital can be asked for', () => {
    expect(variablesOf(study).variables.map((v) => v.name)).toEqual(expect.arrayContaining(['age', 'size_mm', 'histologic_type', 'histologic_grade', 'er', 'pr', 'her2', 'ki67']))
  })
})

describe('fitting rows stay out of performance', () => {
  test('the threshold is the same in every cohort and was chosen on the choosing one', () => {
    const model = scorers(study).scorers.find((s) => s.name === 'resnet50')
    expect(model?.basis).toContain('chosen on validation')
    for (const scores of model?.cohorts.values() ?? []) for (const s of scores) expect(s.call).toBe(s.value >= (model?.threshold ?? NaN))
  })
  test('no p value of a model on the cohort that a model was fitted on', () => {
    const fit = analyseCohort(study, { cohort: 'train', filters: [] })
    expect(fit.rows).toBe('fitting')
    expect(fit.tests.delong.length).toBeGreaterThan(0)
    for (const pair of fit.tests.delong) expect([pair.p, pair.ci95]).toEqual([null, null])
    for (const row of fit.reclassification) expect([row.nri.p, row.idi.p]).toEqual([null, null])
    expect(fit.tests.notes.join(' ')).toContain('used in fitting')
  })
  test('the clinical model knows only the fitting cohort', () => {
    const clinical = scorers(study).scorers.find((s) => s.kind === 'clinical')
    expect(clinical?.note).toContain('fitted on train')
    expect(analyseCohort(study, { cohort: COHORT, filters: [] }).reclassification.map((r) => `${r.old} ${r.new}`)).toContain('clinical resnet50')
  })
})

describe('several readers', () => {
  const readers = ['a', 'b', 'c', 'd'].map((k) => `Planted ${k}`)
  test('the mean curve of a group has the mean of its AUCs as its area', () => {
    const roc = rocOf(study, { cohort: COHORT, filters: [] })
    expect(roc.means.map((m) => m.group)).toEqual(['senior', 'junior'])
    for (const mean of roc.means) {
      const own = roc.curves.filter((c) => mean.readers.includes(c.name)).map((c) => c.auc)
      expect(mean.auc).toBeCloseTo(own.reduce((a, b) => a + b, 0) / own.length, 3)
      const area = mean.points.slice(1).reduce((s, p, i) => s + ((p.fpr - (mean.points[i]?.fpr ?? 0)) * (p.tpr + (mean.points[i]?.tpr ?? 0))) / 2, 0)
      expect(area).toBeCloseTo(mean.auc, 10)
    }
    expect(meanPoints([])).toEqual([])
  })
  test('aided against unaided is Obuchowski and Rockette on the stored readings', () => {
    const { aided } = analyseCohort(study, { cohort: COHORT, filters: [] })
    const plain = columnsOf(readers, scorers(study).scorers)
    expect(aided?.readers).toEqual(readers)
    expect(aided?.each.map((e) => [e.unaidedSeconds, e.aidedSeconds])).toEqual(readers.map(() => [30, 15]))
    const stored = study.db.read.all<{ reader: string; rating: number; case_id: string }>("SELECT account_id AS reader, rating, case_id FROM reading JOIN reading_session ON reading_session.id = session_id JOIN reading_order USING (session_id, position) WHERE reading.modality = 'aided' ORDER BY case_id")
    const order = (scorers(study).scorers.find((s) => s.name === readers[0])?.cohorts.get(COHORT) ?? []).map((s) => s.caseId)
    const helped = ['a', 'b', 'c', 'd'].map((k) => order.map((id) => stored.find((r) => r.reader === `planted-${k}` && r.case_id === id)?.rating ?? NaN))
    const data = unwrap(readerAucs({ tests: ['aided', 'unaided'], readers, outcome: plain.outcome, ratings: [helped, plain.values] }))
    const expected = unwrap(obuchowskiRockette(data))
    expect(aided?.n).toBe(order.length)
    expect(aided?.random?.difference).toBeCloseTo(expected.randomReadersRandomCases.differences[0]?.difference ?? NaN, 10)
    // The demo has patients with two cases: then the covariance is clustered and only the estimate must agree.
    if (aided?.method.includes('clustered') === false) expect(aided.random?.p).toBeCloseTo(expected.randomReadersRandomCases.p, 10)
    expect(aided?.random?.df2).toBeGreaterThan(0)
  })
  test('a reader whose ratings only repeat the calls has a point, no curve and no AUC', () => {
    plantReading(study, { name: 'Calls alone', cases: (row) => row.cohort === COHORT, parts: ['unaided'], readers: [{ login: 'planted-z', name: 'Planted z', seniority: 'senior' }], answer: (_r, row, i) => { const call = noise(i, 5) + (row.outcome ?? 0) > 0.8; return { rating: call ? 5 : 1, call, seconds: 9 } } })
    const roc = rocOf(study, { cohort: COHORT, filters: [] })
    expect(roc.callsOnly.map((c) => c.name)).toEqual(['Planted z'])
    expect(roc.curves.some((c) => c.name.startsWith('Planted z'))).toBe(false)
    const { tests } = analyseCohort(study, { cohort: COHORT, filters: [] })
    expect(tests.delong.some((d) => d.a.startsWith('Planted z') || d.b.startsWith('Planted z'))).toBe(false)
    expect(tests.matched.find((m) => m.reader.startsWith('Planted z'))?.callsOnly).toBe(true)
  })
})
