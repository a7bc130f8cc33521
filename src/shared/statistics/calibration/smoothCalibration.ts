import { ok } from '#shared/lib/index.ts'
import { fail, order, quantile, type StatisticsResult } from '../core/index.ts'
import { lowess } from './lowess.ts'
import { checkProbabilities } from './probabilities.ts'

/** A smooth calibration curve and how far it lies from the diagonal (val.prob of R's rms). */
export interface SmoothCalibration {
  readonly method: string
  /** Ascending probabilities with the smoothed share of events. The smoother may step a little outside [0, 1]. */
  readonly curve: readonly { readonly predicted: number; readonly observed: number }[]
  /** Mean, largest and 90th percentile of |smoothed - predicted| over the rows. */
  readonly average: number
  readonly maximum: number
  readonly percentile90: number
}

/**
 * E:avg (ICI), E:max and E:90 from a lowess of the outcome on the probability (span 2/3, no robustness iteration).
 * Source: Harrell, Regression Modeling Strategies (2nd ed.), section 10.11; Austin and Steyerberg, Stat Med 2019;38:4051-65. O(n log n).
 * @returns `constant` when all probabilities are equal
 */
export function smoothCalibration(outcome: ArrayLike<number>, probability: ArrayLike<number>): StatisticsResult<SmoothCalibration> {
  const checked = checkProbabilities(outcome, probability)
  if (!checked.ok) return checked
  const index = order(probability)
  const x = Float64Array.from(index, (i) => probability[i]!)
  if (x[0] === x[x.length - 1]) return fail('constant', 'All predictions are equal: there is no curve.')
  const smooth = lowess(x, Float64Array.from(index, (i) => outcome[i]!), { iterations: 0 })
  const error = smooth.map((s, i) => Math.abs(s - x[i]!))
  return ok({
    method: 'lowess, span 2/3, no robustness iteration',
    curve: Array.from(x, (predicted, i) => ({ predicted, observed: smooth[i]! })),
    average: error.reduce((s, e) => s + e, 0) / error.length,
    maximum: error.reduce((m, e) => Math.max(m, e), 0),
    percentile90: quantile(error, 0.9),
  })
}
