import { describe, expect, test } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { chooseThreshold, metricsAtThreshold } from '#shared/statistics/classification/index.ts'
import { buildCombined, compareLearners, type BuilderRow, type BuilderSpec } from '#shared/statistics/builder/index.ts'
import { logisticRegression, predictCombined, type CombinedModel, type Term } from '#shared/statistics/regression/index.ts'
import { auc } from '#shared/statistics/roc/index.ts'

const terms: readonly Term[] = [
  { kind: 'numeric', name: 'size', unit: 'mm' }, { kind: 'factor', name: 'her2', levels: ['negative', 'positive'] }, { kind: 'factor', name: 'grade', levels: ['I', 'II', 'III'] }, { kind: 'numeric', name: 'noise' }, { kind: 'numeric', name: 'dl_signature' },
]

/** Cases of three cohorts whose outcome depends on size, HER2 and the signature; `shift` moves a cohort's outcome. */
function simulate(n: number, seed: string, cohort: string, shift = 0): BuilderRow[] {
  const random = createRandom(seed)
  return Array.from({ length: n }, (_, i) => {
    const size = 8 + 25 * random.next(), her2 = random.next() < 0.4 ? 'positive' : 'negative', signature = random.next(), noise = random.normal()
    const p = 1 / (1 + Math.exp(-(shift - 4 + 0.08 * size + (her2 === 'positive' ? 0.9 : 0) + 3.5 * signature)))
    return { cohort, patient: `${cohort}-${i}`, values: { y: random.next() < p ? 1 : 0, size: i % 29 === 3 ? null : size, her2, grade: ['I', 'II', 'III'][i % 3] ?? 'I', noise, dl_signature: signature } }
  })
}
const rows = [...simulate(220, 'a', 'train'), ...simulate(90, 'b', 'validation'), ...simulate(80, 'c', 'external', 0.3)]
const spec: BuilderSpec = {
  outcome: 'y', positiveClass: 'metastasis', terms, signatures: ['dl_signature'], forced: ['her2'], selection: { kind: 'aic', direction: 'backward' }, estimator: 'maximum likelihood',
  cohorts: [{ name: 'train', use: 'fit', note: '' }, { name: 'validation', use: 'evaluate', note: 'careful' }, { name: 'external', use: 'evaluate', note: '' }], threshold: { kind: 'youden' }, summary: 'mean-sd', resamples: 20, seed: 4,
}
const built = unwrap(buildCombined(rows, spec))
const model = built.model.value as CombinedModel

