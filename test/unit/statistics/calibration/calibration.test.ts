import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import {
  accuracyScores, calibration, calibrationIntervals, correctOptimism, equalWidthBins, hosmerLemeshow, lowess, quantileBins, quantileCuts, recalibration, smoothCalibration,
} from '#shared/statistics/calibration/index.ts'
import { logisticRegression, type DataRow, type Term } from '#shared/statistics/regression/index.ts'

const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 99 }).map((k) => k / 100)), { minLength: 5, maxLength: 80 })
  .map((rows) => ({ y: rows.map((r) => r[0]), p: rows.map((r) => r[1]) }))

describe('bins', () => {
  it('count every row once and keep the sums, by width and by quantile', () => {
    fc.assert(fc.property(cases, fc.integer({ min: 2, max: 12 }), ({ y, p }, g) => {
      fc.pre(new Set(p).size > 1)
      for (const bins of [equalWidthBins(y, p, g), quantileBins(y, p, g)]) {
        expect(bins.reduce((s, b) => s + b.n, 0)).toBe(y.length)
        expect(bins.reduce((s, b) => s + b.events, 0)).toBe(y.reduce((s, v) => s + v, 0))
        for (const b of bins.filter((x) => x.n > 0)) {
          expect(b.meanPredicted).toBeGreaterThanOrEqual(b.lower - 1e-12)
          expect(b.meanPredicted).toBeLessThanOrEqual(b.upper + 1e-12)
        }
      }
    }))
  })
  it('close the last bin of equal width, open the others above', () => {
    expect(equalWidthBins([0, 1, 1], [0.2, 0.4, 1], 5).map((b) => b.n)).toEqual([0, 1, 1, 0, 1])
    expect(equalWidthBins([0], [0.2], 5)[0]!.interval).toBeNull()
  })
  it('merge tied cut points and say how many', () => {
    expect(quantileCuts([0.1, 0.1, 0.1, 0.1, 0.9], 4)).toEqual({ cuts: [0.1, 0.9], merged: 3 })
  })
})

describe('hosmerLemeshow', () => {
  it('is undefined for fewer than three groups, with its groups shown', () => {
    const r = unwrap(hosmerLemeshow([0, 1, 0, 1, 1, 0], [0.1, 0.1, 0.1, 0.9, 0.9, 0.9], 10, 'fitting'))
    expect(r.groups.length).toBeLessThan(3)
    expect(r.p).toBeNaN()
    expect(r.undefinedBecause).toContain('at least 3')
    expect(r.mergedCutPoints).toBe(10 - r.groups.length - r.emptyIntervals)
  })
  it('is undefined when a group expects nothing, and refuses equal predictions', () => {
    const r = unwrap(hosmerLemeshow([0, 0, 1, 1, 0, 1], [0, 0, 0.4, 0.5, 0.6, 1], 3, 'fitting'))
    expect(r.p).toBeNaN()
    expect(r.undefinedBecause).toContain('expects no event')
    expect(hosmerLemeshow([0, 1, 1], [0.3, 0.3, 0.3], 10, 'fitting')).toMatchObject({ ok: false, error: { code: 'constant' } })
    expect(hosmerLemeshow([0, 1, 1], [0.3, 0.4, 0.5], 1, 'fitting')).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })
  it('has two degrees of freedom less on fitting rows', () => {
    const random = createRandom(3)
    const p = Array.from({ length: 200 }, () => random.next()), y = p.map((q) => (random.next() < q ? 1 : 0))
    const inside = unwrap(hosmerLemeshow(y, p, 10, 'fitting')), outside = unwrap(hosmerLemeshow(y, p, 10, 'evaluation'))
    expect([inside.df, outside.df]).toEqual([8, 10])
    expect(inside.p).toBeLessThan(outside.p)
  })
})

