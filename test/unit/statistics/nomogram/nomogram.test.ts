import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { nomogram, nomogramPoints, pointsAtProbability, prettyTicks, probabilityAtPoints, valueAtPoints } from '#shared/statistics/nomogram/index.ts'
import { expit, logit, predictCombined, type CombinedModel, type CombinedTerm, type DataRow } from '#shared/statistics/regression/index.ts'

function model(intercept: number, terms: CombinedTerm[], linearPredictorRange: [number, number] = [-4, 3]): CombinedModel {
  const columns = ['(Intercept)', ...terms.flatMap((t) => (t.kind === 'numeric' ? [t.name] : t.levels.slice(1).map((l) => t.name + l)))]
  return {
    format: 'sln-combined-model', version: 1, method: 'given', outcome: 'sln', positiveClass: 'SLN metastasis', cohort: 'training', n: 405, events: 189, intercept, terms,
    columns, covariance: columns.map((_, i) => columns.map((__, j) => (i === j ? 0.01 : 0))), linearPredictorRange,
  }
}

describe("the published study's nomogram (its Figure 7)", () => {
  // The two printed readings fix the scale: 70 points are logit(0.625) - logit(0.07) = 3.098, so 0.0443 a point and -5.02 at no points.
  // The deep-learning signature spans the 100 points over 0..1; the histologic type of the example is worth 45 of them.
  const perPoint = (logit(0.625) - logit(0.07)) / 70
  const published = model(logit(0.07) - 55 * perPoint, [
    { kind: 'factor', name: 'her2', levels: ['negative', 'positive'], coefficients: [0, 0.371] },
    { kind: 'factor', name: 'histologic type', levels: ['III', 'I', 'II', 'IV'], coefficients: [0, 0.4, 45 * perPoint, 1.2] },
    { kind: 'numeric', name: 'dl', coefficient: 100 * perPoint, observed: { minimum: 0.02, maximum: 0.97 } },
  ])
  const n = unwrap(nomogram(published))
  const first = unwrap(nomogramPoints(n, { her2: 'negative', 'histologic type': 'II', dl: 0.805 }))
  const second = unwrap(nomogramPoints(n, { her2: 'negative', 'histologic type': 'II', dl: 0.105 }))

  it('gives 45, 80 and 10 points within the rounding of the drawing', () => {
    expect(first.points.her2).toBe(0)
    expect(first.points['histologic type']).toBeCloseTo(45, 10)
    expect(Math.abs(first.points.dl! - 80)).toBeLessThanOrEqual(0.5 + 1e-9)
    expect(Math.abs(second.points.dl! - 10)).toBeLessThanOrEqual(0.5 + 1e-9)
    expect(perPoint).toBeCloseTo(0.0443, 4)
    expect(n.linearPredictorAtZero).toBeCloseTo(-5.02, 2)
  })
  it('reads 62.5 % at 125 points and 7 % at 55', () => {
    expect(probabilityAtPoints(n, 125)).toBeCloseTo(0.625, 12)
    expect(probabilityAtPoints(n, 55)).toBeCloseTo(0.07, 12)
    expect(pointsAtProbability(n, 0.625)).toBeCloseTo(125, 9)
    // The two patients of the example, read without rounding, lie within half a point of the printed totals.
    expect(Math.abs(first.total - 125)).toBeLessThanOrEqual(0.5 + 1e-9)
    expect(Math.abs(second.total - 55)).toBeLessThanOrEqual(0.5 + 1e-9)
  })
  it('places every tick on the axis it is drawn on', () => {
    expect(n.predictors[2]!.ticks.map((t) => t.label)).toEqual(['0', '0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9', '1'])
    for (const p of n.predictors) for (const t of p.ticks) expect(t.position).toBeCloseTo(t.points / 100, 12)
    for (const t of [...n.total, ...n.risk, ...n.linearPredictor]) expect(t.position).toBeCloseTo(t.points / n.maximumTotal, 12)
    expect(n.risk.find((t) => t.label === '0.5')!.points).toBeCloseTo(-n.linearPredictorAtZero / perPoint, 9)
  })
})

const coefficient = fc.double({ min: -3, max: 3, noNaN: true }).filter((b) => Math.abs(b) > 1e-3)
const numericTerm = fc.record({ coefficient, low: fc.integer({ min: -50, max: 50 }), width: fc.integer({ min: 1, max: 80 }) })
const anyModel = fc.record({
  intercept: fc.double({ min: -5, max: 5, noNaN: true }), numerics: fc.array(numericTerm, { minLength: 1, maxLength: 3 }), level: fc.array(coefficient, { minLength: 1, maxLength: 4 }),
}).map(({ intercept, numerics, level }) => model(intercept, [
  { kind: 'factor', name: 'f', levels: ['0', ...level.map((_, i) => String(i + 1))], coefficients: [0, ...level] },
  ...numerics.map(({ coefficient: b, low, width }, i): CombinedTerm => ({ kind: 'numeric', name: `x${i}`, coefficient: b / width, observed: { minimum: low, maximum: low + width } })),
]))

