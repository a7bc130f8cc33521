import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { unwrap } from '#shared/lib/index.ts'
import type { CohortAnalysis } from '#shared/contract/index.ts'
import { binaryMetrics, confusionOfCalls } from '#shared/statistics/classification/index.ts'
import { calibration } from '#shared/statistics/calibration/index.ts'
import { adjustP, compareAucs, deLong } from '#shared/statistics/roc/index.ts'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import type { App } from '#main/app/createApp.ts'
import { toAccount } from '#main/services/accounts/accounts.ts'
import { accountByLogin } from '#main/database/queries/accounts.ts'
import { readingMethods } from '#main/services/analysis/report/readingMethods.ts'
import { withdrawReader } from '#main/services/reading/amend.ts'
import { withdrawPatient } from '#main/services/withdrawal/withdraw.ts'
import { analyzeCaseDirectory } from '#main/services/analysis/analyzeCaseDirectory.ts'
import { plantSignatures } from '#test/support/plantedReadings.ts'
import { demoHome } from '#test/support/studies.ts'

const COHORT = 'external test'
let home: Awaited<ReturnType<typeof demoHome>>
let app: App
let analysis: CohortAnalysis
let scores: { case: string; cohort: string; outcome: string; scorer: string; kind: string; score: string; call: string }[]
const to = (): string => join(home.home, 'report')

beforeAll(async () => {
  home = await demoHome({ cases: 48 })
  app = createNodeApp({ userData: join(home.home, 'user'), logger: quietLogger })
  const study = app.house.open(home.study)
  plantSignatures(study, (row, i) => 0.1 + 0.35 * (row.outcome ?? 0) + 0.5 * ((i * 37) % 41) / 41)
  const context = app.context({ account: toAccount(accountByLogin(study.db.read, 'investigator') as never), actor: 'investigator' })
  const call = async (name: string, input: unknown): Promise<unknown> => {
    const answer = await app.call(context, name as never, input as never)
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value
  }
  analysis = await call('analysis.cohort', { cohort: COHORT }) as CohortAnalysis
  const { jobId } = await call('analysis.report', { to: to() }) as { jobId: string }
  const job = await app.house.jobs.ended(jobId)
  expect(job.note + job.state).toContain('done')
  scores = parse(readFileSync(join(to(), 'scores.csv')), { columns: true })
})
afterAll(async () => {
  await app?.close()
  home?.remove()
})

/** The written rows of one scorer in the cohort, in the order of cases. */
const own = (scorer: string): { outcome: number[]; score: number[]; call: number[]; cases: string[] } => {
  const rows = scores.filter((r) => r.cohort === COHORT && r.scorer === scorer).sort((a, b) => (a.case < b.case ? -1 : 1))
  return { outcome: rows.map((r) => Number(r.outcome)), score: rows.map((r) => Number(r.score)), call: rows.map((r) => Number(r.call)), cases: rows.map((r) => r.case) }
}

describe('the figures are those of the statistics on the written rows', () => {
  test('every pair by DeLong, corrected by Holm', () => {
    const pairs = analysis.tests.delong
    expect(pairs.length).toBeGreaterThanOrEqual(3)
    for (const pair of pairs) {
      // The clinical model has no score where a value is missing: a pair is tested on the cases that both scored.
      const all = [own(pair.a), own(pair.b)] as const
      const both = all[0].cases.filter((c) => all[1].cases.includes(c))
      const [a, b] = all.map((x) => { const at = both.map((c) => x.cases.indexOf(c)); return { cases: both, outcome: at.map((i) => x.outcome[i] ?? NaN), score: at.map((i) => x.score[i] ?? NaN) } }) as [{ cases: string[]; outcome: number[]; score: number[] }, { cases: string[]; outcome: number[]; score: number[] }]
      const expected = unwrap(compareAucs(a.outcome, a.score, b.score, { unit: 'patient', patient: a.cases }))
      expect(pair.n).toBe(a.cases.length)
      expect(pair.difference).toBeCloseTo(expected.difference, 12)
      expect(pair.p ?? NaN).toBeCloseTo(expected.p ?? NaN, 12)
    }
    expect(pairs.map((p) => p.pHolm)).toEqual(adjustP(pairs.map((p) => p.p), 'holm'))
  })
  test('operating points of the readers, with Wilson intervals', () => {
    expect(analysis.operating.length).toBeGreaterThanOrEqual(2)
    for (const point of analysis.operating) {
      const { outcome, call } = own(point.name)
      const expected = binaryMetrics(unwrap(confusionOfCalls(outcome, call)))
      expect([point.tp, point.fp, point.fn, point.tn]).toEqual([expected.truePositives, expected.falsePositives, expected.falseNegatives, expected.trueNegatives])
      expect(point.sensitivity).toEqual({ estimate: expected.sensitivity.estimate, ci95: [expected.sensitivity.wilson?.lower, expected.sensitivity.wilson?.upper] })
    }
  })
  test('calibration of the signature on rows that took no part in fitting', () => {
    const [row] = analysis.calibration
    const { outcome, score } = own('resnet50')
    const expected = unwrap(calibration(outcome, score, { rows: 'evaluation' }))
    expect(analysis.rows).toBe('evaluation')
    expect(row?.brier).toBeCloseTo(expected.brier, 12)
    expect(row?.slope ?? NaN).toBeCloseTo('slope' in expected.recalibration ? expected.recalibration.slope : NaN, 10)
    expect(row?.hosmerLemeshow?.groups.reduce((s, g) => s + g.n, 0)).toBe(outcome.length)
  })
  test('two finished readers: no test for readers in general, and the reason is said', () => {
    const [all] = analysis.tests.groups
    expect(all?.readers).toHaveLength(2)
    expect(all?.random).toBeNull()
    expect(all?.reason).toContain('at least 3')
    expect(analysis.tests.calls.map((c) => c.method)).toEqual(['McNemar, exact', 'McNemar, exact'])
    expect(analysis.operating.find((o) => o.name === 'resnet50')?.basis).toContain('chosen on validation')
    expect(analysis.tests.matched).toHaveLength(2)
    expect(analysis.withheld).toHaveLength(2)
    expect(scores.some((s) => s.scorer.startsWith('Reader 2'))).toBe(false)
  })
})