describe('recalibration', () => {
  it('finds intercept 0 and slope 1 for the fitted probabilities of a model', () => {
    const random = createRandom(8)
    const rows = Array.from({ length: 120 }, () => { const x = random.normal(); return { x, y: random.next() < 1 / (1 + Math.exp(-x)) ? 1 : 0 } })
    const fit = unwrap(logisticRegression(rows, { outcome: 'y', terms: [{ kind: 'numeric', name: 'x' }] }))
    const r = unwrap(recalibration(rows.map((q) => q.y), fit.fitted))
    expect(r.intercept).toBeCloseTo(0, 10)
    expect(r.slope).toBeCloseTo(1, 10)
    expect(r.inTheLarge).toBeCloseTo(0, 10)
  })
  it('refuses certain predictions unless told where to hold them', () => {
    const y = [0, 1, 0, 1], p = [0, 0.6, 0.7, 1]
    expect(recalibration(y, p)).toMatchObject({ ok: false, error: { code: 'undefined' } })
    expect(recalibration(y, p, 0.95, 1e-6).ok).toBe(true)
  })
  it('says when the predictions separate the classes, are constant, or there is one class', () => {
    expect(unwrap(recalibration([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])).separation).toBe('complete')
    expect(recalibration([0, 1], [0.4, 0.4])).toMatchObject({ ok: false, error: { code: 'constant' } })
    expect(recalibration([1, 1], [0.4, 0.6])).toMatchObject({ ok: false, error: { code: 'one_class' } })
  })
})

describe('calibration', () => {
  it('withholds p values on fitting rows and says why', () => {
    const y = [0, 1, 0, 1, 1, 0, 1, 0], p = [0.2, 0.6, 0.3, 0.7, 0.4, 0.5, 0.8, 0.1]
    const fitting = unwrap(calibration(y, p, { rows: 'fitting' })), evaluation = unwrap(calibration(y, p, { rows: 'evaluation' }))
    expect(fitting.spiegelhalter).toBeUndefined()
    expect(fitting.withheld).toContain('used in fitting')
    expect(evaluation.spiegelhalter!.p).toBeGreaterThan(0)
    expect(evaluation.withheld).toBeUndefined()
  })
  it.each([
    ['no rows', [], [], 'too_few'], ['lengths', [0, 1], [0.5], 'length_mismatch'], ['a label', [0, 3], [0.5, 0.5], 'bad_labels'],
    ['a gap', [0, 1], [0.5, NaN], 'missing_values'], ['no probability', [0, 1], [0.5, 1.5], 'out_of_range'],
  ] as [string, number[], number[], string][])('fails with a code for %s', (_, y, p, code) => {
    expect(calibration(y, p, { rows: 'evaluation' })).toMatchObject({ ok: false, error: { code } })
  })
  it('scores a certain error with an infinite log loss and the prevalence with a scaled Brier score of 0', () => {
    expect(accuracyScores([1, 0], [0, 0.5]).logLoss).toBe(Infinity)
    expect(accuracyScores([1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]).brierScaled).toBeCloseTo(0, 14)
  })
  it('is a documented reason, not NaN, for constant predictions', () => {
    const c = unwrap(calibration([0, 1, 1], [0.5, 0.5, 0.5], { rows: 'evaluation' }))
    expect([c.recalibration, c.hosmerLemeshow, c.smooth].map((x) => 'code' in x && x.code)).toEqual(['constant', 'constant', 'constant'])
    expect(c.quantileBins).toEqual([])
  })
})

describe('lowess', () => {
  it('keeps a straight line and does not depend on where y is zero', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 6, maxLength: 60 }), (values) => {
      const x = [...values].sort((a, b) => a - b)
      fc.pre(new Set(x).size > 3)
      lowess(x, x.map((v) => 3 - 2 * v), { span: 0.9, iterations: 0 }).forEach((s, i) => { expect(s).toBeCloseTo(3 - 2 * x[i]!, 6) })
      const y = x.map((v) => Math.sin(v))
      const a = lowess(x, y, { iterations: 0 }), b = lowess(x, y.map((v) => v + 5), { iterations: 0 })
      a.forEach((v, i) => { expect(b[i]! - 5).toBeCloseTo(v, 9) })
    }))
  })
  it('has no curve for constant predictions', () => {
    expect(smoothCalibration([0, 1], [0.5, 0.5])).toMatchObject({ ok: false, error: { code: 'constant' } })
  })
})

