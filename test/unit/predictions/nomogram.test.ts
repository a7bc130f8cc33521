import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nomogram } from '#shared/statistics/nomogram/index.ts'
import { logit, type CombinedModel } from '#shared/statistics/regression/index.ts'
import { layoutNomogram, placeLabels, type Part } from '#renderer/features/predictions/nomogramLayout.ts'
import { nomogramSvg } from '#renderer/features/predictions/nomogramSvg.ts'
import { controlsOf, differs, readModel, readRow, valueAt, type LiveModel } from '#renderer/features/predictions/whatIf.ts'
import { termLabel } from '#shared/domain/index.ts'

const model: CombinedModel = {
  format: 'sln-combined-model', version: 1, method: 'logistic regression, maximum likelihood', outcome: 'sln', positiveClass: 'SLN metastasis', cohort: 'train', n: 200, events: 90, intercept: -3.1,
  terms: [
    { kind: 'factor', name: 'her2', levels: ['negative', 'positive'], coefficients: [0, 0.6] },
    { kind: 'numeric', name: 'size_mm', unit: 'mm', coefficient: 0.04, observed: { minimum: 5, maximum: 48 } },
    { kind: 'numeric', name: 'dl_signature', coefficient: 4.4, observed: { minimum: 0.02, maximum: 0.98 } },
  ],
  columns: ['(Intercept)', 'her2positive', 'size_mm', 'dl_signature'], covariance: [[0.2, 0, 0, 0], [0, 0.1, 0, 0], [0, 0, 0.001, 0], [0, 0, 0, 0.4]], linearPredictorRange: [-2.6, 3.2],
  threshold: { value: 0.45, rule: 'Youden: x', chosenOn: 'train', chosenOnCases: 200 },
}
const live = (): LiveModel => {
  const made = readModel(JSON.parse(JSON.stringify(model)))
  if (!('live' in made)) throw new Error(made.problem)
  return made.live
}
const drawn = (present = {}, whatIf: object | null = null) => {
  const n = nomogram(model)
  if (!n.ok) throw new Error(n.error.message)
  return { n: n.value, made: layoutNomogram(n.value, { width: 600, label: termLabel, present, whatIf: whatIf as never, riskName: 'Risk' }) }
}
const marks = (parts: readonly Part[], ink: string): { x: number; y: number }[] => parts.flatMap((p) => (p.kind === 'mark' && p.ink === ink ? [{ x: p.x, y: p.y }] : []))

describe('the drawing', () => {
  const row = { her2: 'positive', size_mm: 20, dl_signature: 0.7 }
  test('a mark stands where its points are on the points axis, and total and risk are one upright line', () => {
    const { n, made } = drawn(row)
    const lp = model.intercept + 0.6 + 20 * 0.04 + 0.7 * 4.4
    const [her2, size, dl, total, risk] = marks(made.parts, 'mark')
    const zero = made.axes[0]?.x0 ?? NaN, scale = made.axes[0]?.pointsPerUnit ?? NaN
    expect((her2?.x ?? 0) - zero).toBeCloseTo(0.6 * n.pointsPerUnit * scale, 9)
    expect((dl?.x ?? 0) - zero).toBeCloseTo(0.7 * 4.4 * n.pointsPerUnit * scale, 9)
    expect(size?.y).toBe(made.axes[1]?.y)
    expect(total?.x).toBe(risk?.x)
    // The place on the lower axes is the linear predictor's, so the same as the risk axis gives for the model's probability.
    const span = scale * n.maximumPoints
    expect(((total?.x ?? 0) - zero) / span * n.maximumTotal).toBeCloseTo((lp - n.linearPredictorAtZero) * n.pointsPerUnit, 9)
  })
  test('a case with a gap marks what it has and no total', () => {
    expect(marks(drawn({ her2: 'negative' }).made.parts, 'mark')).toHaveLength(1)
    expect(marks(drawn(row, { ...row, dl_signature: 0.1 }).made.parts, 'whatIf')).toHaveLength(5)
  })
  test('labels on one side of an axis never run into each other', () => {
    fc.assert(fc.property(fc.array(fc.record({ label: fc.string({ minLength: 1, maxLength: 12 }), x: fc.integer({ min: 0, max: 500 }) }), { maxLength: 20 }), (ticks) => {
      const placed = placeLabels(ticks)
      for (const side of [true, false]) {
        const own = placed.filter((p) => p.above === side).map((p) => ({ from: p.tick.x - (p.tick.label.length * 5.6) / 2, to: p.tick.x + (p.tick.label.length * 5.6) / 2 })).sort((a, b) => a.from - b.from)
        for (let i = 1; i < own.length; i++) expect((own[i]?.from ?? 0) - (own[i - 1]?.to ?? 0)).toBeGreaterThanOrEqual(0)
      }
    }))
  })
  test('the SVG file is well formed and holds no markup of a label', () => {
    const { n } = drawn(row)
    const made = layoutNomogram(n, { width: 600, label: () => '<b>&"x\'', present: row, whatIf: null, riskName: 'Risk' })
    const text = nomogramSvg(made, 'A & B', ['<script>'])
    expect(text).not.toMatch(/<b>|<script>|A & B/)
    expect(text.startsWith('<svg xmlns=')).toBe(true)
    expect((text.match(/<text /g) ?? []).length).toBe((text.match(/<\/text>/g) ?? []).length)
  })
})

