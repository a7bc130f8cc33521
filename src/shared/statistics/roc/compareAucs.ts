import { ok } from '#shared/lib/index.ts'
import { at, defaultLevel, type Interval, type PatientId, type StatisticsResult } from '../core/index.ts'
import { normalQuantile, normalTwoSided, studentTTwoSided } from '../distributions/index.ts'
import { patientCounts, type CaseCounts } from './aucEstimate.ts'
import { deLong, type AucOptions } from './deLong.ts'
import { deLongCovariance } from './deLongCovariance.ts'

/** A difference of two AUCs, a - b. */
export interface AucDifference extends CaseCounts {
  readonly aucA: number
  readonly aucB: number
  readonly difference: number
  readonly variance: number
  readonly standardError: number
  /** Null where the variance of the difference is 0 (the scores rank all cases alike): there is nothing to test. */
  readonly z: number | null
  readonly p: number | null
  readonly interval: Interval
  readonly method: string
}

/** A variance of a difference below this is rounding of 0. */
const negligible = 1e-15

/** A difference with its test and interval, by the normal distribution. */
export function describeDifference(
  aucA: number, aucB: number, varianceOfDifference: number, method: string, counts: CaseCounts, level = defaultLevel,
): AucDifference {
  const variance = varianceOfDifference < negligible ? 0 : varianceOfDifference
  const difference = aucA - aucB, se = Math.sqrt(variance)
  const z = se > 0 ? difference / se : null
  const half = normalQuantile(1 - (1 - level) / 2) * se
  return {
    aucA, aucB, difference, variance, standardError: se, z, p: z === null ? null : normalTwoSided(z),
    interval: { lower: difference - half, upper: difference + half, level, method: `${method}, normal` }, method, ...counts,
  }
}

/**
 * Two scores on the same cases: DeLong's test for correlated ROC curves (normal z). O(n log n).
 * @returns the errors of `deLongCovariance`
 */
export function compareAucsPaired(
  outcome: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>, options: { level?: number; patient?: ArrayLike<PatientId> } = {},
): StatisticsResult<AucDifference> {
  const c = deLongCovariance(outcome, [a, b], options.patient)
  if (!c.ok) return c
  const { aucs, covariance } = c.value
  const variance = at(covariance, 0, 0) + at(covariance, 1, 1) - 2 * at(covariance, 0, 1)
  return ok(describeDifference(aucs[0]!, aucs[1]!, variance, 'DeLong, paired', patientCounts(c.value), options.level))
}

/** A difference of AUCs of two groups of cases, with the t test beside the normal one. */
export interface UnpairedAucDifference extends AucDifference {
  /** Welch-Satterthwaite degrees of freedom and two-sided p of the same statistic under t, as pROC tests it. */
  readonly df: number | null
  readonly pByT: number | null
  readonly sizeA: number
  readonly sizeB: number
}

/** Two independent groups of cases, one score each: normal z, and t with Satterthwaite's degrees of freedom as in pROC. O(n log n). */
export function compareAucsUnpaired(
  a: { outcome: ArrayLike<number>; score: ArrayLike<number> }, b: { outcome: ArrayLike<number>; score: ArrayLike<number> },
  options: Pick<AucOptions, 'level'> = {},
): StatisticsResult<UnpairedAucDifference> {
  const first = deLong(a.outcome, a.score, options)
  if (!first.ok) return first
  const second = deLong(b.outcome, b.score, options)
  if (!second.ok) return second
  const va = first.value.variance, vb = second.value.variance
  const sizeA = a.outcome.length, sizeB = b.outcome.length
  const both = patientCounts({ positives: first.value.positives + second.value.positives, negatives: first.value.negatives + second.value.negatives })
  const base = describeDifference(first.value.auc, second.value.auc, va + vb, 'DeLong, unpaired', both, options.level)
  const df = base.z === null ? null : (va + vb) ** 2 / (va ** 2 / (sizeA - 1) + vb ** 2 / (sizeB - 1))
  return ok({ ...base, df, pByT: df === null || base.z === null ? null : studentTTwoSided(base.z, df), sizeA, sizeB })
}

