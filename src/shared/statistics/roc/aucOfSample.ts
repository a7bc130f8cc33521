import { ok } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import { scoreGroups } from './scoreGroups.ts'

/**
 * Prepares the AUC of many samples of the same rows (a bootstrap): the rows are ranked once, so that each sample costs O(n) and no sort.
 * @returns a function of row numbers (with repeats) that gives their AUC, NaN when the sample holds one class only
 */
export function prepareAuc(outcome: ArrayLike<number>, score: ArrayLike<number>): StatisticsResult<(rows: ArrayLike<number>) => number> {
  const groups = scoreGroups(outcome, score)
  if (!groups.ok) return groups
  const slots = rowSlots(outcome, score, groups.value.values)
  const counts = new Float64Array(2 * groups.value.values.length)
  return ok((rows) => {
    counts.fill(0)
    for (let i = 0; i < rows.length; i++) counts[slots[rows[i]!]!]!++
    let doubled = 0, below = 0, positives = 0
    for (let k = 0; k < counts.length; k += 2) {
      const negativesHere = counts[k]!, positivesHere = counts[k + 1]!
      doubled += positivesHere * (2 * below + negativesHere)
      below += negativesHere
      positives += positivesHere
    }
    return doubled / (2 * positives * below)
  })
}

/** Two slots a distinct value: an even one for its negatives, the odd one after it for its positives. */
function rowSlots(outcome: ArrayLike<number>, score: ArrayLike<number>, values: Float64Array): Uint32Array {
  return Uint32Array.from({ length: outcome.length }, (_, i) => 2 * indexOfValue(values, score[i]!) + outcome[i]!)
}

/** The place of a value that is in an ascending list of distinct values. O(log n). */
export function indexOfValue(values: Float64Array, value: number): number {
  let low = 0, high = values.length - 1
  while (low < high) {
    const mid = (low + high) >>> 1
    if (values[mid]! < value) low = mid + 1
    else high = mid
  }
  return low
}