describe('nomogram', () => {
  it("reproduces the model's probability to 1e-12 from the points", () => {
    fc.assert(fc.property(anyModel, fc.array(fc.double({ min: -60, max: 140, noNaN: true }), { minLength: 3, maxLength: 3 }), fc.nat(), (m, values, pick) => {
      const row: DataRow = Object.fromEntries(m.terms.map((t, i) => [t.name, t.kind === 'factor' ? t.levels[pick % t.levels.length]! : values[i - 1]!]))
      const n = unwrap(nomogram(m))
      const read = unwrap(nomogramPoints(n, row))
      const p = unwrap(predictCombined(m, row)).probability
      expect(Math.abs(read.probability - p)).toBeLessThanOrEqual(1e-12)
      const back = pointsAtProbability(n, read.probability)
      if (p > 1e-3 && p < 1 - 1e-3) expect(probabilityAtPoints(n, back)).toBeCloseTo(p, 12)
    }))
  })
  it('spans 0 to 100 points on the widest axis, and starts every axis at 0', () => {
    fc.assert(fc.property(anyModel, (m) => {
      const n = unwrap(nomogram(m))
      expect(Math.max(...n.predictors.map((p) => p.maximum))).toBeCloseTo(100, 9)
      for (const p of n.predictors) expect(Math.min(...p.ticks.map((t) => t.points))).toBe(0)
    }))
  })
  it('reads a value back from its points', () => {
    fc.assert(fc.property(anyModel, fc.double({ min: 0, max: 1, noNaN: true }), (m, share) => {
      const t = m.terms[1]!
      if (t.kind !== 'numeric') throw new Error('numeric expected')
      const value = t.observed.minimum + share * (t.observed.maximum - t.observed.minimum)
      const n = unwrap(nomogram(m))
      const row = Object.fromEntries(m.terms.map((u) => [u.name, u.kind === 'factor' ? '0' : u.name === t.name ? value : 0]))
      const { points } = unwrap(nomogramPoints(n, row))
      expect(Math.abs(unwrap(valueAtPoints(n, t.name, points[t.name]!)) - value)).toBeLessThan(1e-8 * Math.max(1, Math.abs(value)) / Math.min(1, Math.abs(t.coefficient)))
    }))
  })
  it('uses the values themselves for a predictor of few values', () => {
    const n = unwrap(nomogram(model(0, [{ kind: 'numeric', name: 'stage', coefficient: 1, observed: { minimum: 0, maximum: 7, distinct: [0, 2, 7] } }])))
    expect(n.predictors[0]!.ticks.map((t) => t.value)).toEqual([0, 2, 7])
    expect(n.maximumTotal).toBe(100)
  })
  it('fails with a code', () => {
    const flat = model(0, [{ kind: 'numeric', name: 'x', coefficient: 0, observed: { minimum: 0, maximum: 1 } }])
    expect(nomogram(flat)).toMatchObject({ ok: false, error: { code: 'constant' } })
    const n = unwrap(nomogram(model(0, [{ kind: 'numeric', name: 'x', coefficient: 1, observed: { minimum: 0, maximum: 1 } }, { kind: 'factor', name: 'f', levels: ['a', 'b'], coefficients: [0, 1] }])))
    expect(nomogramPoints(n, { x: 1 })).toMatchObject({ ok: false, error: { code: 'missing_values', subject: 'f' } })
    expect(nomogramPoints(n, { x: 1, f: 'c' })).toMatchObject({ ok: false, error: { code: 'unknown_level', subject: 'f' } })
    expect(nomogramPoints(n, { x: 'one', f: 'a' })).toMatchObject({ ok: false, error: { code: 'not_finite', subject: 'x' } })
    expect(valueAtPoints(n, 'f', 3)).toMatchObject({ ok: false, error: { code: 'bad_task' } })
    expect(nomogram(model(0, [{ kind: 'numeric', name: 'x', coefficient: 1, observed: { minimum: 0, maximum: 1 } }]), { axes: { x: [1] } })).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })
})

describe('prettyTicks', () => {
  it('covers the range in equal steps of 1, 2 or 5 times a power of ten', () => {
    fc.assert(fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 1e6, noNaN: true }), (low, width) => {
      const t = prettyTicks(low, low + width)
      const step = t[1]! - t[0]!
      expect(t[0]).toBeLessThanOrEqual(low + 1e-9 * step)
      expect(t.at(-1)).toBeGreaterThanOrEqual(low + width - 1e-9 * step)
      const lead = step / 10 ** Math.floor(Math.log10(step * (1 + 1e-9)))
      expect(Math.min(...[1, 2, 5, 10].map((u) => Math.abs(u - lead)))).toBeLessThan(1e-6)
      expect(t.length).toBeLessThanOrEqual(25)
    }))
  })
})

describe('expit and logit', () => {
  it('undo each other', () => {
    fc.assert(fc.property(fc.double({ min: -30, max: 15, noNaN: true }), (lp) => { expect(Math.abs(logit(expit(lp)) - lp)).toBeLessThan(1e-8) }))
  })
})
