import { defaultLevel } from '../core/index.ts'
import type { Confusion } from './confusion.ts'
import { likelihoodRatios, type LikelihoodRatio } from './likelihoodRatio.ts'
import { proportion, type Proportion } from './proportion.ts'

/** What a 2 x 2 table of calls against outcomes says. Undefined values (0/0) are null. */
export interface BinaryMetrics extends Confusion {
  readonly sensitivity: Proportion
  readonly specificity: Proportion
  readonly ppv: Proportion
  readonly npv: Proportion
  readonly accuracy: Proportion
  readonly likelihoodRatioPositive: LikelihoodRatio
  readonly likelihoodRatioNegative: LikelihoodRatio
  readonly youden: number | null
  readonly balancedAccuracy: number | null
  readonly f1: number | null
  /** Matthews correlation coefficient. */
  readonly mcc: number | null
}

/** Metrics of a 2 x 2 table, intervals of shares by Wilson and Clopper-Pearson. O(1). */
export function binaryMetrics(c: Confusion, level = defaultLevel): BinaryMetrics {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = c
  const sensitivity = proportion(tp, tp + fn, level), specificity = proportion(tn, tn + fp, level)
  const ratios = likelihoodRatios(c, level)
  const both = sensitivity.estimate !== null && specificity.estimate !== null ? sensitivity.estimate + specificity.estimate : null
  return {
    truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn,
    sensitivity, specificity, ppv: proportion(tp, tp + fp, level), npv: proportion(tn, tn + fn, level),
    accuracy: proportion(tp + tn, tp + fp + fn + tn, level),
    likelihoodRatioPositive: ratios.positive, likelihoodRatioNegative: ratios.negative,
    youden: both === null ? null : both - 1, balancedAccuracy: both === null ? null : both / 2,
    f1: f1Score(c), mcc: matthews(c),
  }
}

/** 2 TP / (2 TP + FP + FN); null when there are neither positives nor positive calls. */
export function f1Score({ truePositives: tp, falsePositives: fp, falseNegatives: fn }: Confusion): number | null {
  return 2 * tp + fp + fn === 0 ? null : 2 * tp / (2 * tp + fp + fn)
}

/** Source: Matthews BW. Biochim Biophys Acta 1975;405:442-51. Null when a row or column of the table is empty. */
export function matthews({ truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn }: Confusion): number | null {
  const denominator = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
  return denominator === 0 ? null : (tp * tn - fp * fn) / denominator
}