test('`sln analyze` on the folder that is written for it gives the figures of the screen', async () => {
  const { results } = await analyzeCaseDirectory(join(to(), 'analyze/external-test')) as unknown as { results: Record<string, Record<string, unknown>> }
  const roc = results['roc'] as unknown as { scores: Record<string, { auc: number; n_used: number }>; paired: { a: string; b: string; n_used: number; diff: number; p: number }[] }
  expect(analysis.tests.delong.length).toBeGreaterThanOrEqual(3)
  for (const pair of analysis.tests.delong) {
    const found = roc.paired.find((p) => p.a === pair.a && p.b === pair.b)
    expect([found?.n_used, found?.diff]).toEqual([pair.n, expect.closeTo(pair.difference ?? NaN, 12)])
    if (pair.method.startsWith('DeLong')) expect(found?.p).toBeCloseTo(pair.p ?? NaN, 12)
  }
  const calibrated = (results['calibration'] as unknown as { models: Record<string, { brier: number; hosmer_lemeshow: { chisq: number } }> }).models
  for (const row of analysis.calibration) {
    expect(calibrated[row.name]?.brier).toBeCloseTo(row.brier, 12)
    if (row.hosmerLemeshow?.chiSquare != null) expect(calibrated[row.name]?.hosmer_lemeshow.chisq).toBeCloseTo(row.hosmerLemeshow.chiSquare, 10)
  }
  const kappa = (results['kappa of calls'] as unknown as { pairs: { unweighted: { kappa: number } }[] }).pairs[0]
  expect(kappa?.unweighted.kappa).toBeCloseTo(analysis.readers.pairs[0]?.calls.estimate ?? NaN, 12)
})

