import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App, Context } from '#main/app/createApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { createAccount } from '#main/services/accounts/accounts.ts'
import { importManifest } from '#main/services/cases/importManifest.ts'
import { storeSignatures } from '#main/services/inference/batch.ts'
import { plantSegmentation } from '#test/support/plantedReadings.ts'
import { registryOf } from '#main/services/inference/handlers.ts'
import { createStudy } from '#main/services/study/studies.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { caseModelRows, standingSegmentation } from '#main/database/queries/inference.ts'
import type { BuiltModel, CallInput, CallName, CallOutput, FitRequest, Job } from '#shared/contract/index.ts'
import type { LearnerComparison } from '#shared/statistics/builder/index.ts'
import { planDemoStudy, renderPhantom } from '#shared/phantom/index.ts'
import { nomogram, nomogramPoints } from '#shared/statistics/nomogram/index.ts'
import { parseCombinedModel, predictCombined, type CombinedModel, type DataRow } from '#shared/statistics/regression/index.ts'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { sln, temporary } from '#test/support/studies.ts'

let home: ReturnType<typeof temporary>
let app: App
let context: Context
const call = async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
  const answer = await app.call(context, name, input)
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return answer.value as CallOutput<N>
}
const done = async (jobId: string): Promise<Job> => app.house.jobs.ended(jobId)
const request: FitRequest = {
  outcome: 'sln', factors: ['her2', 'size_mm', 'histologic_grade'], signatures: ['dl_signature'], forced: ['dl_signature'], selection: { kind: 'aic', direction: 'backward' }, threshold: { kind: 'youden' }, estimator: 'maximum likelihood', summary: 'mean-sd', resamples: 30, seed: 5,
}
const study = (): NonNullable<ReturnType<App['house']['study']>> => {
  const open = app.house.study()
  if (open === null) throw new Error('no study')
  return open
}

const CASES = 170
/** A manifest of small pictures with clinical factors that have to do with the outcome, some of them missing; the first case has a phantom that the networks can segment. */
async function writeManifest(folder: string): Promise<string> {
  mkdirSync(folder)
  const random = createRandom('cases')
  const lines = ['case_id,patient_id,image,cohort,hospital,age,size_mm,histologic_grade,her2,sln']
  for (let i = 0; i < CASES; i++) {
    const sln = i % 2, cohort = ['train', 'train', 'validation', 'external test'][Math.floor(i / 2) % 4] ?? 'train'
    const size = (12 + 6 * sln + 5 * random.normal()).toFixed(1), her2 = random.next() < 0.25 + 0.2 * sln ? 'positive' : 'negative', grade = ['I', 'II', 'III'][Math.floor(3 * random.next())] ?? 'I', age = String(Math.round(40 + 30 * random.next()))
    if (i > 0) await sharp(Uint8Array.from({ length: 20 * 16 }, (_, k) => (k * 7 + i * 13) % 256), { raw: { width: 20, height: 16, channels: 1 } }).png().toFile(join(folder, `${i}.png`))
    lines.push(`C${i},P${i},${i}.png,${cohort},A,${age},${i % 17 === 5 ? '' : size},${grade},${i % 23 === 7 ? '' : her2},${sln}`)
  }
  const plan = planDemoStudy({ cases: 12, seed: 1 }).cases[0]
  if (plan === undefined) throw new Error('no phantom')
  const picture = renderPhantom(plan, 0)
  await sharp(picture.pixels, { raw: { width: picture.width, height: picture.height, channels: picture.channels } }).png().toFile(join(folder, '0.png'))
  writeFileSync(join(folder, 'manifest.csv'), lines.join('\n'))
  return join(folder, 'manifest.csv')
}

