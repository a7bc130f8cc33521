import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'

/** The four counts of calls against outcomes. */
export interface Confusion {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly trueNegatives: number
}

/**
 * Counts with the rule positive <=> score >= threshold. O(n). Errors: `length_mismatch`, `too_few` (no rows), `bad_labels`,
 * `missing_values`.
 */
export function confusion(outcome: ArrayLike<number>, score: ArrayLike<number>, threshold: number): StatisticsResult<Confusion> {
  const n = outcome.length
  if (score.length !== n) return fail('length_mismatch', `There are ${score.length} scores for ${n} cases.`)
  if (n === 0) return fail('too_few', 'There are no cases to count.')
  if (Number.isNaN(threshold)) return fail('not_finite', 'The threshold is not a number.')
  let tp = 0, fp = 0, fn = 0, tn = 0
  for (let i = 0; i < n; i++) {
    const y = outcome[i], s = score[i]!
    if (s !== s) return fail('missing_values', `The score of row ${i + 1} is missing: drop or fill such rows first, and say how.`)
    if (y === 1) {
      if (s >= threshold) tp++
      else fn++
    } else if (y === 0) {
      if (s >= threshold) fp++
      else tn++
    } else return fail('bad_labels', `Row ${i + 1} has the outcome ${String(y)}: only 0 (negative) and 1 (positive) are allowed.`)
  }
  return ok({ truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn })
}

/** Counts of calls that are already yes or no (1 or 0), as a reader gives them. O(n). */
export function confusionOfCalls(outcome: ArrayLike<number>, calls: ArrayLike<number>): StatisticsResult<Confusion> {
  for (let i = 0; i < calls.length; i++) {
    if (calls[i] !== 0 && calls[i] !== 1) return fail('bad_labels', `Row ${i + 1} has the call ${String(calls[i])}: only 0 and 1 are allowed.`)
  }
  return confusion(outcome, calls, 1)
}
