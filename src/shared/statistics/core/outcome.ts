import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from './error.ts'

/** Row numbers of the two classes of a 0/1 outcome. Positive (1) is always the condition looked for; nothing guesses a direction. */
export interface Classes {
  readonly positives: Uint32Array
  readonly negatives: Uint32Array
}

/** Splits a 0/1 outcome. Fails with `bad_labels` for another value, `too_few` for no rows, `one_class` when a class is empty. O(n). */
export function splitClasses(outcome: ArrayLike<number>): StatisticsResult<Classes> {
  if (outcome.length === 0) return fail('too_few', 'There are no rows: at least one positive and one negative case are needed.')
  let m = 0
  for (let i = 0; i < outcome.length; i++) {
    const y = outcome[i]
    if (y === 1) m++
    else if (y !== 0) return fail('bad_labels', `Row ${i + 1} has the outcome ${String(y)}: only 0 (negative) and 1 (positive) are allowed.`)
  }
  const n = outcome.length - m
  if (m === 0 || n === 0) return fail('one_class', `All ${outcome.length} cases are ${m === 0 ? 'negative' : 'positive'}: both classes are needed.`)
  const positives = new Uint32Array(m), negatives = new Uint32Array(n)
  let a = 0, b = 0
  for (let i = 0; i < outcome.length; i++) {
    if (outcome[i] === 1) positives[a++] = i
    else negatives[b++] = i
  }
  return ok({ positives, negatives })
}

/** Fails with `length_mismatch` or, for a NaN, `missing_values`. Infinities are legal scores. O(n). */
export function checkScores(scores: ArrayLike<number>, rows: number, name = 'The score'): StatisticsResult<true> {
  if (scores.length !== rows) return fail('length_mismatch', `${name} has ${scores.length} values for ${rows} cases.`, name)
  for (let i = 0; i < rows; i++) {
    if (Number.isNaN(scores[i])) {
      return fail('missing_values', `${name} is missing for row ${i + 1}: drop or fill such rows first, and say how.`, name)
    }
  }
  return ok(true)
}
