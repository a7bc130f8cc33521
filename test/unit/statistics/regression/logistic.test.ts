import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import {
  coefficientIntervals, firthRegression, likelihoodRatioTest, logisticRegression, newtonLogistic, oddsRatioTables, penalisedLikelihoodRatioTest, prepareData,
  screenTerms, stepwiseAic, varianceInflation, waldTest, type DataRow, type Term,
} from '#shared/statistics/regression/index.ts'

const x: Term = { kind: 'numeric', name: 'x', unit: 'mm' }
const z: Term = { kind: 'numeric', name: 'z' }
const f: Term = { kind: 'factor', name: 'f', levels: ['a', 'b', 'c'] }

/** Rows with a real effect of x and f, none of z, and no separation. */
function simulated(n: number, seed: string | number): DataRow[] {
  const random = createRandom(seed)
  return Array.from({ length: n }, (_, i) => {
    const row = { x: Math.round(random.normal() * 100) / 10, z: random.normal(), f: ['a', 'b', 'c'][i % 3]! }
    const lp = -0.3 + 0.1 * row.x + (row.f === 'c' ? 0.8 : 0)
    return { ...row, y: random.next() < 1 / (1 + Math.exp(-lp)) ? 1 : 0 }
  })
}

describe('logisticRegression', () => {
  it('equals the closed form of a 2 x 2 table', () => {
    const rows = [[12, 'a', 1], [30, 'a', 0], [22, 'b', 1], [18, 'b', 0]].flatMap(([k, level, y]) => Array.from({ length: k as number }, () => ({ f: level as string, y: y as number })))
    const m = unwrap(logisticRegression(rows, { outcome: 'y', terms: [{ kind: 'factor', name: 'f', levels: ['a', 'b'] }] }))
    const b = m.coefficients[1]!
    expect(b.oddsRatio).toBeCloseTo((22 * 30) / (18 * 12), 12)
    expect(b.standardError).toBeCloseTo(Math.sqrt(1 / 12 + 1 / 30 + 1 / 22 + 1 / 18), 12)
    expect(b.reference).toBe('a')
    expect(b.interval).toMatchObject({ level: 0.95, method: 'Wald' })
    expect(m.likelihoodRatio.df).toBe(1)
  })

  it('carries method, n, unit and what was left out', () => {
    const rows = [...simulated(60, 1), { x: null, z: 1, f: 'a', y: 1 }, { x: 2, z: NaN, f: '', y: 0 }]
    const m = unwrap(logisticRegression(rows, { outcome: 'y', terms: [x, z, f] }))
    expect(m.missing).toEqual({ total: 62, used: 60, dropped: 2, byColumn: { y: 0, x: 1, z: 1, f: 1 } })
    expect(m.coefficients[1]).toMatchObject({ unit: 'mm' })
    expect(m.method).toContain('maximum likelihood')
    expect(m.findings.join(' ')).toContain('2 of 62 rows')
  })

  it('has a score of zero at the solution, and fitted probabilities that sum to the events', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 40, max: 120 }), (seed, n) => {
      const rows = simulated(n, seed)
      const fit = logisticRegression(rows, { outcome: 'y', terms: [x, z, f] })
      fc.pre(fit.ok && fit.value.interpretable)
      const m = unwrap(fit)
      const residual = m.fitted.map((p, i) => (rows[i]!.y as number) - p)
      expect(Math.abs(residual.reduce((s, r) => s + r, 0))).toBeLessThan(1e-9)
      expect(Math.abs(residual.reduce((s, r, i) => s + r * (rows[i]!.x as number), 0))).toBeLessThan(1e-8)
    }), { numRuns: 40 })
  })

  it('does not depend on the order of rows, and follows a change of unit and of class labels', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 50 }), (seed, scale) => {
      const rows = simulated(80, seed)
      const fit = logisticRegression(rows, { outcome: 'y', terms: [x, f] })
      fc.pre(fit.ok && fit.value.interpretable)
      const m = unwrap(fit)
      const same = (list: DataRow[], expected: number[]): void => {
        const b = unwrap(logisticRegression(list, { outcome: 'y', terms: [x, f] })).coefficients.map((c) => c.estimate)
        b.forEach((v, i) => { expect(Math.abs(v - expected[i]!)).toBeLessThan(1e-9 * Math.max(1, Math.abs(v))) })
      }
      const b = m.coefficients.map((c) => c.estimate)
      same(createRandom(seed).shuffle(rows), b)
      same(rows.map((r) => ({ ...r, y: 1 - (r.y as number) })), b.map((v) => -v))
      same(rows.map((r) => ({ ...r, x: (r.x as number) * scale })), b.map((v, i) => (i === 1 ? v / scale : v)))
    }), { numRuns: 25 })
  })

  it('always flags separable data, names the term and refuses to interpret', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true })), { minLength: 8, maxLength: 40 }), (points) => {
      const rows = points.map(([a, b]) => ({ x: Math.round(a * 100) / 100, z: Math.round(b * 100) / 100, y: Math.round(a * 100) > 20 ? 1 : 0 }))
      const events = rows.filter((r) => r.y === 1).length
      fc.pre(events > 0 && events < rows.length && new Set(rows.map((r) => r.z)).size > 2)
      const m = unwrap(logisticRegression(rows, { outcome: 'y', terms: [x, z] }))
      expect(m.separation.kind).toBe('complete')
      expect(m.separation.terms).toHaveLength(1)
      expect(m.interpretable).toBe(false)
      const alone = unwrap(logisticRegression(rows, { outcome: 'y', terms: [x] }))
      expect(alone.separation).toMatchObject({ kind: 'complete', terms: ['x'], columns: [{ name: 'x', sign: 1 }] })
      expect(waldTest(alone, 'x')).toMatchObject({ ok: false, error: { code: 'separation' } })
    }), { numRuns: 60 })
  })

  it('never flags data in which every combination of predictors has both outcomes', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.constantFrom('a', 'b', 'c')), { minLength: 6, maxLength: 20 }), (points) => {
      fc.pre(new Set(points.map((p) => p[1])).size > 1)
      const rows = points.flatMap(([a, level]) => [0, 1].map((y) => ({ x: a, f: level, y })))
      expect(unwrap(logisticRegression(rows, { outcome: 'y', terms: [x, f] })).separation.kind).toBe('none')
    }), { numRuns: 60 })
  })

  it('names the level behind a quasi-complete separation, and its direction', () => {
    const rows = simulated(90, 4).map((r) => (r.f === 'b' ? { ...r, y: 0 } : r))
    const m = unwrap(logisticRegression(rows, { outcome: 'y', terms: [x, f] }))
    expect(m.separation).toMatchObject({ kind: 'quasi', terms: ['f'], columns: [{ name: 'fb', term: 'f', sign: -1 }], separatedRows: 30 })
    expect(m.findings.join(' ')).toContain('"f" separates the two classes in 30 of 90 rows')
  })

  it.each([
    ['no rows', [], 'too_few'],
    ['nothing complete', [{ x: null, z: 1, f: 'a', y: 1 }], 'all_missing'],
    ['one class', simulated(20, 1).map((r) => ({ ...r, y: 1 })), 'one_class'],
    ['another label', [{ x: 1, z: 1, f: 'a', y: 2 }], 'bad_labels'],
    ['an unknown level', [{ x: 1, z: 1, f: 'q', y: 1 }], 'unknown_level'],
    ['an infinite value', [{ x: Infinity, z: 1, f: 'a', y: 1 }], 'not_finite'],
    ['a factor of one level', simulated(20, 1).map((r) => ({ ...r, f: 'a' })), 'constant'],
  ] as [string, DataRow[], string][])('fails with a code for %s', (_, rows, code) => {
    expect(logisticRegression(rows, { outcome: 'y', terms: [x, z, f] })).toMatchObject({ ok: false, error: { code } })
  })

  it('refuses a predictor used twice', () => {
    expect(logisticRegression(simulated(20, 1), { outcome: 'y', terms: [x, x] })).toMatchObject({ ok: false, error: { code: 'bad_task', subject: 'x' } })
  })

  it('fits one row more than columns without NaN', () => {
    const rows = simulated(6, 2).map((r, i) => ({ ...r, y: i % 2 }))
    const m = logisticRegression(rows, { outcome: 'y', terms: [x, z] })
    expect(m.ok && (m.value.interpretable || m.value.separation.message !== undefined)).toBe(true)
  })
})

