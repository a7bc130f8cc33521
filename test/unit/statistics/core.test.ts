import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import {
  checkScores, cholesky, choleskyLogDeterminant, choleskySolve, correlation, determinant, diagonal, eigenSymmetric, exactMean, fromColumns, fromRows, identity, inverse, inverseSymmetric,
  mean, multiply, multiplyVector, qrDecompose, qrSolve, quadraticForm, quantile, ranks, solve, splitClasses, submatrix, sum, tieSizes, toRows, transpose, variance, type Matrix,
} from '#shared/statistics/core/index.ts'

const value = fc.double({ min: -10, max: 10, noNaN: true })
const matrix = (rows: number, cols: number) => fc.array(fc.array(value, { minLength: cols, maxLength: cols }), { minLength: rows, maxLength: rows }).map(fromRows)
/** A' A + I: symmetric and positive definite. */
const definite = matrix(4, 4).map((a) => {
  const m = multiply(transpose(a), a)
  for (let i = 0; i < 4; i++) m.data[i * 4 + i]! += 1
  return m
})
const closeTo = (a: Matrix, b: Matrix, digits = 8) => a.data.forEach((v, i) => expect(v).toBeCloseTo(b.data[i]!, digits))

describe('sums and moments', () => {
  it('keep what plain addition loses', () => {
    expect(sum([1e100, 1, -1e100, 1])).toBe(2)
    expect(sum(Array<number>(10).fill(0.1))).toBe(1)
    expect([sum([]), sum([Infinity, 1])]).toEqual([0, Infinity])
    expect(mean([0.1, 0.2, 0.3])).toBeCloseTo(0.2, 15)
    expect(variance([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1)
    expect(variance([5])).toBeNaN()
    expect(variance([0.1, 0.1, 0.1])).toBe(0)
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 15)
  })
})

describe('exact mean', () => {
  it('is the rounded quotient of whole numbers, and equal for equal values', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { minLength: 1, maxLength: 9 }), (x) => {
      expect(exactMean(x) + 0).toBe(x.reduce((a, b) => a + b, 0) / x.length + 0)
    }))
    fc.assert(fc.property(value, fc.integer({ min: 1, max: 9 }), (x, n) => { expect(exactMean(Array<number>(n).fill(x)) + 0).toBe(x + 0) }))
    // R 4.2.2: rowMeans tells these apart by this much, although sum() of both is the same double.
    expect(exactMean([4.1, 2.4, 3.5]) - exactMean([4.7, 1.4, 3.9])).toBe(-4.440892098500626e-16)
    expect(exactMean([3.1, 1.6, 3.8])).toBe(exactMean([2.5, 3, 3]))
    expect(exactMean([Infinity, 1])).toBe(Infinity)
  })
})

describe('quantiles and ranks', () => {
  it('type 7 as R', () => {
    // R 4.2.2: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .9, 1))
    const expected = [1, 1.4, 2, 4, 12.8, 16]
    ;[0, 0.1, 0.25, 0.5, 0.9, 1].forEach((p, i) => expect(quantile([16, 1, 8, 2, 4], p)).toBeCloseTo(expected[i]!, 13))
    expect([quantile([], 0.5), quantile([1], 1.5)]).toEqual([NaN, NaN])
    expect(quantile([-Infinity, -Infinity, 3], 0.25)).toBe(-Infinity)
  })

  it('midranks add up and follow the order', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 40 }), (x) => {
      const r = ranks(x)
      expect(sum(r)).toBe(x.length * (x.length + 1) / 2)
      x.forEach((v, i) => expect(r[i]).toBe(x.filter((w) => w < v).length + (x.filter((w) => w === v).length + 1) / 2))
      expect(sum(tieSizes(x))).toBe(x.length)
    }))
  })
})

describe('linear algebra', () => {
  it('inverts, solves and factors', () => {
    fc.assert(fc.property(definite, fc.array(value, { minLength: 4, maxLength: 4 }), (a, b) => {
      closeTo(multiply(a, unwrap(inverse(a))), identity(4))
      closeTo(unwrap(inverseSymmetric(a)), unwrap(inverse(a)))
      const l = unwrap(cholesky(a))
      closeTo(multiply(l, transpose(l)), a)
      multiplyVector(a, unwrap(solve(a, b))).forEach((v, i) => expect(v).toBeCloseTo(b[i]!, 7))
      choleskySolve(l, b).forEach((v, i) => expect(v).toBeCloseTo(unwrap(solve(a, b))[i]!, 7))
      expect(choleskyLogDeterminant(l)).toBeCloseTo(Math.log(determinant(a)), 7)
      const { values, vectors } = eigenSymmetric(a)
      closeTo(multiply(a, vectors), multiply(vectors, fromRows(Array.from(values, (v, i) => Array.from(values, (_, j) => (i === j ? v : 0))))), 6)
      expect(sum(values)).toBeCloseTo(sum(diagonal(a)), 8)
      expect(quadraticForm(a, b)).toBeGreaterThanOrEqual(0)
    }), { numRuns: 50 })
  })

  it('says when a matrix is singular', () => {
    const flat = fromRows([[1, 2], [2, 4]])
    for (const r of [inverse(flat), cholesky(flat), solve(flat, [1, 1]), inverseSymmetric(flat)]) expect(!r.ok && r.error.code).toBe('singular')
    expect(determinant(flat)).toBe(0)
  })

  it('least squares by QR name the columns that depend on others', () => {
    const x = [1, 2, 3, 4, 6], y = [3, 5, 7, 9, 13]
    const full = qrDecompose(fromColumns([x.map(() => 1), x]))
    expect([full.rank, ...qrSolve(full, y)].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([2, 1, 2])
    const aliased = qrDecompose(fromColumns([x.map(() => 1), x.map((v) => 2 * v + 1), x, x.map((v) => v * v)]))
    expect([aliased.rank, [...aliased.pivot]]).toEqual([3, [0, 1, 3, 2]])
    expect([...qrSolve(aliased, y)].map((v) => (Number.isNaN(v) ? 'aliased' : Math.round(v * 1e9) / 1e9 + 0))).toEqual([0, 1, 'aliased', 0])
    expect(toRows(submatrix(fromRows([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), [2, 0]))).toEqual([[9, 7], [3, 1]])
  })
})

describe('outcome checks', () => {
  it('split classes and refuse what is not one', () => {
    const c = unwrap(splitClasses([0, 1, 1]))
    expect([[...c.positives], [...c.negatives]]).toEqual([[1, 2], [0]])
    for (const [r, code] of [[splitClasses([]), 'too_few'], [splitClasses([1]), 'one_class'], [splitClasses([0, NaN]), 'bad_labels'],
      [checkScores([1], 2), 'length_mismatch'], [checkScores([NaN], 1, 'age'), 'missing_values']] as const) expect(!r.ok && r.error.code).toBe(code)
    expect(checkScores([Infinity], 1).ok).toBe(true)
  })
})