// Pictures and signatures are made up here, with a known relation to the outcome: what is tested is the road from rows to a frozen model, not the networks.
beforeAll(async () => {
  home = temporary('builder')
  app = createNodeApp({ userData: join(home.path, 'user'), logger: quietLogger })
  const { world, origin } = app.house
  const made = createStudy(world, origin, 'test', { directory: join(home.path, 'study'), name: 'Builder study', synthetic: false, signatureSet: 'demo' })
  const account = await createAccount(world, made, 'test', { login: 'lin', name: 'Lin', role: 'investigator', seniority: null, yearsExperience: null, password: 'a long enough password', mustChange: false, demo: false })
  const report = await importManifest(made, world, 'test', await writeManifest(join(home.path, 'source')))
  if (report.imported !== CASES) throw new Error(JSON.stringify(report.refused.slice(0, 3)))
  app.house.adopt(made)
  context = app.context({ account: { id: account.id, login: 'lin', name: 'Lin', role: 'investigator', seniority: null, yearsExperience: null, demo: false, mustChangePassword: false }, actor: 'lin' })
  const random = createRandom('signatures')
  for (const row of caseModelRows(made.db.read)) await sign(row.case_id, row.image_id, 1 / (1 + Math.exp(-((row.outcome ?? 0) * 1.6 - 0.8 + random.normal()))))
})
afterAll(async () => {
  await app?.close()
  home?.remove()
})

/** Stores a probability of the signature's network, as a run of the network would. */
async function sign(caseId: string, imageId: string, probability: number): Promise<void> {
  const set = registryOf(app.house.inference).signatureSet('demo')
  if (set === null) throw new Error('no signature set')
  const segmentationId = standingSegmentation(study().db.read, imageId)?.id ?? study().db.write('lin', (tx) => plantSegmentation(tx, { case_id: caseId, image_id: imageId }, { id: `segmentation of ${imageId}` }))
  await storeSignatures({ study: study(), world: app.house.world, actor: 'lin' }, { caseId, imageId, segmentationId, annotationId: null, kind: 'automatic' }, {
    box: { x: 1, y: 1, width: 9, height: 9 }, results: [{ provider: 'cpu', providerNote: '', fallback: null, name: set.signature.name, probability, cam: { width: 2, height: 2, values: Float32Array.of(0, 1, 2, 3) } }],
  }, set)
}

const roleOf = (name: string): string | undefined => study().db.read.get<{ role: string }>('SELECT role FROM cohort WHERE name = ?', name)?.role

describe('which rows a model is fitted on', () => {
  test('the options name the study\'s outcome first, its factors with what is missing, and the signature', async () => {
    const options = await call('combined.options', {})
    expect(options.outcomes[0]).toMatchObject({ column: 'sln', ofStudy: true })
    expect(options.outcomes.map((o) => o.column)).toContain('her2')
    expect(options.factors.find((f) => f.name === 'size_mm')).toMatchObject({ kind: 'numeric', unit: 'mm' })
    expect(options.factors.some((f) => f.known < f.total)).toBe(true)
    expect(options.signatures[0]).toMatchObject({ name: 'dl_signature', main: true, outOfFold: null })
  })
  test('clinical factors: the fitting cohort; with the signature and no out-of-fold values: the choosing cohort, and the fitting cohort is marked', async () => {
    const clinical = await call('combined.plan', { outcome: 'sln', signatures: [] })
    expect(clinical.cohorts.filter((c) => c.use === 'fit').map((c) => roleOf(c.name))).toEqual(['fit'])
    const both = await call('combined.plan', { outcome: 'sln', signatures: ['dl_signature'] })
    expect(both.cohorts.filter((c) => c.use === 'fit').map((c) => roleOf(c.name))).toEqual(['choose'])
    expect(both.cohorts.find((c) => c.role === 'fit')?.note).toContain('optimistic')
  })
  test('a fit runs beside the program, is measured on the other cohorts, and freezes nothing by itself', async () => {
    const { jobId } = await call('combined.fit', { ...request, forced: ['dl_signature', 'her2'] })
    expect((await call('study.summary', {})).name).not.toBe('') // answers while it runs
    const job = await done(jobId)
    expect(job.state).toBe('done')
    const { report, fittedOn } = job.result as BuiltModel
    expect(new Set(fittedOn.map((f) => study().db.read.get<{ cohort: string }>('SELECT cohort FROM study_case WHERE id = ?', f.case)?.cohort))).toEqual(new Set([report.model.value?.cohort]))
    expect(roleOf(report.model.value?.cohort ?? '')).toBe('choose')
    expect(report.evaluation.map((e) => [roleOf(e.cohort), e.rows])).toEqual(expect.arrayContaining([['fit', 'evaluation'], ['choose', 'fitting'], ['report', 'evaluation']]))
    expect((await call('combined.list', {})).models).toEqual([])
  })
  test('a cancelled fit leaves nothing', async () => {
    const { jobId } = await call('combined.fit', { ...request, resamples: 5000 })
    await call('jobs.cancel', { jobId })
    expect((await done(jobId)).state).toBe('cancelled')
    await expect(call('combined.freeze', { jobId, name: 'x', reason: 'y' })).rejects.toThrow(/not_ready/)
  })
})

