import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import {
  kruskalWallis, mannWhitney, mannWhitneyExact, pairedT, rankSumDistribution, shapiroWilk, standardisedMeanDifference, studentT, uDistribution, welchAnova, welchT,
} from '#shared/statistics/tests/index.ts'

const sample = (most = 8): fc.Arbitrary<number[]> => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: most })
const spread = (values: readonly number[]): number[] => values.map((v, i) => v + i / 1000)

/** All choices of m of n positions. */
function choices(n: number, m: number): number[][] {
  if (m === 0) return [[]]
  if (n < m) return []
  return [...choices(n - 1, m - 1).map((c) => [...c, n - 1]), ...choices(n - 1, m)]
}

describe('Mann-Whitney', () => {
  it('U counts pairs; both U sum to n1 n2; monotone transforms change nothing', () => {
    fc.assert(fc.property(sample(), sample(), (x, y) => {
      const m = unwrap(mannWhitney(x, y))
      const pairs = x.reduce((s, a) => s + y.reduce((t, b) => t + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0)
      expect(m.u).toBe(pairs)
      expect(m.u + m.uSecond).toBe(x.length * y.length)
      expect(m.probability).toBe(pairs / (x.length * y.length))
      const other = unwrap(mannWhitney(x.map(Math.exp), y.map(Math.exp)))
      expect(other).toEqual(m)
      const swapped = unwrap(mannWhitney(y, x))
      expect([swapped.u, swapped.normal?.p]).toEqual([m.uSecond, m.normal?.p])
    }))
  })
  it('exact p equals counting every split of the pooled ranks, with and without ties', () => {
    fc.assert(fc.property(sample(6), sample(6), fc.boolean(), (a, b, tied) => {
      const pooled = tied ? [...a, ...b] : spread([...a, ...b])
      const x = pooled.slice(0, a.length), y = pooled.slice(a.length)
      const exact = unwrap(mannWhitneyExact(x, y))
      const center = (x.length * y.length) / 2, observed = Math.abs(unwrap(mannWhitney(x, y)).u - center)
      const splits = choices(pooled.length, x.length).map((chosen) => {
        const inside = new Set(chosen)
        return unwrap(mannWhitney(pooled.filter((_, i) => inside.has(i)), pooled.filter((_, i) => !inside.has(i)))).u
      })
      const p = splits.filter((u) => Math.abs(u - center) >= observed - 1e-9).length / splits.length
      expect(exact.p).toBeCloseTo(p, 12)
    }), { numRuns: 60 })
  })
  it('the distributions count all choices', () => {
    expect([...uDistribution(2, 3)]).toEqual([1, 1, 2, 2, 2, 1, 1])
    expect(uDistribution(4, 7).reduce((a, b) => a + b, 0)).toBe(330)
    expect(uDistribution(60, 80).reduce((a, b) => a + b, 0) / 8.3e39).toBeGreaterThan(0)
    expect([...rankSumDistribution([1, 1, 2], 2)]).toEqual([0, 0, 1, 2])
  })
  it('equal values: no z, exact p is 1', () => {
    const m = unwrap(mannWhitney([2, 2], [2, 2, 2]))
    expect(m).toMatchObject({ u: 3, ties: true, normal: null, normalCorrected: null })
    expect(unwrap(mannWhitneyExact([2, 2], [2, 2, 2])).p).toBe(1)
  })
  it('infinities have ranks; missing values and empty groups are refused', () => {
    expect(unwrap(mannWhitney([-Infinity, 1], [Infinity])).u).toBe(0)
    expect(mannWhitney([], [1])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(mannWhitney([NaN], [1])).toMatchObject({ ok: false, error: { code: 'missing_values' } })
  })
  it('refuses an exact test that would take too long', () => {
    const random = createRandom(4)
    const x = Array.from({ length: 3000 }, () => random.next()), y = Array.from({ length: 3000 }, () => random.next())
    expect(mannWhitneyExact(x, y)).toMatchObject({ ok: false, error: { code: 'too_large' } })
  })
})

describe('t tests', () => {
  it('shift and scale as they should; order within groups does not matter', () => {
    fc.assert(fc.property(sample(10), sample(10), fc.integer({ min: -50, max: 50 }), (x, y, shift) => {
      const a = welchT(x, y), b = welchT(x.map((v) => 2 * v + shift).reverse(), y.map((v) => 2 * v + shift))
      expect(a.ok).toBe(b.ok)
      if (!a.ok || !b.ok) return
      expect(b.value.t).toBeCloseTo(a.value.t, 8)
      expect(b.value.df).toBeCloseTo(a.value.df, 6)
      expect(b.value.difference).toBeCloseTo(2 * a.value.difference, 8)
    }))
  })
  it('Welch and Student agree for groups of equal size and spread', () => {
    const w = unwrap(welchT([1, 2, 3], [4, 5, 6])), s = unwrap(studentT([1, 2, 3], [4, 5, 6]))
    expect(w.t).toBeCloseTo(s.t, 12)
    expect(w.df).toBeCloseTo(4, 12)
    expect([w.method, s.method]).toEqual(['Welch', 'Student, pooled variance'])
  })
  it('the paired test is the one-sample test of the differences', () => {
    const p = unwrap(pairedT([1, 4, 3], [2, 2, 2]))
    expect(p.t).toBeCloseTo(2 / 3 / Math.sqrt(7 / 3 / 3), 12)
    expect(p.df).toBe(2)
  })
  it('refuses constants, too few and infinite values', () => {
    expect(welchT([1, 1], [1, 1])).toMatchObject({ ok: false, error: { code: 'constant' } })
    expect(welchT([0, 0], [0, 0])).toMatchObject({ ok: false, error: { code: 'constant' } })
    expect(welchT([1], [1, 2])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(studentT([1], [2])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(welchT([1, Infinity], [1, 2])).toMatchObject({ ok: false, error: { code: 'not_finite' } })
    expect(pairedT([1, 2], [1])).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(standardisedMeanDifference([1, 1], [1, 1])).toBeNull()
    expect(standardisedMeanDifference([1], [1, 2])).toBeNull()
  })
})

describe('several groups', () => {
  it('of two groups: Kruskal-Wallis is the square of the normal rank test, Welch the square of t', () => {
    fc.assert(fc.property(sample(12), sample(12), (x, y) => {
      const k = kruskalWallis([x, y]), m = unwrap(mannWhitney(x, y))
      if (!k.ok) expect(m.normal).toBeNull()
      else expect(k.value.h).toBeCloseTo(m.normal!.z ** 2, 8)
      const f = welchAnova([x, y]), t = welchT(x, y)
      if (f.ok && t.ok) {
        expect(f.value.f).toBeCloseTo(t.value.t ** 2, 6)
        expect(f.value.df2).toBeCloseTo(t.value.df, 6)
      }
    }))
  })
  it('refuses what cannot be compared', () => {
    expect(kruskalWallis([[1, 2]])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(kruskalWallis([[1, 1], [1]])).toMatchObject({ ok: false, error: { code: 'constant' } })
    expect(kruskalWallis([[1, NaN], [1]])).toMatchObject({ ok: false, error: { code: 'missing_values' } })
    expect(welchAnova([[1, 1], [1, 2]])).toMatchObject({ ok: false, error: { code: 'constant' } })
  })
})

describe('Shapiro-Wilk', () => {
  it('does not depend on order, location and scale', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 60 }).filter((v) => new Set(v).size > 1), fc.integer(), (values, seed) => {
      const a = unwrap(shapiroWilk(values)), b = unwrap(shapiroWilk(createRandom(seed).shuffle(values).map((v) => 3 * v - 7)))
      expect(b.w).toBeCloseTo(a.w, 10)
      expect(a.w).toBeGreaterThan(0)
      expect(a.w).toBeLessThanOrEqual(1)
      expect(a.p).toBeGreaterThanOrEqual(0)
      expect(a.p).toBeLessThanOrEqual(1)
    }))
  })
  it('refuses too few, too many, equal and infinite values', () => {
    expect(shapiroWilk([1, 2])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(shapiroWilk(Array.from({ length: 5001 }, (_, i) => i))).toMatchObject({ ok: false, error: { code: 'too_large' } })
    expect(shapiroWilk([4, 4, 4])).toMatchObject({ ok: false, error: { code: 'constant' } })
    expect(shapiroWilk([4, Infinity, 4])).toMatchObject({ ok: false, error: { code: 'not_finite' } })
  })
})
