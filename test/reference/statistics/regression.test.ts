import { describe, expect, it } from 'vitest'
import { fromRows, toRows } from '#shared/statistics/core/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import {
  detectSeparation, dropOne, firthRegression, fitTerms, freezeModel, likelihoodRatioTest, logisticRegression, predictCombined, prepareData, separationKind,
  stepwiseAic, varianceInflation, waldTest, type DataRow, type Term,
} from '#shared/statistics/regression/index.ts'
import { nomogram, prettyTicks } from '#shared/statistics/nomogram/index.ts'
import fixture from '../fixtures/regression.json' with { type: 'json' }
import { close, rowsOf } from './close.ts'

const numeric = (name: string): Term => ({ kind: 'numeric', name })
const kinds: Term = { kind: 'factor', name: 'kind', levels: ['in situ', 'ductal', 'lobular', 'other; rare'] }
const her2: Term = { kind: 'factor', name: 'her2', levels: ['neg', 'pos'] }

describe('logistic regression against glm, MASS and car (test/reference/r/regression.R)', () => {
  const r = fixture.logistic
  const rows = rowsOf(r.data)
  const terms = [numeric('age'), numeric('size (mm)'), numeric('stage'), kinds, her2, numeric('noise')]
  const names = terms.map((t) => t.name)
  const data = unwrap(prepareData(rows, { outcome: 'y', terms }))
  const model = fitTerms(data, names)

  it('drops incomplete rows and the level without a row', () => {
    expect([model.n, model.events]).toEqual([r.n, r.events])
    expect(model.droppedLevels).toEqual({ kind: ['in situ'] })
    expect(model.missing).toMatchObject({ total: 230, dropped: 230 - r.n, byColumn: { age: 2, kind: 3, 'size (mm)': 1 } })
  })
  it('gives its coefficients, errors, tests and criteria', () => {
    expect(model.coefficients.map((c) => c.column.name)).toEqual(r.terms)
    close(model.coefficients.map((c) => c.estimate), r.coef, 1e-11)
    close(model.coefficients.map((c) => c.standardError), r.se, 1e-11)
    close(model.coefficients.map((c) => c.p), r.p, 1e-10)
    close(toRows(model.covariance).flat(), r.vcov.flat(), 1e-10)
    close([model.deviance, model.nullDeviance, model.aic, model.bic], [r.deviance, r.null_deviance, r.aic, r.bic], 1e-12)
  })
  it('tests nested models and whole terms', () => {
    const test = unwrap(likelihoodRatioTest(fitTerms(data, ['age', 'size (mm)']), model))
    close([test.chiSquare, test.df, test.p], [r.lr.chisq, r.lr.df, r.lr.p], 1e-9)
    const wald = unwrap(waldTest(model, 'kind'))
    close([wald.chiSquare, wald.df, wald.p], [r.wald_kind.chisq, r.wald_kind.df, r.wald_kind.p], 1e-9)
  })
  it('drops single terms', () => {
    const table = dropOne(data, names)
    expect(table.map((d) => d.term ?? '<none>')).toEqual(r.drop1.term)
    close(table.map((d) => d.deviance), r.drop1.deviance, 1e-11)
    close(table.map((d) => d.p), r.drop1.p, 1e-8)
  })
  it.each(['backward', 'forward', 'both'] as const)('selects %s by AIC along the same path', (direction) => {
    const s = stepwiseAic(data, { direction, ...(direction === 'both' ? { start: [] } : {}) })
    const steps = s.path.map((p) => (p.removed !== undefined ? `- ${p.removed}` : p.added !== undefined ? `+ ${p.added}` : ''))
    expect(steps).toEqual(r[direction].step)
    expect(s.selected).toEqual(r[direction].selected)
    close(s.path.map((p) => p.aic), r[direction].aic, 1e-11)
  })
  it('measures inflation', () => {
    const v = unwrap(varianceInflation(model))
    expect(v.map((x) => x.term)).toEqual(r.gvif.term)
    close(v.map((x) => x.gvif), r.gvif.gvif, 1e-9)
    close(v.map((x) => x.adjusted), r.gvif.adjusted, 1e-9)
  })
  it('predicts with the delta method', () => {
    const frozen = unwrap(freezeModel(model, { positiveClass: 'y', cohort: 'all' }))
    const predicted = r.rows_predicted.map((i) => unwrap(predictCombined(frozen, rows[i - 1]!)))
    close(predicted.map((p) => p.linearPredictor), r.predictions.lp, 1e-11)
    close(predicted.map((p) => p.standardError), r.predictions.se, 1e-11)
  })
})

