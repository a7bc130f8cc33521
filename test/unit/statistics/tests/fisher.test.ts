import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { fisher2x2, fisherExact, fisherMonteCarlo, pearsonChiSquare, yatesChiSquare } from '#shared/statistics/tests/index.ts'
import { slowFisher } from './slowTables.ts'

const table = (rows: number, columns: number, most: number): fc.Arbitrary<number[][]> => fc.array(fc.array(fc.integer({ min: 0, max: most }), { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows })
  .filter((t) => t.every((r) => r.some((c) => c > 0)) && t[0]!.every((_, j) => t.some((r) => r[j]! > 0)))
const anyTable = fc.constantFrom([2, 2, 9], [3, 2, 5], [2, 4, 4], [3, 3, 3], [4, 2, 4], [5, 2, 3], [3, 4, 2], [4, 4, 1]).chain(([r, c, most]) => table(r!, c!, most!))

describe("Fisher's exact test", () => {
  it('equals the sum over every table with the same margins', () => {
    fc.assert(fc.property(anyTable, (t) => {
      expect(unwrap(fisherExact(t)).p).toBeCloseTo(slowFisher(t), 10)
    }), { numRuns: 150 })
  })
  it('does not depend on the order of rows and columns, or on which is which', () => {
    fc.assert(fc.property(anyTable, fc.integer(), (t, seed) => {
      const random = createRandom(seed), columns = random.shuffle(t[0]!.map((_, j) => j))
      const turned = columns.map((j) => random.shuffle(t.map((_, i) => i)).map((i) => ({ i, j })))
      const order = turned[0]!.map(({ i }) => i)
      expect(unwrap(fisherExact(columns.map((j) => order.map((i) => t[i]![j]!)))).p).toBeCloseTo(unwrap(fisherExact(t)).p, 10)
    }), { numRuns: 60 })
  })
  it('of 2 x 2 tables agrees with the general one; the interval holds the odds ratio', () => {
    fc.assert(fc.property(table(2, 2, 25), (t) => {
      const two = unwrap(fisher2x2(t))
      expect(two.p).toBeCloseTo(unwrap(fisherExact(t)).p, 9)
      expect(two.interval.lower).toBeLessThanOrEqual(two.oddsRatio)
      expect(two.interval.upper).toBeGreaterThanOrEqual(two.oddsRatio)
      const swapped = unwrap(fisher2x2([t[1]!, t[0]!]))
      if (two.oddsRatio > 0 && two.oddsRatio < Infinity) expect(swapped.oddsRatio * two.oddsRatio).toBeCloseTo(1, 8)
    }), { numRuns: 80 })
  })
  it("the lady tasting tea (Fisher 1935): one-sided 17/70, so two-sided 34/70; odds ratio 6.408", () => {
    const tea = unwrap(fisher2x2([[3, 1], [1, 3]]))
    expect(tea.p).toBeCloseTo(34 / 70, 12)
    expect(tea.oddsRatio).toBeCloseTo(6.40832, 5)
  })
  it('a table too large to enumerate is refused, and the Monte Carlo version answers', () => {
    const large = [[30, 25, 28, 31], [22, 40, 35, 20], [35, 28, 30, 41], [29, 33, 27, 30]]
    expect(fisherExact(large, 20_000)).toMatchObject({ ok: false, error: { code: 'too_large' } })
    const a = unwrap(fisherMonteCarlo(large, createRandom(1), 2000)), b = unwrap(fisherMonteCarlo(large, createRandom(1), 2000))
    expect(a).toEqual(b)
    const reference = unwrap(pearsonChiSquare(large)).p
    expect(Math.abs(a.p - reference)).toBeLessThan(6 * a.monteCarloSe + 0.01)
  })
  it('of many groups: met in the middle it agrees with the random version', () => {
    for (const rows of [[[24, 33], [14, 29], [9, 17], [23, 29], [23, 21], [9, 15], [15, 18], [3, 18]], [[14, 9, 11], [6, 15, 8], [10, 4, 12], [9, 9, 3]]]) {
      const exact = unwrap(fisherExact(rows)).p, random = unwrap(fisherMonteCarlo(rows, createRandom(3), 4000))
      expect(Math.abs(exact - random.p)).toBeLessThan(5 * random.monteCarloSe + 1 / 4000)
    }
  })
  it('names what is wrong with a table', () => {
    expect(fisherExact([[1, 2], [0, 0]])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(fisherExact([[1, 2]])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(fisherExact([[1, 2], [3]])).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(fisherExact([[1, 2.5], [3, 1]])).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
    expect(fisher2x2([[1, 2], [0, 0]])).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(fisherMonteCarlo([[1, 2], [3, 4]], createRandom(1), 0)).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })
})

describe('chi-square', () => {
  it('with the correction is never larger, and is named', () => {
    fc.assert(fc.property(table(2, 2, 30), (t) => {
      const plain = unwrap(pearsonChiSquare(t)), yates = unwrap(yatesChiSquare(t))
      expect(yates.statistic).toBeLessThanOrEqual(plain.statistic + 1e-12)
      expect([plain.method, yates.method]).toEqual(['Pearson chi-square', 'Pearson chi-square with Yates correction'])
    }))
  })
  it('of a larger table has no correction and does not claim one', () => {
    const t = [[3, 4, 5], [6, 1, 2]]
    expect(unwrap(yatesChiSquare(t))).toEqual(unwrap(pearsonChiSquare(t)))
    expect(unwrap(yatesChiSquare(t)).df).toBe(2)
  })
  it('is n (|ad - bc| - n / 2)^2 / (product of margins) with the correction', () => {
    expect(unwrap(yatesChiSquare([[10, 20], [30, 40]])).statistic).toBeCloseTo((100 * 150 ** 2) / (30 * 70 * 40 * 60), 12)
    expect(unwrap(pearsonChiSquare([[10, 20], [30, 40]])).statistic).toBeCloseTo((100 * 200 ** 2) / (30 * 70 * 40 * 60), 12)
  })
  it('counts small expected cells', () => {
    expect(unwrap(pearsonChiSquare([[1, 9], [9, 1]]))).toMatchObject({ minExpected: 5, expectedBelow5: 0 })
    expect(unwrap(pearsonChiSquare([[1, 1], [9, 30]])).expectedBelow5).toBe(2)
  })
})
