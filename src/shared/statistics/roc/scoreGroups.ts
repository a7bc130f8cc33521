import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'

/**
 * A score as the ROC methods see it: the distinct values in ascending order with the number of positive and negative cases at each.
 * High scores speak for the positive class, by declaration; nothing turns a score round.
 */
export interface ScoreGroups {
  readonly values: Float64Array
  readonly positivesAt: Float64Array
  readonly negativesAt: Float64Array
  readonly positives: number
  readonly negatives: number
}

/**
 * Groups a score by value. Any ties; -Infinity and Infinity are values like others. O(n log n), by sorting each class.
 * @param outcome 1 positive, 0 negative
 * @param score one number a case, no NaN
 * @returns `length_mismatch`, `missing_values` (NaN), `bad_labels`, `too_few` (no rows) or `one_class`
 */
export function scoreGroups(outcome: ArrayLike<number>, score: ArrayLike<number>): StatisticsResult<ScoreGroups> {
  const split = splitScores(outcome, score)
  if (!split.ok) return split
  const x = split.value.positives.sort(), z = split.value.negatives.sort()
  const size = x.length + z.length
  const values = new Float64Array(size), positivesAt = new Float64Array(size), negativesAt = new Float64Array(size)
  let k = 0
  for (let i = 0, j = 0; i < x.length || j < z.length; k++) {
    const value = j >= z.length || (i < x.length && x[i]! <= z[j]!) ? x[i]! : z[j]!
    const fromI = i, fromJ = j
    while (i < x.length && x[i] === value) i++
    while (j < z.length && z[j] === value) j++
    values[k] = value
    positivesAt[k] = i - fromI
    negativesAt[k] = j - fromJ
  }
  return ok({
    values: values.subarray(0, k), positivesAt: positivesAt.subarray(0, k), negativesAt: negativesAt.subarray(0, k),
    positives: x.length, negatives: z.length,
  })
}

/** The scores of the two classes, in the order of the rows. */
export function splitScores(
  outcome: ArrayLike<number>, score: ArrayLike<number>,
): StatisticsResult<{ positives: Float64Array; negatives: Float64Array }> {
  const n = outcome.length
  if (score.length !== n) return fail('length_mismatch', `There are ${score.length} scores for ${n} cases.`)
  if (n === 0) return fail('too_few', 'There are no cases: at least one positive and one negative are needed.')
  const positives = new Float64Array(n), negatives = new Float64Array(n)
  let a = 0, b = 0
  for (let i = 0; i < n; i++) {
    const y = outcome[i], s = score[i]!
    if (s !== s) return fail('missing_values', `The score of row ${i + 1} is missing: drop or fill such rows first, and say how.`)
    if (y === 1) positives[a++] = s
    else if (y === 0) negatives[b++] = s
    else return fail('bad_labels', `Row ${i + 1} has the outcome ${String(y)}: only 0 (negative) and 1 (positive) are allowed.`)
  }
  if (a === 0 || b === 0) return fail('one_class', `All ${n} cases are ${a === 0 ? 'negative' : 'positive'}: both classes are needed.`)
  return ok({ positives: positives.subarray(0, a), negatives: negatives.subarray(0, b) })
}