describe('collinearity', () => {
  it('leaves out and names the columns that R calls aliased', () => {
    const factor = (name: string, levels: string[]): Term => ({ kind: 'factor', name, levels })
    const terms = [numeric('c1'), numeric('c2'), numeric('c3'), factor('f', ['a', 'b']), factor('dup', ['no', 'yes']), numeric('one')]
    const model = unwrap(logisticRegression(rowsOf(fixture.collinear.data), { outcome: 'y', terms }))
    expect(model.collinear.map((c) => c.column.name)).toEqual(fixture.collinear.aliased)
    expect(model.collinear.map((c) => c.dependsOn.map((d) => d.name))).toEqual([['c1', 'c2'], ['fb'], ['(Intercept)']])
    close(model.coefficients.map((c) => c.estimate), fixture.collinear.coef, 1e-10)
    close(model.coefficients.map((c) => c.standardError), fixture.collinear.se, 1e-10)
    close([model.deviance], [fixture.collinear.deviance], 1e-12)
  })
})

describe('separation by linear programming', () => {
  it('agrees with lpSolve on 150 designs of small integers', () => {
    const found = fixture.separation.map((c) => separationKind(fromRows(c.x.map((row) => [1, ...row])), c.y))
    expect(found).toEqual(fixture.separation.map((c) => c.kind))
    expect(new Set(found).size).toBe(3)
  })
  it('names columns that separate alone, and none that could be spared', () => {
    for (const c of fixture.separation.filter((s) => s.kind !== 'none')) {
      const x = c.x.map((row) => [1, ...row])
      const { columns, kind } = detectSeparation(fromRows(x), c.y)
      const only = (keep: readonly number[]): string => separationKind(fromRows(x.map((row) => [1, ...keep.map((j) => row[j]!)])), c.y)
      expect(only(columns)).toBe(kind)
      for (const j of columns) expect(only(columns.filter((k) => k !== j))).not.toBe(kind)
    }
  })
})

describe("Firth's fit against brglm2, its profiles against the formula", () => {
  const factor = (name: string, levels: string[]): Term => ({ kind: 'factor', name, levels })
  const cases: [string, typeof fixture.firth.quasi, Term[]][] = [
    ['quasi', fixture.firth.quasi, [numeric('x'), factor('f', ['a', 'b', 'c'])]],
    ['complete', fixture.firth.complete as unknown as typeof fixture.firth.quasi, [numeric('x'), numeric('u')]],
  ]
  it.each(cases)('%s separation', (kind, c, terms) => {
    const rows = rowsOf(c.data)
    expect(unwrap(logisticRegression(rows, { outcome: 'y', terms })).separation.kind).toBe(kind)
    const model = unwrap(firthRegression(rows, { outcome: 'y', terms }))
    close(model.coefficients.map((x) => x.estimate), c.coef, 1e-9)
    close(model.coefficients.map((x) => x.standardError), c.se, 1e-9)
    close([model.penalisedLogLikelihood], [c.pll], 1e-11)
    close(model.coefficients.map((x) => Math.log(x.interval.lower)), c.lower, 1e-5)
    close(model.coefficients.map((x) => Math.log(x.interval.upper)), c.upper, 1e-5)
    close(model.coefficients.map((x) => x.p), c.p, 1e-5)
  })
  it('without separation', () => {
    const c = fixture.firth.regular
    const model = unwrap(firthRegression(rowsOf(c.data), { outcome: 'y', terms: [numeric('age'), numeric('size'), kinds] }, { intervals: 'wald' }))
    close(model.coefficients.map((x) => x.estimate), c.coef, 1e-9)
    close(model.coefficients.map((x) => x.standardError), c.se, 1e-9)
  })
})

describe('nomogram against rms', () => {
  const rows = rowsOf(fixture.nomogram_data) as DataRow[]
  it.each(fixture.nomograms.map((n, i) => [i, n] as const))('model %i', (i, expected) => {
    const terms = expected.terms.map((t) => (t === 'kind' ? kinds : t === 'her2' ? her2 : numeric(t)))
    const model = unwrap(freezeModel(unwrap(logisticRegression(rows, { outcome: 'y', terms })), { positiveClass: 'y', cohort: 'all' }))
    const n = unwrap(nomogram(model, i === 1 ? { axes: { age: [20, 30, 40, 50, 60, 70, 80, 90] } } : {}))
    close([n.pointsPerUnit, n.linearPredictorAtZero], [expected.points_per_unit, expected.lp_at_zero], 1e-10)
    const axes = expected.axes as Record<string, { value: (number | string)[]; points: number[] }>
    for (const p of n.predictors) {
      expect(p.ticks.map((t) => t.value ?? t.label)).toEqual(axes[p.term]!.value)
      close(p.ticks.map((t) => t.points), axes[p.term]!.points, 1e-10)
    }
    expect(n.total.map((t) => t.points)).toEqual(expected.total)
    expect(n.linearPredictor.map((t) => t.value)).toEqual(expected.lp_axis.value)
    close(n.linearPredictor.map((t) => t.points), expected.lp_axis.points, 1e-9)
  })
  it('has the ticks of pretty() to the last bit', () => {
    for (const c of fixture.pretty) expect(prettyTicks(c.low, c.high, c.count)).toEqual(c.ticks)
  })
})