describe('tests of models and terms', () => {
  const rows = simulated(150, 9)
  const data = unwrap(prepareData(rows, { outcome: 'y', terms: [x, z, f] }))
  const larger = unwrap(logisticRegression(rows, { outcome: 'y', terms: [x, z, f] }))
  const smaller = unwrap(logisticRegression(rows, { outcome: 'y', terms: [x] }))
  it('compares nested models on the same rows only', () => {
    expect(unwrap(likelihoodRatioTest(smaller, larger))).toMatchObject({ df: 3, method: 'likelihood ratio' })
    const other = unwrap(logisticRegression(rows.slice(1), { outcome: 'y', terms: [x] }))
    expect(likelihoodRatioTest(other, larger)).toMatchObject({ ok: false, error: { code: 'not_paired' } })
    const alone = unwrap(logisticRegression(rows, { outcome: 'y', terms: [z] }))
    expect(likelihoodRatioTest(smaller, alone)).toMatchObject({ ok: false, error: { code: 'bad_task' } })
    expect(likelihoodRatioTest(larger, larger)).toMatchObject({ ok: false, error: { code: 'undefined' } })
  })
  it('squares to the Wald z for a single column', () => {
    expect(unwrap(waldTest(larger, 'x')).chiSquare).toBeCloseTo(larger.coefficients[1]!.z ** 2, 10)
    expect(waldTest(larger, 'none')).toMatchObject({ ok: false, error: { code: 'unknown_column' } })
  })
  it('keeps what matters by screening and by AIC, in either direction', () => {
    expect(screenTerms(data, 0.05).kept).toContain('x')
    const backward = stepwiseAic(data, { direction: 'backward' })
    expect(backward.selected).toContain('x')
    const aics = backward.path.map((s) => s.aic)
    expect(aics).toEqual([...aics].sort((a, b) => b - a))
    expect(stepwiseAic(data, { direction: 'forward' }).path[0]!.terms).toEqual([])
  })
  it('puts univariable and multivariable tables on the same rows, or on each predictor\'s own', () => {
    const gaps = rows.map((r, i) => (i < 10 ? { ...r, z: null } : r))
    const spec = { outcome: 'y', terms: [x, z] }
    expect(unwrap(oddsRatioTables(gaps, spec)).univariable.map((m) => m.n)).toEqual([140, 140])
    expect(unwrap(oddsRatioTables(gaps, spec, 'complete for each')).univariable.map((m) => m.n)).toEqual([150, 140])
  })
  it('gives inflation of 1 for independent designs and refuses a single term', () => {
    const grid = [0, 1].flatMap((a) => [0, 1].flatMap((b) => [0, 1].map((y) => ({ x: a, z: b, y }))))
    const m = unwrap(logisticRegression(grid, { outcome: 'y', terms: [x, z] }))
    for (const v of unwrap(varianceInflation(m))) expect(v.gvif).toBeCloseTo(1, 12)
    expect(varianceInflation(smaller)).toMatchObject({ ok: false, error: { code: 'too_few' } })
  })
  it('has the same maximum by Newton steps as by weighted least squares', () => {
    const fast = newtonLogistic(data.design.x, data.y, [0, 1, 2, 3, 4])
    expect(fast.deviance).toBeCloseTo(larger.deviance, 8)
    fast.coefficients.forEach((b, i) => { expect(b).toBeCloseTo(larger.coefficients[i]!.estimate, 8) })
  })
  it('repeats rows by weight as if they stood there several times', () => {
    const weights = Float64Array.from(rows, (_, i) => i % 3)
    const repeated = rows.flatMap((r, i) => new Array<DataRow>(i % 3).fill(r))
    const m = unwrap(logisticRegression(repeated, { outcome: 'y', terms: [x, z, f] }))
    const fast = newtonLogistic(data.design.x, data.y, [0, 1, 2, 3, 4], weights)
    // Level 'a' has weight 0 throughout: its absence makes 'b' the reference.
    expect(fast.deviance).toBeCloseTo(m.deviance, 7)
    expect(fast.rank).toBe(m.coefficients.length)
  })
})

