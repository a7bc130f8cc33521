import { ok } from '#shared/lib/index.ts'
import { checkProbabilities } from '../calibration/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'

/** A model's (or a reader's) probabilities under its name. */
export interface NamedProbabilities {
  readonly name: string
  readonly probability: ArrayLike<number>
}

/** A model over the thresholds; arrays run along `thresholds`. */
export interface ModelDecisionCurve {
  readonly name: string
  readonly truePositives: readonly number[]
  readonly falsePositives: readonly number[]
  /** True positives a patient, less false positives weighted by the odds of the threshold. */
  readonly netBenefit: readonly number[]
  /** Net benefit over its largest possible value, the prevalence; NaN without events. */
  readonly standardised: readonly number[]
  /** Interventions avoided among 100 patients without missing an event, against treating all. */
  readonly avoidedPer100: readonly number[]
}

export interface DecisionCurves {
  readonly method: string
  readonly n: number
  readonly events: number
  readonly prevalence: number
  readonly thresholds: readonly number[]
  readonly treatAll: readonly number[]
  readonly treatNone: readonly number[]
  readonly models: readonly ModelDecisionCurve[]
}

/** 0.01, 0.02, ..., 0.99, each the nearest number to its decimal. */
export const percentThresholds: readonly number[] = Array.from({ length: 99 }, (_, k) => (k + 1) / 100)

/**
 * Decision curves with treat-all and treat-none: positive when probability >= threshold.
 * Source: Vickers and Elkin, Med Decis Making 2006;26:565-74. O(n log thresholds) a model.
 * @param models on the same rows as the outcome
 * @param thresholds strictly ascending, in (0, 1)
 * @returns the failures of `checkProbabilities`; `out_of_range` for the thresholds
 */
export function decisionCurves(
  outcome: ArrayLike<number>, models: readonly NamedProbabilities[], thresholds: readonly number[] = percentThresholds,
): StatisticsResult<DecisionCurves> {
  const bad = thresholds.findIndex((t, i) => !(t > 0 && t < 1) || (i > 0 && t <= thresholds[i - 1]!))
  if (bad >= 0 || thresholds.length === 0) return fail('out_of_range', 'Thresholds must lie between 0 and 1 and ascend.')
  for (const m of models) {
    const checked = checkProbabilities(outcome, m.probability, m.name)
    if (!checked.ok) return checked
  }
  const n = outcome.length
  if (n === 0) return fail('too_few', 'There are no rows.')
  let events = 0
  for (let i = 0; i < n; i++) events += outcome[i]!
  const prevalence = events / n
  const treatAll = thresholds.map((t) => prevalence - (1 - prevalence) * odds(t))
  return ok({
    method: 'decision curve analysis, positive when probability >= threshold',
    n, events, prevalence, thresholds, treatAll, treatNone: thresholds.map(() => 0),
    models: models.map(({ name, probability }) => {
      const { truePositives, falsePositives } = countsAtThresholds(outcome, passedThresholds(probability, thresholds), thresholds.length)
      const netBenefit = thresholds.map((t, k) => truePositives[k]! / n - falsePositives[k]! / n * odds(t))
      return {
        name, truePositives: Array.from(truePositives), falsePositives: Array.from(falsePositives), netBenefit,
        standardised: netBenefit.map((b) => b / prevalence),
        avoidedPer100: netBenefit.map((b, k) => (b - treatAll[k]!) / odds(thresholds[k]!) * 100),
      }
    }),
  })
}

/** Weight of a false positive at a threshold. */
export function odds(threshold: number): number {
  return threshold / (1 - threshold)
}

/** For each row, how many of the ascending thresholds its probability reaches. */
export function passedThresholds(probability: ArrayLike<number>, thresholds: readonly number[]): Uint32Array {
  return Uint32Array.from({ length: probability.length }, (_, i) => {
    const p = probability[i]!
    let low = 0, high = thresholds.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (p >= thresholds[middle]!) low = middle + 1
      else high = middle
    }
    return low
  })
}

/** True and false positives at each threshold, over all rows or the given ones (with repeats). */
export function countsAtThresholds(
  outcome: ArrayLike<number>, passed: Uint32Array, thresholds: number, rows?: ArrayLike<number>,
): { readonly truePositives: Float64Array; readonly falsePositives: Float64Array; readonly events: number } {
  const positive = new Float64Array(thresholds + 1), negative = new Float64Array(thresholds + 1)
  const n = rows?.length ?? outcome.length
  let events = 0
  for (let k = 0; k < n; k++) {
    const i = rows ? rows[k]! : k
    if (outcome[i] === 1) {
      positive[passed[i]!]!++
      events++
    } else negative[passed[i]!]!++
  }
  for (let t = thresholds - 1; t >= 0; t--) {
    positive[t]! += positive[t + 1]!
    negative[t]! += negative[t + 1]!
  }
  return { truePositives: positive.subarray(1), falsePositives: negative.subarray(1), events }
}