describe('resampling', () => {
  const random = createRandom('optimism')
  const rows: DataRow[] = Array.from({ length: 120 }, () => {
    const x = random.normal(), row = { x, n1: random.normal(), n2: random.normal(), n3: random.normal() }
    return { ...row, y: random.next() < 1 / (1 + Math.exp(-x)) ? 1 : 0 }
  })
  const terms: Term[] = ['x', 'n1', 'n2', 'n3'].map((name) => ({ kind: 'numeric', name }))
  const spec = { outcome: 'y', terms }

  it('shrinks the apparent performance, repeats with the seed and follows the selection', () => {
    const run = (seed: number) => unwrap(correctOptimism(rows, spec, { selection: { kind: 'aic', direction: 'backward' }, seed, resamples: 40 }))
    const a = run(1)
    expect(a.figures.auc.corrected).toBeLessThan(a.figures.auc.apparent)
    expect(a.figures.slope.corrected).toBeLessThan(1)
    expect(a.figures.brier.corrected).toBeGreaterThan(a.figures.brier.apparent)
    expect(a).toEqual(run(1))
    expect(a.figures.auc.corrected).not.toBe(run(2).figures.auc.corrected)
    expect(a.chosen.x).toBeGreaterThan(0.9)
    expect(a.chosen.n1).toBeLessThan(a.chosen.x!)
    const all = unwrap(correctOptimism(rows, spec, { selection: { kind: 'none' }, seed: 1, resamples: 20 }))
    expect(Object.values(all.chosen)).toEqual([1, 1, 1, 1])
    expect(unwrap(correctOptimism(rows, spec, { selection: { kind: 'screen', cut: 0.05 }, seed: 1, resamples: 20 })).method).toContain('screening')
  })
  it('draws patients, not rows', () => {
    const r = unwrap(correctOptimism(rows, spec, { selection: { kind: 'none' }, seed: 1, resamples: 10, patient: rows.map((_, i) => i >> 2) }))
    expect(r.patients).toBe(30)
  })
  it('refuses separated rows', () => {
    const separated = Array.from({ length: 20 }, (_, i) => ({ x: i, y: i > 9 ? 1 : 0 }))
    expect(correctOptimism(separated, { outcome: 'y', terms: [terms[0]!] }, { selection: { kind: 'none' }, seed: 1, resamples: 5 })).toMatchObject({ ok: false, error: { code: 'separation' } })
  })
  it('gives seeded intervals of calibration figures by patient', () => {
    const y = rows.map((r) => r.y as number), p = rows.map((r) => 1 / (1 + Math.exp(-(r.x as number))))
    const run = () => unwrap(calibrationIntervals(y, p, { seed: 7, resamples: 150, patient: rows.map((_, i) => i >> 1) }))
    const a = run()
    expect(a.slope!.percentile).toEqual(run().slope!.percentile)
    expect(a.slope!.patients).toBe(60)
    expect(a.slope!.percentile.lower).toBeLessThan(1)
    expect(a.slope!.percentile.upper).toBeGreaterThan(1)
    expect(a.slope!.estimate).toBeCloseTo(unwrap(recalibration(y, p)).slope, 8)
    expect(a.inTheLarge!.estimate).toBeCloseTo(unwrap(recalibration(y, p)).inTheLarge, 8)
    expect(calibrationIntervals([0, 1], [0.5, 0.5], { seed: 1 })).toMatchObject({ ok: false, error: { code: 'constant' } })
    const certain = unwrap(calibrationIntervals([...y, 1], [...p, 1], { seed: 1, resamples: 20 }))
    expect(certain.slope).toBeUndefined()
    expect(certain.brier!.estimate).toBeGreaterThan(0)
  })
})