describe('Firth', () => {
  it('is finite on separated data and agrees with its own likelihood-ratio test', () => {
    const rows = Array.from({ length: 16 }, (_, i) => ({ x: i, z: (i * 7) % 5, y: i > 7 ? 1 : 0 }))
    const m = unwrap(firthRegression(rows, { outcome: 'y', terms: [x, z] }))
    const bx = m.coefficients[1]!
    expect(bx.interval.lower).toBeGreaterThan(1)
    expect(bx.interval.method).toContain('profile')
    const data = unwrap(prepareData(rows, { outcome: 'y', terms: [x, z] }))
    expect(unwrap(penalisedLikelihoodRatioTest(data, ['x', 'z'], 'x')).p).toBeCloseTo(bx.p, 10)
  })
  it('adds a half to each cell of a saturated 2 x 2 table', () => {
    const rows = [[5, 'a', 1], [9, 'a', 0], [7, 'b', 1], [0, 'b', 0]].flatMap(([k, level, y]) => Array.from({ length: k as number }, () => ({ f: level as string, y: y as number })))
    const m = unwrap(firthRegression(rows, { outcome: 'y', terms: [{ kind: 'factor', name: 'f', levels: ['a', 'b'] }] }, { intervals: 'wald' }))
    expect(m.coefficients[1]!.estimate).toBeCloseTo(Math.log((7.5 * 9.5) / (0.5 * 5.5)), 9)
  })
})

describe('bootstrap of coefficients', () => {
  it('is repeatable, by patient, and says when samples are separated', () => {
    const rows = simulated(120, 3)
    const spec = { outcome: 'y', terms: [x] }
    const run = (seed: number) => unwrap(coefficientIntervals(rows, spec, { seed, resamples: 200, patient: rows.map((_, i) => Math.floor(i / 2)) }))
    const [a, b, c] = [run(1), run(1), run(2)]
    expect(a[1]!.bootstrap.percentile).toEqual(b[1]!.bootstrap.percentile)
    expect(a[1]!.bootstrap.percentile).not.toEqual(c[1]!.bootstrap.percentile)
    expect(a[1]!.bootstrap.patients).toBe(60)
    const m = unwrap(logisticRegression(rows, spec))
    expect(a[1]!.bootstrap.estimate).toBeCloseTo(m.coefficients[1]!.estimate, 7)
    const separated = Array.from({ length: 12 }, (_, i) => ({ x: i, y: i > 5 ? 1 : 0 }))
    expect(coefficientIntervals(separated, spec, { seed: 1, resamples: 50 })).toMatchObject({ ok: false, error: { code: 'separation' } })
  })
})
