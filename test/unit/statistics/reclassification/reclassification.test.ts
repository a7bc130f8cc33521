import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { reclassification, reclassificationIntervals, riskCategory } from '#shared/statistics/reclassification/index.ts'

const probability = fc.integer({ min: 0, max: 20 }).map((k) => k / 20)
const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), probability, probability), { minLength: 2, maxLength: 60 }).map((rows) => {
  const all = [...rows, [0, 0.2, 0.3], [0, 0.5, 0.1], [1, 0.2, 0.6], [1, 0.4, 0.4]] as const
  return { y: all.map((r) => r[0]), a: all.map((r) => r[1]), b: all.map((r) => r[2]) }
})

describe('reclassification', () => {
  it('turns its sign when the models change places', () => {
    fc.assert(fc.property(cases, ({ y, a, b }) => {
      const r = unwrap(reclassification(y, a, b, { rows: 'evaluation', cutoffs: [0.3, 0.6] })), s = unwrap(reclassification(y, b, a, { rows: 'evaluation', cutoffs: [0.3, 0.6] }))
      expect(r.continuous.nri).toBeCloseTo(-s.continuous.nri, 12)
      expect(r.categorical!.nri).toBeCloseTo(-s.categorical!.nri, 12)
      expect(r.idi.idi).toBeCloseTo(-s.idi.idi, 12)
      expect(r.continuous.standardError).toBeCloseTo(s.continuous.standardError, 12)
      expect(r.categorical!.tableEvents).toEqual(s.categorical!.tableEvents.map((_, i) => s.categorical!.tableEvents.map((row) => row[i]!)))
    }))
  })
  it('is the sum of its parts, and its tables count every case', () => {
    fc.assert(fc.property(cases, ({ y, a, b }) => {
      const r = unwrap(reclassification(y, a, b, { rows: 'evaluation', cutoffs: [0.5] }))
      expect(r.categorical!.nri).toBeCloseTo(r.categorical!.event.nri + r.categorical!.nonevent.nri, 12)
      expect(r.categorical!.tableEvents.flat().reduce((s, v) => s + v, 0)).toBe(r.events)
      expect(r.categorical!.tableNonevents.flat().reduce((s, v) => s + v, 0)).toBe(r.nonevents)
      expect(r.idi.idi).toBeCloseTo(r.idi.slopeNew - r.idi.slopeOld, 12)
    }))
  })
  it('puts a probability on a cutoff into the higher category', () => {
    expect([0.29, 0.3, 0.6, 1].map((p) => riskCategory(p, [0.3, 0.6]))).toEqual([0, 1, 2, 2])
  })
  it('shows estimates but no p values on fitting rows', () => {
    const r = unwrap(reclassification([0, 1, 0, 1], [0.2, 0.4, 0.5, 0.6], [0.1, 0.5, 0.4, 0.9], { rows: 'fitting', cutoffs: [0.5] }))
    expect([r.continuous.test, r.continuous.nullTest, r.categorical!.test, r.idi.test]).toEqual([undefined, undefined, undefined, undefined])
    expect(r.withheld).toContain('likelihood-ratio')
    expect(r.continuous.nri).toBe(2)
  })
  it('has no z where nothing moves', () => {
    const r = unwrap(reclassification([0, 1, 0, 1], [0.2, 0.4, 0.5, 0.6], [0.2, 0.4, 0.5, 0.6], { rows: 'evaluation' }))
    expect([r.continuous.nri, r.idi.idi]).toEqual([0, 0])
    expect(r.continuous.test!.p).toBeNaN()
    expect(r.categorical).toBeUndefined()
  })
  it('fails with a code', () => {
    const run = (y: number[], a: number[], b: number[], cutoffs?: number[]) => reclassification(y, a, b, { rows: 'evaluation', ...(cutoffs ? { cutoffs } : {}) })
    expect(run([1, 1], [0.1, 0.2], [0.1, 0.2])).toMatchObject({ ok: false, error: { code: 'one_class' } })
    expect(run([0, 1], [0.1], [0.1, 0.2])).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(run([0, 1], [0.1, 0.2], [0.1, NaN])).toMatchObject({ ok: false, error: { code: 'missing_values' } })
    for (const cutoffs of [[0.6, 0.3], [0], [0.3, 0.3], []]) expect(run([0, 1], [0.1, 0.2], [0.1, 0.2], cutoffs)).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })
  it('brackets its figures by a seeded bootstrap of patients', () => {
    const y = Array.from({ length: 60 }, (_, i) => i % 2), a = y.map((_, i) => 0.2 + ((i * 7) % 10) / 20), b = a.map((p, i) => p + (y[i] ? 0.1 : -0.05) * ((i % 3) - 0.5))
    const run = () => unwrap(reclassificationIntervals(y, a, b, { rows: 'evaluation', cutoffs: [0.4], seed: 5, resamples: 200, patient: y.map((_, i) => i) }))
    const r = run()
    expect(r.idi.percentile).toEqual(run().idi.percentile)
    for (const [figure, estimate] of [[r.idi, r.estimates.idi.idi], [r.continuous.nri, r.estimates.continuous.nri], [r.categorical!.nri, r.estimates.categorical!.nri], [r.categorical!.event, r.estimates.categorical!.event.nri]] as const) {
      expect(figure.estimate).toBeCloseTo(estimate, 12)
      expect(figure.percentile.lower).toBeLessThanOrEqual(estimate)
      expect(figure.percentile.upper).toBeGreaterThanOrEqual(estimate)
    }
    expect(r.idi.standardError / r.estimates.idi.standardError).toBeGreaterThan(0.8)
    expect(r.idi.standardError / r.estimates.idi.standardError).toBeLessThan(1.25)
  })
})
