import { ok } from '#shared/lib/index.ts'
import { bootstrap, type Bootstrapped } from '../bootstrap/index.ts'
import type { PatientId, StatisticsResult } from '../core/index.ts'
import { confusion } from './confusion.ts'
import type { ScoredCohort, Threshold } from './threshold.ts'

/**
 * F1 at a carried threshold with bootstrap intervals by patient: F1 is no share of independent trials, so no binomial interval fits it.
 * O(resamples n).
 */
export function f1Interval(
  threshold: Threshold, { outcome, score }: ScoredCohort,
  options: { seed: string | number; resamples?: number; level?: number; patient?: ArrayLike<PatientId>; stratified?: boolean },
): StatisticsResult<Bootstrapped> {
  const counts = confusion(outcome, score, threshold.value)
  if (!counts.ok) return counts
  const { stratified = false, ...rest } = options
  const statistic = (rows: ArrayLike<number>): number => {
    let tp = 0, wrong = 0
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const called = score[row]! >= threshold.value, positive = outcome[row] === 1
      if (called && positive) tp++
      else if (called || positive) wrong++
    }
    return 2 * tp / (2 * tp + wrong)
  }
  const result = bootstrap({ ...rest, rows: outcome.length, statistic, ...(stratified ? { strata: outcome } : {}) })
  return result.ok ? ok(result.value[0]!) : result
}
