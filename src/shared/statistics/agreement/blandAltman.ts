import { ok } from '#shared/lib/index.ts'
import { defaultLevel, fail, mean, standardDeviation, type Interval, type StatisticsResult } from '../core/index.ts'
import { normalQuantile, studentTQuantile, studentTTwoSided } from '../distributions/index.ts'
import { proportionalBias, type ProportionalBias } from './proportionalBias.ts'

/** Limits of agreement: bias +- multiplier x SD. */
export interface AgreementLimits {
  readonly lower: number
  readonly upper: number
  readonly multiplier: number
}

/** Standard error of each limit and the t intervals of both. */
export interface LimitPrecision {
  readonly se: number
  readonly lower: Interval
  readonly upper: Interval
}

/** Differences are first - second, in the unit of the measurements. */
export interface BlandAltman {
  readonly n: number
  readonly bias: number
  readonly sd: number
  readonly biasSe: number
  readonly biasInterval: Interval
  /** With the multiplier 1.96, as published plots have it, and with the exact normal quantile (1.959964). */
  readonly limits: { readonly conventional: AgreementLimits; readonly exact: AgreementLimits }
  /** Precision of the conventional limits: SE = SD sqrt(3 / n) (Bland and Altman 1986) and SD sqrt(1 / n + z^2 / (2 (n - 1))) (1999). */
  readonly precision: { readonly sqrt3n: LimitPrecision; readonly variance: LimitPrecision }
  /** Pairs strictly outside the conventional limits. */
  readonly outside: number
  /** Paired t test of bias = 0; null when all differences are equal. */
  readonly pairedT: { readonly t: number; readonly df: number; readonly p: number } | null
  /** Regression of difference on mean; null when undefined (fewer than 3 pairs, or all means equal). */
  readonly proportionalBias: ProportionalBias | null
}

/**
 * Bland-Altman agreement of two methods or two readings.
 * Sources: Bland and Altman, Lancet 1986;327:307-10 and Stat Methods Med Res 1999;8:135-60.
 * @returns `length_mismatch`, `too_few` for fewer than 2 pairs, `not_finite`. O(n).
 */
export function blandAltman(first: ArrayLike<number>, second: ArrayLike<number>, level = defaultLevel): StatisticsResult<BlandAltman> {
  const n = first.length
  if (second.length !== n) return fail('length_mismatch', `There are ${n} and ${second.length} measurements: give pairs.`)
  if (n < 2) return fail('too_few', `Limits of agreement need at least 2 pairs; there are ${n}.`)
  const difference = Float64Array.from(first, (x, i) => x - second[i]!)
  if (!difference.every(Number.isFinite)) return fail('not_finite', 'A measurement is missing or not a finite number: leave such pairs out first.')
  const bias = mean(difference), sd = standardDeviation(difference)
  const z = normalQuantile(1 - (1 - level) / 2), t = studentTQuantile(1 - (1 - level) / 2, n - 1)
  const limits = (multiplier: number): AgreementLimits => ({ lower: bias - multiplier * sd, upper: bias + multiplier * sd, multiplier })
  const conventional = limits(1.96)
  const around = (center: number, se: number, method: string): Interval => ({ lower: center - t * se, upper: center + t * se, level, method })
  const precision = (se: number, method: string): LimitPrecision => ({
    se, lower: around(conventional.lower, se, method), upper: around(conventional.upper, se, method),
  })
  const biasSe = sd / Math.sqrt(n)
  return ok({
    n, bias, sd, biasSe,
    biasInterval: around(bias, biasSe, 'Student t'),
    limits: { conventional, exact: limits(z) },
    precision: {
      sqrt3n: precision(sd * Math.sqrt(3 / n), 'Student t, SE = SD sqrt(3/n)'),
      variance: precision(sd * Math.sqrt(1 / n + (z * z) / (2 * (n - 1))), 'Student t, SE = SD sqrt(1/n + z^2/(2(n-1)))'),
    },
    outside: difference.reduce((count, d) => count + (d < conventional.lower || d > conventional.upper ? 1 : 0), 0),
    pairedT: sd > 0 ? { t: bias / biasSe, df: n - 1, p: studentTTwoSided(bias / biasSe, n - 1) } : null,
    proportionalBias: proportionalBias(Float64Array.from(first, (x, i) => (x + second[i]!) / 2), difference),
  })
}
