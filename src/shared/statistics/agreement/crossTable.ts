import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'

/** Counts of pairs of categories: row = the first rater's, column = the second's, both over the full list of levels. */
export type CountTable = readonly (readonly number[])[]

/**
 * Cross-tabulates two raters' categories. O(n + levels^2).
 * @returns `length_mismatch`, or `unknown_level` for a category that is not among the levels.
 */
export function crossTable<T>(first: readonly T[], second: readonly T[], levels: readonly T[]): StatisticsResult<CountTable> {
  if (first.length !== second.length) return fail('length_mismatch', `The raters have ${first.length} and ${second.length} ratings: give pairs.`)
  const index = new Map(levels.map((l, i) => [l, i]))
  const counts = levels.map(() => levels.map(() => 0))
  for (let i = 0; i < first.length; i++) {
    const r = index.get(first[i]!), c = index.get(second[i]!)
    if (r === undefined || c === undefined) {
      const level = String(r === undefined ? first[i] : second[i])
      return fail('unknown_level', `The category "${level}" (pair ${i + 1}) is not among the declared levels: ${levels.join(', ')}.`, level)
    }
    counts[r]![c]!++
  }
  return ok(counts)
}
