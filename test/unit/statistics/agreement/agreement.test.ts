import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { blandAltman, cohenKappa, crossTable, fleissKappa, icc, type KappaWeights } from '#shared/statistics/agreement/index.ts'

const ratings = fc.tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 4 }))
  .chain(([n, k]) => fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: k, maxLength: k }), { minLength: n, maxLength: n }))
const pairs = (levels: number): fc.Arbitrary<[number, number][]> => fc.array(fc.tuple(fc.integer({ min: 1, max: levels }), fc.integer({ min: 1, max: levels })), { minLength: 1, maxLength: 40 })
const close = (a: number, b: number, tolerance = 1e-9): void => { expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b))) }

describe('intraclass correlation', () => {
  it('gives the six values of Shrout and Fleiss (1979), table 4', () => {
    const table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    const { forms } = unwrap(icc(table))
    expect(Object.values(forms).map((f) => Number(f.estimate.toFixed(2)))).toEqual([0.17, 0.29, 0.71, 0.44, 0.62, 0.91])
    expect(forms['ICC(2,1)']).toMatchObject({ mcGrawWong: 'ICC(A,1)', model: 'two-way random', agreement: 'absolute', unit: 'single rating', df1: 5, df2: 15 })
    expect(forms['ICC(2,1)'].interval!.lower.toFixed(2)).toBe('0.02')
    expect(forms['ICC(2,1)'].interval!.upper.toFixed(2)).toBe('0.76')
  })
  it('does not depend on the order of subjects or raters', () => {
    fc.assert(fc.property(ratings, fc.integer(), (table, seed) => {
      const random = createRandom(seed), columns = random.shuffle(table[0]!.map((_, j) => j))
      const one = icc(table), other = icc(random.shuffle(table).map((row) => columns.map((j) => row[j]!)))
      expect(one.ok).toBe(other.ok)
      if (!one.ok || !other.ok) return
      for (const form of ['ICC(1,1)', 'ICC(2,1)', 'ICC(3,k)'] as const) {
        const [a, b] = [one.value.forms[form].estimate, other.value.forms[form].estimate]
        if (Number.isFinite(a) && Math.abs(a) < 1e6) close(a, b, 1e-7)
      }
    }))
  })
  it('consistency ignores a rater who reads higher by a constant, agreement does not', () => {
    const base = [[1, 2], [4, 5], [6, 9], [3, 3], [8, 7]]
    const shifted = base.map(([a, b]) => [a!, b! + 10])
    const a = unwrap(icc(base)).forms, b = unwrap(icc(shifted)).forms
    close(b['ICC(3,1)'].estimate, a['ICC(3,1)'].estimate)
    expect(b['ICC(2,1)'].estimate).toBeLessThan(a['ICC(2,1)'].estimate)
  })
  it('identical raters give 1 with an infinite F and no interval', () => {
    const same = unwrap(icc([[1, 1], [2, 2], [5, 5]])).forms['ICC(2,1)']
    expect(same).toMatchObject({ estimate: 1, f: Infinity, p: 0, interval: null })
  })
  it('raters who differ by a constant have no residual variance, whatever the last digits say', () => {
    const random = createRandom(6)
    const table = Array.from({ length: 30 }, () => { const x = Math.round(2000 + 500 * random.normal()) / 100; return [x, x + 0.5, x + 1.1] })
    expect(unwrap(icc(table)).forms['ICC(3,1)']).toMatchObject({ estimate: 1, f: Infinity, p: 0 })
  })
  it('refuses what has no correlation', () => {
    expect(icc([[3, 3], [3, 3]])).toMatchObject({ ok: false, error: { code: 'constant' } })
    expect(icc([[3, 4]])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(icc([])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(icc([[1, 2], [3]])).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(icc([[1, 2], [3, NaN]])).toMatchObject({ ok: false, error: { code: 'not_finite' } })
  })
})

describe("Cohen's kappa", () => {
  const levels = [1, 2, 3, 4]
  const kappaOf = (rated: readonly (readonly [number, number])[], weights: KappaWeights) =>
    unwrap(cohenKappa(unwrap(crossTable(rated.map((p) => p[0]), rated.map((p) => p[1]), levels)), weights))
  it('the worked example of Cohen (1960)', () => {
    // 100 pairs: 44/5/1, 7/20/3, 9/5/6 gives po = 0.70, pe = 0.41, kappa = 0.4915.
    const k = unwrap(cohenKappa([[44, 5, 1], [7, 20, 3], [9, 5, 6]]))
    close(k.observedAgreement, 0.7, 1e-12)
    close(k.kappa!, (0.7 - 0.41) / 0.59, 1e-12)
  })
  it('is symmetric in the raters and independent of the order of pairs', () => {
    fc.assert(fc.property(pairs(4), fc.constantFrom<KappaWeights>('unweighted', 'linear', 'quadratic'), fc.integer(), (rated, weights, seed) => {
      const a = kappaOf(rated, weights), b = kappaOf(createRandom(seed).shuffle(rated).map(([x, y]) => [y, x] as const), weights)
      expect(a.kappa === null).toBe(b.kappa === null)
      if (a.kappa === null || b.kappa === null) return
      close(a.kappa, b.kappa)
      expect(a.kappa).toBeLessThanOrEqual(1 + 1e-12)
    }))
  })
  it('quadratic weights of two levels are no weights', () => {
    const rated: [number, number][] = [[1, 1], [2, 2], [1, 2], [1, 1], [2, 1], [2, 2]]
    const table = unwrap(crossTable(rated.map((p) => p[0]), rated.map((p) => p[1]), [1, 2]))
    close(unwrap(cohenKappa(table, 'quadratic')).kappa!, unwrap(cohenKappa(table)).kappa!)
  })
  it('raters who use one category only: undefined, not 1', () => {
    expect(kappaOf([[2, 2], [2, 2]], 'unweighted')).toMatchObject({ kappa: null, interval: null, p: null, observedAgreement: 1, expectedAgreement: 1 })
  })
  it('a rater who never varies: kappa 0 without a test', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 30 }).filter((v) => new Set(v).size > 1), fc.constantFrom<KappaWeights>('unweighted', 'linear', 'quadratic'), (values, weights) => {
      const k = kappaOf(values.map((v) => [v, 3]), weights)
      close(k.kappa!, 0)
      expect(k).toMatchObject({ seNull: 0, z: null, p: null })
    }))
  })
  it('refuses unknown levels, unequal lengths and too little', () => {
    expect(crossTable(['a'], ['z'], ['a', 'b'])).toMatchObject({ ok: false, error: { code: 'unknown_level', subject: 'z' } })
    expect(crossTable([1, 2], [1], [1, 2])).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(cohenKappa([[5]])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(cohenKappa([[0, 0], [0, 0]])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(cohenKappa([[1, 2]])).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })
})

