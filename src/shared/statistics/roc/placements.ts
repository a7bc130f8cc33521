import { ok } from '#shared/lib/index.ts'
import { splitClasses, type Classes, type StatisticsResult } from '../core/index.ts'
import { indexOfValue } from './aucOfSample.ts'
import { scoreGroups } from './scoreGroups.ts'

/**
 * Placement values of several scores on the same cases, the structural components of DeLong 1988: for a positive case the share of
 * negatives below it,
 * for a negative case the share of positives above it, ties counting half.
 */
export interface Placements extends Classes {
  readonly aucs: readonly number[]
  /** One array a score, in the order of `positives`. */
  readonly ofPositives: readonly Float64Array[]
  /** One array a score, in the order of `negatives`. */
  readonly ofNegatives: readonly Float64Array[]
}

/** Placement values of each score. O(k n log n). */
export function placements(outcome: ArrayLike<number>, scores: readonly ArrayLike<number>[]): StatisticsResult<Placements> {
  const classes = splitClasses(outcome)
  if (!classes.ok) return classes
  const { positives, negatives } = classes.value
  const aucs: number[] = [], ofPositives: Float64Array[] = [], ofNegatives: Float64Array[] = []
  for (const score of scores) {
    const groups = scoreGroups(outcome, score)
    if (!groups.ok) return groups
    const { values, positivesAt, negativesAt } = groups.value
    const below = new Float64Array(values.length), above = new Float64Array(values.length)
    let negativesBelow = 0, positivesAbove = positives.length, doubled = 0
    for (let k = 0; k < values.length; k++) {
      const p = positivesAt[k]!, q = negativesAt[k]!
      positivesAbove -= p
      below[k] = 2 * negativesBelow + q
      above[k] = 2 * positivesAbove + p
      doubled += p * below[k]!
      negativesBelow += q
    }
    aucs.push(doubled / (2 * positives.length * negatives.length))
    ofPositives.push(Float64Array.from(positives, (i) => below[indexOfValue(values, score[i]!)]! / (2 * negatives.length)))
    ofNegatives.push(Float64Array.from(negatives, (i) => above[indexOfValue(values, score[i]!)]! / (2 * positives.length)))
  }
  return ok({ positives, negatives, aucs, ofPositives, ofNegatives })
}