describe('what if', () => {
  test('the reading is the model\'s own probability, threshold and points', () => {
    const made = readRow(live(), { her2: 'positive', size_mm: 20, dl_signature: 0.7 })
    if (!('reading' in made)) throw new Error(made.problem)
    expect(logit(made.reading.probability)).toBeCloseTo(-3.1 + 0.6 + 0.8 + 3.08, 10)
    expect(made.reading.positive).toBe(true)
    expect(made.reading.effects.map((e) => e.term)).toEqual(['dl_signature', 'size_mm', 'her2'])
    expect(made.reading.total).toBeCloseTo(made.reading.effects.reduce((s, e) => s + e.points, 0), 9)
    expect(made.reading.ci95[0]).toBeLessThan(made.reading.probability)
  })
  test('a value beyond the fitting rows is named, a missing one says which', () => {
    const far = readRow(live(), { her2: 'negative', size_mm: 90, dl_signature: 0.5 })
    expect('reading' in far ? far.reading.extrapolated : null).toEqual(['Lesion size'])
    const gap = readRow(live(), { her2: 'negative', size_mm: 20, dl_signature: null })
    expect('problem' in gap ? gap.problem : null).toContain('dl_signature')
  })
  test('a press on an axis gives the value that stands there, within its range', () => {
    const l = live()
    fc.assert(fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (points) => {
      for (const term of ['size_mm', 'dl_signature']) {
        const value = valueAt(l, term, points), control = controlsOf(l).find((c) => c.term === term)
        if (typeof value !== 'number' || control === undefined) throw new Error('a number was expected')
        expect(value).toBeGreaterThanOrEqual(control.min)
        expect(value).toBeLessThanOrEqual(control.max)
      }
    }))
    const factor = l.nomogram?.predictors[0]?.ticks
    for (const tick of factor ?? []) expect(valueAt(l, 'her2', tick.points)).toBe(tick.label)
    const size = l.nomogram?.predictors[1]?.ticks
    for (const tick of size ?? []) expect(valueAt(l, 'size_mm', tick.points)).toBeCloseTo(tick.value ?? NaN, 6)
  })
  test('a case differs from itself in nothing, and only in terms of the model', () => {
    const row = { her2: 'positive', size_mm: 20, dl_signature: 0.7 }
    expect(differs(live(), row, { ...row, age: 50 })).toBe(false)
    expect(differs(live(), row, { ...row, size_mm: 21 })).toBe(true)
  })
  test('a document that is no model is refused with a sentence', () => {
    const made = readModel({ format: 'x' })
    expect('problem' in made ? made.problem : '').toContain('not a combined model')
  })
})