describe('building a combined model', () => {
  test('only rows of the fitting cohorts have a part in it: changing every other row changes no estimate and no threshold', () => {
    const other = rows.map((r) => (r.cohort === 'train' ? r : { ...r, values: { ...r.values, y: 1 - Number(r.values['y']), size: 99, dl_signature: 0.5 } }))
    const again = unwrap(buildCombined(other, spec))
    expect(again.model).toEqual(built.model)
    expect(again.univariable).toEqual(built.univariable)
    expect(again.selection).toEqual(built.selection)
    expect(again.optimism).toEqual(built.optimism)
    expect(again.evaluation[1]?.auc).not.toBe(built.evaluation[1]?.auc)
  })
  test('the model is the logistic regression of the chosen terms on the fitting rows', () => {
    expect(built.selection.selected).toContain('her2')
    expect(built.selection.selected).not.toContain('noise')
    const direct = unwrap(logisticRegression(rows.filter((r) => r.cohort === 'train').map((r) => r.values), { outcome: 'y', terms: terms.filter((t) => built.selection.selected.includes(t.name)) }))
    expect(model.intercept).toBe(direct.coefficients[0]?.estimate)
    expect(built.final.lines.map((l) => l.estimate)).toEqual(direct.coefficients.slice(1).map((c) => c.estimate))
    expect(model).toMatchObject({ cohort: 'train', n: direct.n, events: direct.events })
  })
  test('a forced term stays though AIC would drop it, in the selection and in every resample', () => {
    const forced = unwrap(buildCombined(rows, { ...spec, forced: ['noise'] }))
    expect(forced.selection.selected).toContain('noise')
    expect(forced.selection.path.every((s) => s.removed !== 'noise')).toBe(true)
    expect(forced.optimism.value?.chosen['noise']).toBe(1)
    const screened = unwrap(buildCombined(rows, { ...spec, forced: ['noise'], selection: { kind: 'screen', cut: 0.001 } }))
    expect(screened.selection.selected).toContain('noise')
    expect(screened.selection.screened.find((s) => s.term === 'grade')?.kept).toBe(false)
    expect(screened.optimism.value?.chosen['noise']).toBe(1)
  })
  test('forward selection starts at the forced terms', () => {
    const forward = unwrap(buildCombined(rows, { ...spec, forced: ['grade'], selection: { kind: 'aic', direction: 'forward' }, resamples: 0 }))
    expect(forward.selection.path[0]?.terms).toEqual(['grade'])
    expect(forward.selection.selected).toEqual(expect.arrayContaining(['grade', 'dl_signature']))
    expect(forward.optimism.problem).toContain('No bootstrap')
  })
  test('the threshold is chosen on the fitting rows, labelled resubstitution there, and carried to the others', () => {
    const scored = (cohort: string): { y: number; p: number }[] => rows.filter((r) => r.cohort === cohort).flatMap((r) => {
      const made = predictCombined(model, r.values)
      return made.ok ? [{ y: Number(r.values['y']), p: made.value.probability }] : []
    })
    const fit = scored('train')
    const chosen = unwrap(chooseThreshold({ cohort: 'train', outcome: fit.map((s) => s.y), score: fit.map((s) => s.p) }))
    expect(built.threshold.value).toMatchObject({ value: chosen.value, chosenOn: 'train', chosenOnCases: fit.length })
    expect(model.threshold?.value).toBe(chosen.value)
    expect(built.evaluation.map((e) => [e.cohort, e.rows, e.label])).toEqual([['train', 'fitting', 'resubstitution: the rows the model was fitted on'], ['validation', 'evaluation', 'careful'], ['external', 'evaluation', '']])
    for (const e of built.evaluation) {
      const own = scored(e.cohort)
      const at = unwrap(metricsAtThreshold(chosen, { cohort: e.cohort, outcome: own.map((s) => s.y), score: own.map((s) => s.p) })).metrics
      expect(e.auc).toBeCloseTo(unwrap(auc(own.map((s) => s.y), own.map((s) => s.p))), 12)
      expect([e.sensitivity?.estimate, e.specificity?.estimate]).toEqual([at.sensitivity.estimate, at.specificity.estimate])
      expect(e.leftOut).toBe(rows.filter((r) => r.cohort === e.cohort).length - own.length)
    }
  })
  test('no p value against the signature on fitting rows, one on the others', () => {
    expect(built.evaluation[0]?.signatures[0]).toMatchObject({ signature: 'dl_signature', p: null })
    expect(built.evaluation[0]?.signatures[0]?.note).toContain('fitting')
    expect(built.evaluation[1]?.signatures[0]?.p).toBeGreaterThan(0)
  })
  test('a declared threshold and one by specificity', () => {
    expect(unwrap(buildCombined(rows, { ...spec, resamples: 0, threshold: { kind: 'declared', value: 0.3 } })).threshold.value).toMatchObject({ value: 0.3, chosenOn: null })
    const strict = unwrap(buildCombined(rows, { ...spec, resamples: 0, threshold: { kind: 'specificity', atLeast: 0.9 } }))
    expect(strict.evaluation[0]?.specificity?.estimate).toBeGreaterThanOrEqual(0.9)
  })
  test('missing values are counted by column; Table 1 has every cohort', () => {
    const absent = rows.filter((r) => r.cohort === 'train' && r.values['size'] === null).length
    expect(built.missing).toMatchObject({ total: 220, dropped: absent })
    expect(built.missing.byColumn['size']).toBe(absent)
    expect(built.table1.value?.cohorts.map((c) => c.cohort)).toEqual(['train', 'validation', 'external'])
    expect(built.table1.value?.rows.length).toBe(terms.length * 3)
  })
  test('the result is plain data: JSON carries it without loss', () => {
    expect(JSON.parse(JSON.stringify(built))).toEqual(built)
  })
  test('separated classes: no odds ratio is shown, nothing is frozen, Firth gives a model that can be', () => {
    const split = rows.map((r, i) => ({ ...r, values: { ...r.values, her2: r.cohort === 'train' ? (r.values['y'] === 1 && i % 3 === 0 ? 'positive' : 'negative') : r.values['her2'] ?? null } }))
    const plain = unwrap(buildCombined(split, { ...spec, selection: { kind: 'none' }, resamples: 0 }))
    expect(plain.multivariable.interpretable).toBe(false)
    expect(plain.multivariable.lines.every((l) => l.oddsRatio === null && l.p === null)).toBe(true)
    expect(plain.findings.join(' ')).toContain('separates the two classes')
    expect(plain.model).toMatchObject({ value: null })
    expect(plain.evaluation).toEqual([])
    const firth = unwrap(buildCombined(split, { ...spec, selection: { kind: 'none' }, estimator: 'firth', resamples: 0 }))
    expect(firth.model.value?.method).toContain('Firth')
    expect(firth.final.lines.every((l) => l.oddsRatio !== null)).toBe(true)
  })
  test('what cannot be built says so', () => {
    expect(buildCombined(rows, { ...spec, terms: [] })).toMatchObject({ ok: false, error: { code: 'bad_task' } })
    expect(buildCombined(rows, { ...spec, cohorts: [{ name: 'nobody', use: 'fit', note: '' }] })).toMatchObject({ ok: false, error: { code: 'bad_task' } })
    expect(buildCombined(rows, { ...spec, terms: [terms[3] as Term], forced: [], signatures: [], selection: { kind: 'screen', cut: 1e-9 } })).toMatchObject({ ok: false, error: { code: 'bad_task' } })
  })
  test('progress goes up to the last resample', () => {
    const seen: number[] = []
    unwrap(buildCombined(rows, spec, (done, total) => { expect(total).toBe(30); seen.push(done) }))
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(30)
  })
})

