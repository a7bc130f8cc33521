import { ok } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import { scoreGroups, type ScoreGroups } from './scoreGroups.ts'

/** The empirical ROC curve: one point a distinct score in ascending order, and a last one at Infinity where nobody is positive. */
export interface RocCurve {
  readonly positives: number
  readonly negatives: number
  /** A case is called positive when its score is at least this observed value. */
  readonly thresholds: Float64Array
  /** The same cut as a value between two observed scores: half way, -Infinity at the first, Infinity at the last. */
  readonly midThresholds: Float64Array
  readonly truePositives: Float64Array
  readonly falsePositives: Float64Array
}

/** The empirical ROC curve of a score. O(n log n). */
export function rocCurve(outcome: ArrayLike<number>, score: ArrayLike<number>): StatisticsResult<RocCurve> {
  const groups = scoreGroups(outcome, score)
  return groups.ok ? ok(rocOfGroups(groups.value)) : groups
}

/** The curve from grouped scores. O(distinct values). */
export function rocOfGroups(g: ScoreGroups): RocCurve {
  const k = g.values.length
  const thresholds = new Float64Array(k + 1), midThresholds = new Float64Array(k + 1)
  const truePositives = new Float64Array(k + 1), falsePositives = new Float64Array(k + 1)
  thresholds[k] = midThresholds[k] = Infinity
  for (let i = k - 1; i >= 0; i--) {
    thresholds[i] = g.values[i]!
    midThresholds[i] = i === 0 ? -Infinity : middle(g.values[i - 1]!, g.values[i]!)
    truePositives[i] = truePositives[i + 1]! + g.positivesAt[i]!
    falsePositives[i] = falsePositives[i + 1]! + g.negativesAt[i]!
  }
  return { positives: g.positives, negatives: g.negatives, thresholds, midThresholds, truePositives, falsePositives }
}

/** A value t with low < t <= high, half way where numbers allow. */
function middle(low: number, high: number): number {
  if (low === -Infinity) return high === Infinity ? 0 : -Infinity
  const half = Math.abs(low + high) / 2 > 1e100 ? low / 2 + high / 2 : (low + high) / 2
  return half > low ? half : high
}
