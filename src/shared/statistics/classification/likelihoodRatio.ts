import { defaultLevel, type Interval } from '../core/index.ts'
import { normalQuantile } from '../distributions/index.ts'
import type { Confusion } from './confusion.ts'

/**
 * A likelihood ratio; null where it is 0/0, Infinity where only the denominator is 0. The interval is null where a count of 0 leaves it
 * undefined.
 */
export interface LikelihoodRatio {
  readonly estimate: number | null
  readonly interval: Interval | null
}

/**
 * Positive and negative likelihood ratio with intervals by the log method.
 * Source: Simel DL, Samsa GP, Matchar DB. J Clin Epidemiol 1991;44:763-70.
 */
export function likelihoodRatios(c: Confusion, level = defaultLevel): { readonly positive: LikelihoodRatio; readonly negative: LikelihoodRatio } {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = c
  return { positive: ratio(tp, tp + fn, fp, fp + tn, level), negative: ratio(fn, tp + fn, tn, fp + tn, level) }
}

/** (a / m) / (b / n). */
function ratio(a: number, m: number, b: number, n: number, level: number): LikelihoodRatio {
  if (m === 0 || n === 0) return { estimate: null, interval: null }
  if (b === 0) return { estimate: a > 0 ? Infinity : null, interval: null }
  const estimate = (a / m) / (b / n)
  if (a === 0) return { estimate, interval: null }
  const half = normalQuantile(1 - (1 - level) / 2) * Math.sqrt(1 / a - 1 / m + 1 / b - 1 / n)
  return { estimate, interval: { lower: estimate * Math.exp(-half), upper: estimate * Math.exp(half), level, method: 'log method (Simel 1991)' } }
}