describe('the clinical signature by three kinds of models', () => {
  const clinical = terms.slice(0, 4)
  const comparison = { outcome: 'y', terms: clinical, cohorts: spec.cohorts, outerFolds: 3, innerFolds: 2, repeats: 1, seed: 2 }
  const made = unwrap(compareLearners(rows, comparison))
  test('all three, on the same rows, with the simpler settings to choose from', () => {
    expect(made.families.map((f) => f.name)).toEqual(['Logistic regression', 'Random forest', 'Boosted trees'])
    const complete = rows.filter((r) => r.cohort === 'train' && r.values['size'] !== null).length
    for (const f of made.families) {
      expect(f.crossValidated.n).toBe(complete)
      expect(f.chosen.reduce((s, c) => s + c.folds, 0)).toBe(3)
      expect(f.settings).toContain(f.final)
      expect(f.cohorts.map((c) => c.cohort)).toEqual(['validation', 'external'])
      expect(f.importance.map((i) => i.term).sort()).toEqual(clinical.map((t) => t.name).sort())
    }
    expect(made.families[0]?.crossValidated.againstLogistic).toBeNull()
    expect(made.families[1]?.crossValidated.againstLogistic?.pHolm).toBeGreaterThanOrEqual(made.families[1]?.crossValidated.againstLogistic?.p ?? 2)
  })
  test('rows of other cohorts have no part in the cross-validation; the seed repeats it', () => {
    const other = rows.map((r) => (r.cohort === 'train' ? r : { ...r, values: { ...r.values, y: 1 - Number(r.values['y']) } }))
    const again = unwrap(compareLearners(other, comparison))
    expect(again.families.map((f) => f.crossValidated)).toEqual(made.families.map((f) => f.crossValidated))
    expect(again.families[0]?.cohorts).not.toEqual(made.families[0]?.cohorts)
  })
  test('without factors there is nothing to compare', () => {
    expect(compareLearners(rows, { ...comparison, terms: [] })).toMatchObject({ ok: false, error: { code: 'bad_task' } })
  })
})
