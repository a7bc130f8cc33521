import { ok } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import { scoreGroups, type ScoreGroups } from './scoreGroups.ts'

/**
 * Area under the empirical ROC curve: the probability that a positive case scores above a negative one, ties counting half (Mann-Whitney).
 * Exact in integers up to one division. O(n log n).
 * @example auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 */
export function auc(outcome: ArrayLike<number>, score: ArrayLike<number>): StatisticsResult<number> {
  const groups = scoreGroups(outcome, score)
  return groups.ok ? ok(aucOfGroups(groups.value)) : groups
}

/** The same from grouped scores. O(distinct values). */
export function aucOfGroups(g: ScoreGroups): number {
  let doubled = 0, below = 0
  for (let k = 0; k < g.values.length; k++) {
    const negatives = g.negativesAt[k]!
    doubled += g.positivesAt[k]! * (2 * below + negatives)
    below += negatives
  }
  return doubled / (2 * g.positives * g.negatives)
}
