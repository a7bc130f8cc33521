import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import {
  binaryMetrics, chooseThresholdBySpecificity, confusion, confusionOfCalls, mcNemar, type BinaryMetrics, type McNemar, type Threshold,
} from '../classification/index.ts'

/** A reader who only says yes or no, beside the model at the same specificity. */
export interface MatchedComparison {
  readonly reader: BinaryMetrics
  /** The model's smallest threshold whose specificity on these cases is at least the reader's. */
  readonly threshold: Threshold
  readonly model: BinaryMetrics
  /** Model - reader. */
  readonly sensitivityDifference: number
  /** Model's specificity less the reader's: 0 or more, the match is not always exact. */
  readonly specificityDifference: number
  /** McNemar on the positive cases, "first" the model. The threshold was set on the negative ones, which leaves this test valid. */
  readonly sensitivityTest: McNemar
}

/**
 * Sensitivity of the model at the specificity of a call-only reader, for readers without ratings, who have no ROC curve.
 * @param calls 1 called positive, 0 negative
 */
export function compareAtMatchedSpecificity(
  cohort: string, outcome: ArrayLike<number>, model: ArrayLike<number>, calls: ArrayLike<number>, level?: number,
): StatisticsResult<MatchedComparison> {
  const counts = confusionOfCalls(outcome, calls)
  if (!counts.ok) return counts
  const reader = binaryMetrics(counts.value, level)
  if (reader.specificity.estimate === null || reader.sensitivity.estimate === null) {
    return fail('one_class', 'All cases are of one class: sensitivity and specificity need both.')
  }
  const threshold = chooseThresholdBySpecificity({ cohort, outcome, score: model }, reader.specificity.estimate)
  if (!threshold.ok) return threshold
  const modelCounts = confusion(outcome, model, threshold.value.value)
  if (!modelCounts.ok) return modelCounts
  const metrics = binaryMetrics(modelCounts.value, level)
  const positives = Array.from({ length: outcome.length }, (_, i) => i).filter((i) => outcome[i] === 1)
  const test = mcNemar(positives.map((i) => model[i]! >= threshold.value.value), positives.map((i) => calls[i] === 1))
  if (!test.ok) return test
  return ok({
    reader, threshold: threshold.value, model: metrics, sensitivityTest: test.value,
    sensitivityDifference: metrics.sensitivity.estimate! - reader.sensitivity.estimate,
    specificityDifference: metrics.specificity.estimate! - reader.specificity.estimate,
  })
}