describe('the report', () => {
  const html = (): string => readFileSync(join(to(), 'report.html'), 'utf8')
  test('states n, methods, hashes and what is open; no number is missing as NaN', () => {
    const study = app.house.open(home.study)
    const protocol = study.db.read.get<{ hash: string }>('SELECT hash FROM protocol')?.hash ?? 'no protocol'
    for (const text of [protocol, 'ab'.repeat(32), 'DeLong', 'Holm', 'Hosmer-Lemeshow', 'Wilson', 'Table 1', 'Table 2', 'Table 4', 'Figure 2', 'Figure 4', 'Figure 6', 'Figure 10', 'Items left for the authors', 'Hillis 2007', 'Mann-Whitney', 'TRIPOD+AI', 'STARD-AI', 'CLAIM', 'Synthetic study', `n = ${own('resnet50').cases.length}`]) expect(html(), text).toContain(text)
    expect(html()).not.toMatch(/NaN|undefined|Infinity|<script|https?:\/\/(?!www\.w3\.org)/)
    expect(html()).not.toContain('(check)')
    expect(html().match(/<figure>/g)?.length).toBeGreaterThanOrEqual(6)
  })
  test('the AUC printed is that of the rows beside it', () => {
    const { outcome, score } = own('resnet50')
    expect(html()).toContain(unwrap(deLong(outcome, score)).auc.toFixed(3))
    const table = parse(readFileSync(join(to(), 'tables/auc-external-test.csv')), { columns: true }) as { scorer: string; auc: string }[]
    expect(Number(table.find((r) => r.scorer === 'resnet50')?.auc)).toBeCloseTo(unwrap(deLong(outcome, score)).auc, 12)
  })
  test('is a PDF of several pages as well; every CSV has one name a column and plain numbers', () => {
    const pdf = readFileSync(join(to(), 'report.pdf'))
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(5)
    for (const name of ['delong', 'operating', 'calibration', 'readers', 'kappa', 'matched']) {
      const [head, ...rows] = parse(readFileSync(join(to(), `tables/${name}-external-test.csv`))) as string[][]
      expect(new Set(head).size, name).toBe(head?.length)
      expect(rows.length, name).toBeGreaterThan(0)
      expect(rows.flat().join(' '), name).not.toContain('−')
    }
  })
  test('an iMRMC file has a truth row a case and a row a reading', () => {
    const lines = readFileSync(join(to(), 'external-test.imrmc'), 'utf8').split('\r\n')
    const data = lines.slice(lines.indexOf('BEGIN DATA:') + 1).filter((l) => l !== '')
    const truth = data.filter((l) => l.startsWith('-1,'))
    expect(truth).toHaveLength(own('Reader 1 (simulated)').cases.length)
    expect(data).toHaveLength(truth.length * 3)
  })
  test('the hash of the protocol is on everything that holds readings', () => {
    const hash = app.house.open(home.study).db.read.get<{ hash: string }>('SELECT hash FROM protocol')?.hash ?? 'no protocol'
    for (const name of ['report.html', 'protocols.csv', 'external-test.imrmc', 'analyze/external-test/task.json']) expect(readFileSync(join(to(), name), 'utf8'), name).toContain(hash)
  })
  test('a folder with files in it is left alone', async () => {
    const study = app.house.open(home.study)
    const context = app.context({ account: toAccount(accountByLogin(study.db.read, 'investigator') as never), actor: 'investigator' })
    const answer = await app.call(context, 'analysis.report', { to: to() })
    const job = await app.house.jobs.ended((answer as { value: { jobId: string } }).value.jobId)
    expect(job.state).toBe('failed')
    expect(job.note).toContain('is not empty')
    expect(existsSync(join(to(), 'report.html'))).toBe(true)
  })
  test('cancelled while it is written it leaves no file behind, and the study as it was', async () => {
    const study = app.house.open(home.study)
    const context = app.context({ account: toAccount(accountByLogin(study.db.read, 'investigator') as never), actor: 'investigator' })
    const folder = join(home.home, 'cancelled'), before = study.db.read.get<{ n: number }>('SELECT count(*) AS n FROM audit')?.n
    const call = async (name: string, input: unknown): Promise<unknown> => (await app.call(context, name as never, input as never) as { value: unknown }).value
    const { jobId } = await call('analysis.report', { to: folder }) as { jobId: string }
    // As soon as the thread says that it works: then something is there to be stopped.
    while ((await call('jobs.get', { jobId }) as { done: number }).done === 0) await new Promise((next) => setTimeout(next, 5))
    await call('jobs.cancel', { jobId })
    expect(await app.house.jobs.ended(jobId)).toMatchObject({ state: 'cancelled' })
    expect([folder, `${folder}.part`].map((f) => existsSync(f))).toEqual([false, false])
    expect(study.db.read.get<{ n: number }>("SELECT count(*) AS n FROM audit WHERE action = 'study.report'")?.n).toBe(1)
    expect(study.db.read.get<{ n: number }>('SELECT count(*) AS n FROM audit')?.n).toBeGreaterThanOrEqual(before ?? 0)
    const again = await call('analysis.report', { to: folder }) as { jobId: string }
    expect((await app.house.jobs.ended(again.jobId)).state).toBe('done')
  })
  test('the methods name who left the reading, what was amended, and the patients who withdrew, by number alone', () => {
    const study = app.house.open(home.study), { world } = app.house
    const protocol = study.db.read.get<{ id: string }>('SELECT id FROM protocol')?.id ?? ''
    const reader = accountByLogin(study.db.read, 'reader2')?.id ?? ''
    expect(readingMethods(study.db.read).at(-1)).toBe('No patient was withdrawn.')
    withdrawReader(study, world, 'investigator', protocol, reader, 'moved to another hospital')
    const patient = study.db.read.get<{ label: string }>("SELECT patient.label FROM patient JOIN study_case ON patient_id = patient.id WHERE cohort = 'train'")?.label ?? ''
    withdrawPatient(study, world, 'investigator', { patient, reason: 'asked to' })
    const text = readingMethods(study.db.read).join('\n')
    expect(text).toMatch(/4 readers \(2 junior, 2 senior\), unaided, .*blinded to outcome, identity of the patient, other readers, clinical factors and model;/)
    expect(text).toMatch(/was amended: v2 on \d{4}-\d\d-\d\d \(moved to another hospital\)/)
    expect(text).toMatch(/Readers who left “Blinded reading”: Reader 2 \(simulated\) on .* \(moved to another hospital\)\. What they had read is kept\./)
    expect(text).toMatch(/1 patient withdrew \(\d{4}-\d\d-\d\d\): \d+ cases? with \d+ images? /)
    expect(text).not.toContain(patient)
  })
})
