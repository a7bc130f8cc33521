import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { decisionCurveIntervals, decisionCurves, percentThresholds } from '#shared/statistics/decision/index.ts'

const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 100 }).map((k) => k / 100)), { minLength: 2, maxLength: 60 })
  .map((rows) => ({ y: rows.map((r) => r[0]), p: rows.map((r) => r[1]) }))

describe('decisionCurves', () => {
  it('counts as the definition does, for thresholds and probabilities that tie', () => {
    fc.assert(fc.property(cases, ({ y, p }) => {
      const { models: [m] } = unwrap(decisionCurves(y, [{ name: 'm', probability: p }]))
      percentThresholds.forEach((t, k) => {
        const tp = y.filter((v, i) => v === 1 && p[i]! >= t).length, fp = y.filter((v, i) => v === 0 && p[i]! >= t).length
        expect([m!.truePositives[k], m!.falsePositives[k]]).toEqual([tp, fp])
        expect(m!.netBenefit[k]).toBeCloseTo(tp / y.length - fp / y.length * t / (1 - t), 12)
      })
    }))
  })
  it('is treat-all for a model that is always certain and treat-none for one that never is', () => {
    const y = [0, 1, 1, 0, 0]
    const c = unwrap(decisionCurves(y, [{ name: 'all', probability: [1, 1, 1, 1, 1] }, { name: 'none', probability: [0, 0, 0, 0, 0] }]))
    c.models[0]!.netBenefit.forEach((b, k) => { expect(b).toBeCloseTo(c.treatAll[k]!, 12) })
    expect(c.models[1]!.netBenefit.every((b) => b === 0)).toBe(true)
    expect(c.treatNone.every((b) => b === 0)).toBe(true)
  })
  it('is at most the prevalence, reached by a perfect model', () => {
    fc.assert(fc.property(cases, ({ y, p }) => {
      const c = unwrap(decisionCurves(y, [{ name: 'm', probability: p }, { name: 'perfect', probability: y }]))
      for (const b of c.models[0]!.netBenefit) expect(b).toBeLessThanOrEqual(c.prevalence + 1e-12)
      for (const b of c.models[1]!.netBenefit) expect(b).toBeCloseTo(c.prevalence, 12)
    }))
  })
  it('fails with a code', () => {
    expect(decisionCurves([], [])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(decisionCurves([0, 1], [{ name: 'm', probability: [0.1, 2] }])).toMatchObject({ ok: false, error: { code: 'out_of_range', subject: 'm' } })
    expect(decisionCurves([0, 1], [], [0.5, 0.2])).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
    expect(decisionCurves([0, 1], [], [1])).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })
})

describe('decisionCurveIntervals', () => {
  const y = Array.from({ length: 80 }, (_, i) => (i % 5 < 2 ? 1 : 0)), p = y.map((v, i) => 0.2 + 0.4 * v + 0.3 * ((i * 37) % 10) / 10)
  it('brackets the curve, repeats with its seed and counts patients', () => {
    const run = (seed: number) => unwrap(decisionCurveIntervals(y, [{ name: 'm', probability: p }], { seed, resamples: 200, thresholds: [0.1, 0.3, 0.5], patient: y.map((_, i) => i >> 1) }))
    const a = run(1)
    expect(a).toEqual(run(1))
    expect(a.models[0]!.netBenefit).not.toEqual(run(2).models[0]!.netBenefit)
    expect(a.patients).toBe(40)
    a.curves.models[0]!.netBenefit.forEach((b, k) => {
      const { lower, upper, level } = a.models[0]!.netBenefit[k]!
      expect(lower).toBeLessThanOrEqual(b)
      expect(upper).toBeGreaterThanOrEqual(b)
      expect(level).toBe(0.95)
    })
    expect(a.models[0]!.gainEstimate[0]).toBeCloseTo(a.curves.models[0]!.netBenefit[0]! - Math.max(0, a.curves.treatAll[0]!), 12)
  })
})