describe('out-of-fold signatures', () => {
  const csv = (lines: readonly string[]): string => {
    const file = join(home.path, `oof-${lines.length}.csv`)
    writeFileSync(file, ['case_id,fold,probability,mask', ...lines].join('\n'))
    return file
  }
  const network = (): string => study().db.read.get<{ model: string }>('SELECT model FROM signature WHERE is_signature = 1')?.model ?? ''
  test('rows of other cohorts, of masks that are not out of fold, or without a fold are refused by name; nothing usable is an error', async () => {
    const rows = caseModelRows(study().db.read)
    const train = rows.filter((r) => roleOf(r.cohort ?? '') === 'fit'), other = rows.find((r) => roleOf(r.cohort ?? '') === 'report')
    const [a, b, c, d] = train
    await expect(call('combined.importOutOfFold', { file: csv([`${a?.label ?? ''},1,0.5,ground_truth`]), name: 'bad', network: network() })).rejects.toThrow(/ground_truth/)
    await expect(call('combined.importOutOfFold', { file: join(home.path, 'gone.csv'), name: 'bad', network: network() })).rejects.toThrow(/not_found/)
    const made = await call('combined.importOutOfFold', { file: csv([`${a?.label ?? ''},1,0.2,out_of_fold`, `${b?.label ?? ''},2,0.7,out_of_fold`, `${c?.label ?? ''},x,0.7,out_of_fold`, `${d?.label ?? ''},1,1.7,out_of_fold`, `${other?.label ?? ''},1,0.3,out_of_fold`, 'nobody,1,0.3,out_of_fold']), name: 'few', network: network() })
    expect(made.imported).toBe(2)
    expect(made.refused.map((r) => r.row)).toEqual([4, 5, 6, 7])
    expect(made.refused.map((r) => r.reason).join('; ')).toMatch(/fold.*between 0 and 1.*role "fit".*no such case/)
  })
  test('with them the model is fitted on the fitting cohort, by these values and not by the networks\' own', async () => {
    const train = caseModelRows(study().db.read).filter((r) => roleOf(r.cohort ?? '') === 'fit')
    const random = createRandom('oof')
    const value = new Map(train.map((r) => [r.case_id, Number((1 / (1 + Math.exp(-((r.outcome ?? 0) * 1.2 - 0.6 + random.normal())))).toFixed(6))]))
    await call('combined.importOutOfFold', { file: csv(train.map((r, i) => `${r.label},${(i % 5) + 1},${value.get(r.case_id) ?? ''},out_of_fold`)), name: 'five folds', network: network() })
    const plan = await call('combined.plan', { outcome: 'sln', signatures: ['dl_signature'] })
    expect(plan).toMatchObject({ signatures: 'out of fold', problem: null })
    expect(plan.basis).toContain('five folds')
    const job = await done((await call('combined.fit', request)).jobId)
    const { report, fittedOn } = job.result as BuiltModel
    expect(roleOf(report.model.value?.cohort ?? '')).toBe('fit')
    expect(fittedOn.every((f) => f.signatures['dl_signature']?.startsWith('out of fold '))).toBe(true)
    const seen = report.model.value?.terms.find((t) => t.name === 'dl_signature')
    expect(seen?.kind === 'numeric' ? [...value.values()].includes(seen.observed.maximum) && [...value.values()].includes(seen.observed.minimum) : null).toBe(true)
  })
})