describe("Fleiss' kappa", () => {
  it('does not depend on the order of subjects or raters; perfect agreement is 1', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 20 }), fc.integer(), (rated, seed) => {
      const random = createRandom(seed)
      const a = unwrap(fleissKappa(rated, [1, 2, 3])), b = unwrap(fleissKappa(random.shuffle(rated).map((row) => random.shuffle(row)), [1, 2, 3]))
      expect(a.kappa === null).toBe(b.kappa === null)
      if (a.kappa !== null) close(a.kappa, b.kappa!)
    }))
    expect(unwrap(fleissKappa([[1, 1], [2, 2], [3, 3]], [1, 2, 3])).kappa).toBe(1)
  })
  it('an unused category and a constant set of ratings are undefined', () => {
    const f = unwrap(fleissKappa([[1, 1, 2], [2, 2, 2], [1, 2, 1]], [1, 2, 3]))
    expect(f.categories[2]).toMatchObject({ proportion: 0, kappa: null, z: null, p: null })
    expect(unwrap(fleissKappa([[1, 1], [1, 1]], [1, 2]))).toMatchObject({ kappa: null, z: null, p: null })
  })
  it('refuses incomplete subjects and unknown categories', () => {
    expect(fleissKappa([[1, 2], [1]], [1, 2])).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(fleissKappa([[1, 9]], [1, 2])).toMatchObject({ ok: false, error: { code: 'unknown_level' } })
    expect(fleissKappa([], [1, 2])).toMatchObject({ ok: false, error: { code: 'too_few' } })
  })
})

describe('Bland-Altman', () => {
  const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 })), { minLength: 2, maxLength: 30 })
  it('swapping the methods mirrors the limits', () => {
    fc.assert(fc.property(values, (rows) => {
      const x = rows.map((r) => r[0]), y = rows.map((r) => r[1])
      const a = unwrap(blandAltman(x, y)), b = unwrap(blandAltman(y, x))
      close(a.bias, -b.bias)
      close(a.limits.conventional.lower, -b.limits.conventional.upper)
      expect(a.outside).toBe(b.outside)
    }))
  })
  it('says which multiplier and which standard error', () => {
    const b = unwrap(blandAltman([1, 2, 3, 4], [2, 2, 2, 5]))
    expect(b.limits.conventional.multiplier).toBe(1.96)
    close(b.limits.exact.multiplier, 1.959963984540054, 1e-14)
    close(b.precision.sqrt3n.se, b.sd * Math.sqrt(3 / 4))
    expect(b.precision.variance.se).toBeGreaterThan(b.biasSe)
    expect(b.biasInterval.level).toBe(0.95)
  })
  it('equal differences and equal means leave tests undefined', () => {
    expect(unwrap(blandAltman([1, 2, 3], [2, 3, 4]))).toMatchObject({ bias: -1, sd: 0, pairedT: null, outside: 0 })
    expect(unwrap(blandAltman([1, 2, 3], [3, 2, 1])).proportionalBias).toBeNull()
    expect(unwrap(blandAltman([1, 2], [3, 7])).proportionalBias).toBeNull()
  })
  it('refuses too little, unequal lengths and missing values', () => {
    expect(blandAltman([1], [2])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(blandAltman([1, 2], [2])).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(blandAltman([1, NaN], [2, 3])).toMatchObject({ ok: false, error: { code: 'not_finite' } })
  })
})
