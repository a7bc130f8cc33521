import { ok, type Brand } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { curvePoint, rocCurve, youden, youdenRule } from '../roc/index.ts'
import { binaryMetrics, type BinaryMetrics } from './metrics.ts'
import { confusion } from './confusion.ts'

/** Cases of one named cohort with the outcome and one score. */
export interface ScoredCohort {
  /** The cohort's name, as reports give it: training, validation, test. */
  readonly cohort: string
  readonly outcome: ArrayLike<number>
  readonly score: ArrayLike<number>
}

/**
 * A decision threshold that knows where it comes from. Only the functions of this file make one, so that a figure at a threshold always
 * says on which
 * cohort the threshold was chosen; it is carried to other cohorts unchanged and never chosen again there.
 */
export type Threshold = Brand<{
  /** Positive when score >= value. */
  readonly value: number
  readonly rule: string
  /** The cohort it was chosen on; null when it was declared beforehand. */
  readonly chosenOn: string | null
  /** Cases it was chosen on. */
  readonly chosenOnCases: number | null
  /** Every threshold as good by the same rule, ascending. */
  readonly ties: readonly number[]
}, 'Threshold'>

/** A threshold fixed before the data were seen, such as 0.5 or a BI-RADS category. */
export function declareThreshold(value: number, reason = 'declared beforehand'): StatisticsResult<Threshold> {
  if (Number.isNaN(value)) return fail('not_finite', 'The threshold is not a number.')
  return ok({ value, rule: reason, chosenOn: null, chosenOnCases: null, ties: [value] } as unknown as Threshold)
}

/** The threshold of greatest Youden index on a cohort (see `youdenRule` for ties). O(n log n). */
export function chooseThreshold({ cohort, outcome, score }: ScoredCohort): StatisticsResult<Threshold> {
  const curve = rocCurve(outcome, score)
  if (!curve.ok) return curve
  const best = youden(curve.value)
  return ok({
    value: best.selected.threshold, rule: youdenRule, chosenOn: cohort, chosenOnCases: outcome.length, ties: best.ties.map((t) => t.threshold),
  } as unknown as Threshold)
}

/** The smallest threshold whose specificity on a cohort is at least the given one (highest sensitivity that keeps it). O(n log n). */
export function chooseThresholdBySpecificity({ cohort, outcome, score }: ScoredCohort, specificity: number): StatisticsResult<Threshold> {
  if (!(specificity >= 0 && specificity <= 1)) return fail('out_of_range', `A specificity lies between 0 and 1; it is ${specificity}.`)
  const curve = rocCurve(outcome, score)
  if (!curve.ok) return curve
  let index = 0
  while ((curve.value.negatives - curve.value.falsePositives[index]!) / curve.value.negatives < specificity) index++
  const value = curvePoint(curve.value, index).threshold
  if (index > 0 && curve.value.thresholds[index - 1] === Infinity) {
    return fail('undefined', `No threshold reaches a specificity of ${specificity}: negative cases have an infinite score and are called positive at any.`)
  }
  return ok({
    value, rule: `smallest threshold with a specificity of at least ${specificity}`, chosenOn: cohort, chosenOnCases: outcome.length, ties: [value],
  } as unknown as Threshold)
}

/** Metrics of a cohort at a carried threshold. */
export interface MetricsAtThreshold {
  readonly threshold: Threshold
  readonly cohort: string
  readonly metrics: BinaryMetrics
  /** True when the threshold was chosen on this very cohort: the figures are then too good, and a report must say so. */
  readonly apparent: boolean
}

/** Metrics at a threshold chosen elsewhere (or, said so, here). O(n). */
export function metricsAtThreshold(threshold: Threshold, on: ScoredCohort, level?: number): StatisticsResult<MetricsAtThreshold> {
  const counts = confusion(on.outcome, on.score, threshold.value)
  if (!counts.ok) return counts
  return ok({ threshold, cohort: on.cohort, metrics: binaryMetrics(counts.value, level), apparent: threshold.chosenOn === on.cohort })
}
