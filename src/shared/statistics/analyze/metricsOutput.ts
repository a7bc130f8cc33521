import { binaryMetrics, confusion, type Proportion } from '../classification/index.ts'
import type { OutputObject } from './adapter.ts'
import { ends } from './intervalOutput.ts'
import { need } from './request.ts'

/** Metrics at one threshold in the fields of the result format. */
export function metricsOutput(outcome: ArrayLike<number>, score: ArrayLike<number>, threshold: number): OutputObject {
  const m = binaryMetrics(need(confusion(outcome, score, threshold)))
  return {
    threshold, tp: m.truePositives, fp: m.falsePositives, fn: m.falseNegatives, tn: m.trueNegatives,
    sensitivity: share(m.sensitivity), specificity: share(m.specificity), ppv: share(m.ppv), npv: share(m.npv), accuracy: share(m.accuracy),
    youden: m.youden, balanced_accuracy: m.balancedAccuracy, f1: m.f1,
    lr_pos: m.likelihoodRatioPositive.estimate, lr_neg: m.likelihoodRatioNegative.estimate, mcc: m.mcc,
  }
}

function share(p: Proportion): OutputObject {
  return { est: p.estimate, x: p.count, n: p.of, wilson: ends(p.wilson), clopper_pearson: ends(p.clopperPearson) }
}
