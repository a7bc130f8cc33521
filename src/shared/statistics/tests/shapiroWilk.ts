import { ok } from '#shared/lib/index.ts'
import { fail, sumOf, type StatisticsResult } from '../core/index.ts'
import { normalQuantile, normalSf } from '../distributions/index.ts'

export interface ShapiroWilk {
  readonly w: number
  readonly p: number
  readonly n: number
}

/**
 * Shapiro-Wilk test of normality, 3 <= n <= 5000.
 * Sources: Royston, Appl Stat 1982;31:115-24, Stat Comput 1992;2:117-9, and Remark AS R94, Appl Stat 1995;44:547-51 (coefficients and p value).
 * @returns `too_few`, `too_large`, `not_finite`, or `constant`. O(n log n).
 */
export function shapiroWilk(values: ArrayLike<number>): StatisticsResult<ShapiroWilk> {
  const n = values.length
  if (n < 3) return fail('too_few', `The Shapiro-Wilk test needs at least 3 values; there are ${n}.`)
  if (n > 5000) return fail('too_large', `The Shapiro-Wilk test is calibrated for at most 5000 values; there are ${n}.`)
  const sorted = Float64Array.from(values).sort()
  if (!sorted.every(Number.isFinite)) return fail('not_finite', 'The Shapiro-Wilk test needs finite numbers.')
  const range = sorted[n - 1]! - sorted[0]!
  if (!(range > 0)) return fail('constant', 'All values are equal: normality cannot be tested.')
  const oneMinusW = lackOfFit(sorted, weights(n), range)
  return ok({ w: 1 - oneMinusW, p: Math.min(1, significance(oneMinusW, n)), n })
}

const polynomial = (coefficients: readonly number[], x: number): number => coefficients.reduceRight((s, c) => s * x + c, 0)

/** Royston's approximation of the weights of the upper half (antisymmetric, sum of squares 1), largest order statistic first. */
function weights(n: number): Float64Array {
  const half = Math.floor(n / 2)
  if (n === 3) return Float64Array.of(Math.SQRT1_2)
  const scores = Float64Array.from({ length: half }, (_, i) => normalQuantile((i + 1 - 0.375) / (n + 0.25)))
  const squares = 2 * sumOf(half, (i) => scores[i]! ** 2)
  const length = Math.sqrt(squares), root = 1 / Math.sqrt(n)
  const first = polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], root) - scores[0]! / length
  const out = new Float64Array(half)
  out[0] = first
  let rest = (squares - 2 * scores[0]! ** 2) / (1 - 2 * first ** 2), from = 1
  if (n > 5) {
    const second = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], root) - scores[1]! / length
    out[1] = second
    rest = (squares - 2 * scores[0]! ** 2 - 2 * scores[1]! ** 2) / (1 - 2 * first ** 2 - 2 * second ** 2)
    from = 2
  }
  for (let i = from; i < half; i++) out[i] = -scores[i]! / Math.sqrt(rest)
  return out
}

/** 1 - W as (1 - r)(1 + r) with the correlation r of weights and values, so that a W near 1 keeps its digits. */
function lackOfFit(sorted: Float64Array, upper: Float64Array, range: number): number {
  const n = sorted.length
  const weight = (i: number): number => {
    const j = n - 1 - i
    return i === j ? 0 : i < j ? -upper[i]! : upper[j]!
  }
  const value = (i: number): number => sorted[i]! / range
  const meanValue = sumOf(n, value) / n, meanWeight = sumOf(n, weight) / n
  const ww = sumOf(n, (i) => (weight(i) - meanWeight) ** 2), vv = sumOf(n, (i) => (value(i) - meanValue) ** 2)
  const wv = sumOf(n, (i) => (weight(i) - meanWeight) * (value(i) - meanValue))
  const length = Math.sqrt(ww * vv)
  return ((length - wv) * (length + wv)) / (ww * vv)
}

/** Upper tail of the normalised log(1 - W); n = 3 has an exact law. */
function significance(oneMinusW: number, n: number): number {
  if (n === 3) return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(1 - oneMinusW)) - Math.PI / 3))
  const y = Math.log(oneMinusW), log = Math.log(n)
  if (n > 11) {
    const mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], log), sd = Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], log))
    return normalSf((y - mean) / sd)
  }
  const bound = polynomial([-2.273, 0.459], n)
  if (y >= bound) return 1e-99
  const mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n), sd = Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n))
  return normalSf((-Math.log(bound - y) - mean) / sd)
}
