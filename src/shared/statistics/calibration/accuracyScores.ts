import { sumOf } from '../core/index.ts'
import { normalTwoSided } from '../distributions/index.ts'

/** Proper scores of probabilities. */
export interface AccuracyScores {
  /** Mean squared difference of probability and outcome (Brier 1950). */
  readonly brier: number
  /** Brier score of the prevalence for everybody, and 1 - brier / brierMaximum (NaN or -Infinity for one class). */
  readonly brierMaximum: number
  readonly brierScaled: number
  /** Mean of -log of the probability given to what happened; Infinity when something certain did not happen. */
  readonly logLoss: number
}

/** Brier score, its scaled form and the log loss. O(n). */
export function accuracyScores(outcome: ArrayLike<number>, probability: ArrayLike<number>): AccuracyScores {
  const n = outcome.length
  const prevalence = sumOf(n, (i) => outcome[i]!) / n
  const brier = sumOf(n, (i) => (probability[i]! - outcome[i]!) ** 2) / n
  const brierMaximum = prevalence * (1 - prevalence)
  return {
    brier, brierMaximum, brierScaled: 1 - brier / brierMaximum,
    logLoss: sumOf(n, (i) => -(outcome[i] === 1 ? Math.log(probability[i]!) : Math.log1p(-probability[i]!))) / n,
  }
}

/**
 * Spiegelhalter's z test of the Brier score against its expectation under perfect calibration (Stat Med 1986;5:421-33). NaN when every
 * probability is 0, 1/2 or 1.
 */
export function spiegelhalterTest(
  outcome: ArrayLike<number>, probability: ArrayLike<number>,
): { readonly z: number; readonly p: number; readonly method: string } {
  const n = outcome.length
  const excess = sumOf(n, (i) => (outcome[i]! - probability[i]!) * (1 - 2 * probability[i]!))
  const variance = sumOf(n, (i) => (1 - 2 * probability[i]!) ** 2 * probability[i]! * (1 - probability[i]!))
  const z = excess / Math.sqrt(variance)
  return { z, p: normalTwoSided(z), method: 'Spiegelhalter z' }
}