describe('a frozen model', () => {
  let frozen: CallOutput<'combined.freeze'>
  let built: BuiltModel
  const bundle = (): string => join(home.path, 'bundle')
  test('is a version with a card, audited; the same fit is not frozen twice, another one is the next version', async () => {
    const fit = { ...request, forced: [], resamples: 0 }
    const { jobId } = await call('combined.fit', fit)
    built = (await done(jobId)).result as BuiltModel
    frozen = await call('combined.freeze', { jobId, name: 'SLN model', reason: 'agreed on Monday' })
    expect(frozen.version).toBe(1)
    await expect(call('combined.freeze', { jobId, name: 'SLN model', reason: 'agreed on Monday' })).rejects.toThrow(/conflict/)
    const [model] = (await call('combined.list', {})).models
    expect(model).toMatchObject({ name: 'SLN model', version: 1, inUse: true, shipped: false, sha256: frozen.sha256 })
    for (const words of ['agreed on Monday', 'DL signature', 'resubstitution', 'five folds', frozen.sha256]) expect(model?.card).toContain(words)
    expect(study().db.read.get("SELECT 1 AS found FROM audit WHERE action = 'combined.freeze' AND reason = 'agreed on Monday' AND new = ?", frozen.sha256)).toBeDefined()
  })
  test('gives in the app, by its exported JSON and by the formula the very same risk, for every case', async () => {
    await call('combined.export', { id: frozen.id, to: bundle() })
    const model = unwrap(parseCombinedModel(JSON.parse(readFileSync(join(bundle(), 'model.json'), 'utf8'))))
    const drawn = unwrap(nomogram(model))
    const rows = (await call('prediction.list', {})).rows.filter((r) => r.risk !== null)
    expect(rows.length).toBeGreaterThan(100)
    for (const row of rows.slice(0, 25)) {
      const p = await call('prediction.case', { caseId: row.caseId })
      const values: DataRow = p.row
      const exported = unwrap(predictCombined(model, values))
      expect(p.risk?.probability).toBe(exported.probability)
      expect(row.risk).toBe(exported.probability)
      expect(p.risk?.ci95).toEqual([exported.interval.lower, exported.interval.upper])
      expect(unwrap(nomogramPoints(drawn, values)).probability).toBeCloseTo(exported.probability, 12)
      expect(p.risk?.positive).toBe(exported.probability >= (model.threshold?.value ?? 2))
    }
  })
  test('is what sln analyze finds on the exported rows: coefficients, errors, AIC path, nomogram, to the oracle\'s tolerance', async () => {
    const ran = await sln(['analyze', bundle()], { home: home.path })
    expect(ran.code).toBe(0)
    const { results } = JSON.parse(ran.stdout) as { results: Record<string, Record<string, unknown>> }
    interface Block { n: number; events: number; terms: { term: string; coef: number; se: number; p: number; or: number }[]; aic: number }
    const close = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(b)))
    const model = JSON.parse(readFileSync(join(bundle(), 'model.json'), 'utf8')) as CombinedModel
    const fitted = results['model']?.['multivariable'] as Block
    expect([fitted.n, fitted.events]).toEqual([model.n, model.events])
    expect(fitted.terms.map((t) => t.term)).toEqual(model.columns)
    close(fitted.terms[0]?.coef ?? NaN, model.intercept)
    fitted.terms.forEach((t, i) => close(t.se, Math.sqrt(model.covariance[i]?.[i] ?? NaN)))
    built.report.final.lines.forEach((l, i) => {
      close(fitted.terms[i + 1]?.coef ?? NaN, l.estimate ?? NaN)
      close(fitted.terms[i + 1]?.p ?? NaN, l.p ?? NaN)
    })
    const candidates = results['candidates'] as { multivariable: Block; backward_aic?: { selected: string[]; path: { removed: string; aic: number }[] }; univariable: Record<string, Block> }
    expect(candidates.backward_aic?.selected).toEqual(built.report.selection.selected)
    built.report.selection.path.forEach((s, i) => close(candidates.backward_aic?.path[i]?.aic ?? NaN, s.aic))
    built.report.univariable.forEach((u) => u.lines.forEach((l, i) => close(candidates.univariable[u.terms[0] ?? '']?.terms[i + 1]?.or ?? NaN, l.oddsRatio ?? NaN)))
    const drawn = unwrap(nomogram(model)), chart = results['nomogram']?.['default_axes'] as { points_per_unit_lp: number; lp_at_zero_points: number; rows: { total: number; probability: number }[] }
    close(chart.points_per_unit_lp, drawn.pointsPerUnit)
    close(chart.lp_at_zero_points, drawn.linearPredictorAtZero)
    expect(chart.rows.length).toBeGreaterThan(5)
  })
  test('predicts the same by `sln predict --combined` on the case\'s own picture', async () => {
    const row = caseModelRows(study().db.read).find((r) => r.label === 'C0')
    const folder = join(home.path, 'picture')
    mkdirSync(folder)
    const file = join(folder, 'case.png')
    writeFileSync(file, study().objects.get(row?.object ?? ''))
    const variables = JSON.parse(row?.variables ?? '{}') as Record<string, string>
    const ran = await sln(['predict', file, '--combined', join(bundle(), 'model.json'), '--signature', study().signatureSet, '--clinical', ...Object.entries(variables).map(([k, v]) => `${k}=${v}`), '--json'], { home: home.path })
    expect(ran.code).toBe(0)
    const answer = JSON.parse(ran.stdout) as { signatures: { probability: number; is_signature: boolean }[]; risk: { probability: number; ci95: number[] } | null }
    const probability = answer.signatures.find((s) => s.is_signature)?.probability ?? NaN
    const model = unwrap(parseCombinedModel(JSON.parse(readFileSync(join(bundle(), 'model.json'), 'utf8'))))
    const values = Object.fromEntries(model.terms.map((t) => [t.name, t.name === 'dl_signature' ? probability : t.kind === 'numeric' ? Number(variables[t.name]) : (variables[t.name] ?? null)]))
    expect(answer.risk?.probability).toBe(unwrap(predictCombined(model, values)).probability)
    // The same value stored in the study gives the same risk there.
    if (row === undefined) throw new Error('no row')
    await sign(row.case_id, row.image_id, probability)
    expect((await call('prediction.case', { caseId: row.case_id })).risk?.probability).toBe(answer.risk?.probability)
  })
  test('the bundle leaves the rows out once the study has others; a model of another outcome never gives the study\'s risk', async () => {
    await call('combined.export', { id: frozen.id, to: join(home.path, 'later') }).then((e) => expect(e.files).toEqual(['model.json', 'card.md', 'data.csv', 'task.json']))
    study().db.write('test', (tx) => {
      const one = tx.get<{ case_id: string; variables: string }>("SELECT case_id, variables FROM case_clinical JOIN study_case ON study_case.id = case_id JOIN cohort ON cohort.name = cohort WHERE role = 'fit' AND excluded_reason IS NULL LIMIT 1")
      tx.update('case_clinical', { case_id: one?.case_id ?? '' }, { variables: JSON.stringify({ ...(JSON.parse(one?.variables ?? '{}') as object), size_mm: '77' }) })
      tx.audit({ action: 'case.test', subject: 'study_case', id: one?.case_id ?? '' })
    })
    expect((await call('combined.export', { id: frozen.id, to: join(home.path, 'changed') })).files).toEqual(['model.json', 'card.md'])
    const { jobId } = await call('combined.fit', { ...request, outcome: 'her2', factors: ['size_mm', 'age'], forced: [], selection: { kind: 'none' }, resamples: 0 })
    expect((await done(jobId)).state).toBe('done')
    await call('combined.freeze', { jobId, name: 'HER2 model', reason: 'a trial' })
    const { models } = await call('combined.list', {})
    expect(models.map((m) => [m.name, m.inUse])).toEqual([['HER2 model', false], ['SLN model', true]])
  })
  test('the study stays sound', async () => {
    expect((await verifyStudy(join(home.path, 'study'))).faults).toEqual([])
  })
})

test('three kinds of clinical models on the fitting cohort, the same result for the same seed', async () => {
  const run = async (): Promise<LearnerComparison> => (await done((await call('combined.compare', { outcome: 'sln', factors: ['size_mm', 'her2'], outerFolds: 3, innerFolds: 2, seed: 9 })).jobId)).result as LearnerComparison
  const first = await run()
  expect(first.families.map((f) => f.name)).toEqual(['Logistic regression', 'Random forest', 'Boosted trees'])
  expect(first.families[0]?.cohorts.map((c) => roleOf(c.cohort)).sort()).toEqual(['choose', 'report'])
  expect((await run()).families.map((f) => f.crossValidated.auc)).toEqual(first.families.map((f) => f.crossValidated.auc))
})
