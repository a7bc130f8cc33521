import { normalQuantile, normalTwoSided } from '../distributions/index.ts'
import { defaultLevel, type Interval } from '../core/index.ts'

/** What an estimate rests on. */
export interface CaseCounts {
  readonly positives: number
  readonly negatives: number
  /** What one row is: a patient, a lesion, an image. */
  readonly unit: string
  /** Independent units: patients where rows are clustered. */
  readonly clusters: number
}

/** One row a patient. */
export function patientCounts({ positives, negatives }: { readonly positives: number; readonly negatives: number }): CaseCounts {
  return { positives, negatives, unit: 'patient', clusters: positives + negatives }
}

/** An AUC with its uncertainty and what a report must say with it. */
export interface AucEstimate extends CaseCounts {
  readonly auc: number
  readonly variance: number
  readonly standardError: number
  /** Wald interval cut to [0, 1]. */
  readonly interval: Interval
  /** Wald interval as computed, which may leave [0, 1]. */
  readonly untruncated: Interval
  /** Interval on the logit scale, inside (0, 1) by construction; null at an AUC of 0 or 1. */
  readonly logit: Interval | null
  /** z and two-sided p against 0.5; null where the variance is 0. */
  readonly z: number | null
  readonly p: number | null
  /** False where the variance is 0 (AUC 0 or 1, constant scores): the interval has width 0 and says nothing about precision. */
  readonly informative: boolean
  readonly method: string
}

/** Intervals and test of an AUC with a known variance. */
export function describeAuc(
  area: number, variance: number, method: string, counts: CaseCounts, level = defaultLevel,
): AucEstimate {
  const z = normalQuantile(1 - (1 - level) / 2)
  const se = Math.sqrt(variance)
  const wald = { lower: area - z * se, upper: area + z * se, level, method: `${method}, normal` }
  const scale = se / (area * (1 - area))
  const odds = Math.log(area / (1 - area))
  const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
  return {
    auc: area, variance, standardError: se,
    interval: { ...wald, lower: Math.max(0, wald.lower), upper: Math.min(1, wald.upper), method: `${method}, normal, cut to [0, 1]` },
    untruncated: wald,
    logit: area > 0 && area < 1 ? { lower: logistic(odds - z * scale), upper: logistic(odds + z * scale), level, method: `${method}, logit` } : null,
    z: se > 0 ? (area - 0.5) / se : null,
    p: se > 0 ? normalTwoSided((area - 0.5) / se) : null,
    informative: se > 0,
    ...counts, method,
  }
}
