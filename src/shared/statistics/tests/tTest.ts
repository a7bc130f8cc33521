import { ok } from '#shared/lib/index.ts'
import { defaultLevel, fail, mean, variance, type Interval, type StatisticsResult } from '../core/index.ts'
import { studentTQuantile, studentTTwoSided } from '../distributions/index.ts'
import { checkSamples } from './mannWhitney.ts'

/** A two-sample t test of equal means; the interval is of mean(first) - mean(second), in the unit of the values. */
export interface TTest {
  readonly method: 'Welch' | 'Student, pooled variance' | 'paired'
  readonly difference: number
  readonly se: number
  readonly t: number
  readonly df: number
  readonly p: number
  readonly interval: Interval
}

/**
 * Welch's t test (unequal variances, Satterthwaite's degrees of freedom).
 * Source: Welch, Biometrika 1947;34:28-35.
 * @returns `too_few` for fewer than 2 values in a group, `missing_values`, `not_finite`, `constant` when no value varies. O(n).
 */
export function welchT(first: ArrayLike<number>, second: ArrayLike<number>, level = defaultLevel): StatisticsResult<TTest> {
  const checked = checkFinite(first, second)
  if (!checked.ok) return checked
  const m = first.length, n = second.length
  if (m < 2 || n < 2) return fail('too_few', `Welch's t test needs 2 values in each group; there are ${m} and ${n}.`)
  const a = variance(first) / m, b = variance(second) / n
  const df = (a + b) ** 2 / (a ** 2 / (m - 1) + b ** 2 / (n - 1))
  return finish('Welch', mean(first), mean(second), Math.sqrt(a + b), df, level)
}

/**
 * Student's t test with pooled variance.
 * Source: Student, Biometrika 1908;6:1-25; Fisher, Metron 1925;5:90-104. Errors as `welchT`, but 3 values in all are enough. O(n).
 */
export function studentT(first: ArrayLike<number>, second: ArrayLike<number>, level = defaultLevel): StatisticsResult<TTest> {
  const checked = checkFinite(first, second)
  if (!checked.ok) return checked
  const m = first.length, n = second.length, df = m + n - 2
  if (df < 1) return fail('too_few', `Student's t test needs 3 values in all; there are ${m} and ${n}.`)
  const squares = (m > 1 ? (m - 1) * variance(first) : 0) + (n > 1 ? (n - 1) * variance(second) : 0)
  return finish('Student, pooled variance', mean(first), mean(second), Math.sqrt((squares / df) * (1 / m + 1 / n)), df, level)
}

/** Paired t test of mean(first - second) = 0. `length_mismatch` unless the values come in pairs; other errors as `welchT`. O(n). */
export function pairedT(first: ArrayLike<number>, second: ArrayLike<number>, level = defaultLevel): StatisticsResult<TTest> {
  if (first.length !== second.length) return fail('length_mismatch', `A paired test needs pairs; there are ${first.length} and ${second.length} values.`)
  const checked = checkFinite(first, second)
  if (!checked.ok) return checked
  const n = first.length
  if (n < 2) return fail('too_few', 'A paired t test needs 2 pairs; there is 1.')
  const difference = Float64Array.from(first, (x, i) => x - second[i]!)
  return finish('paired', mean(difference), 0, Math.sqrt(variance(difference) / n), n - 1, level)
}

function finish(method: TTest['method'], a: number, b: number, se: number, df: number, level: number): StatisticsResult<TTest> {
  // R's rule for "essentially constant": below it the statistic is rounding noise.
  if (!(se >= 10 * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b))) || se === 0) {
    return fail('constant', 'The values do not vary within the groups: a t test is undefined.')
  }
  const difference = a - b, t = difference / se
  const half = studentTQuantile(1 - (1 - level) / 2, df) * se
  return ok({
    method, difference, se, t, df, p: studentTTwoSided(t, df),
    interval: { lower: difference - half, upper: difference + half, level, method: `t, ${method}` },
  })
}

function checkFinite(first: ArrayLike<number>, second: ArrayLike<number>): StatisticsResult<true> {
  const checked = checkSamples(first, second)
  if (!checked.ok) return checked
  for (const values of [first, second]) {
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return fail('not_finite', 'A t test needs finite numbers; there is an infinite value.')
  }
  return ok(true)
}
