import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'

/** Checks outcomes (0 or 1) and probabilities (0..1) of the same rows. Both classes are not required. O(n). */
export function checkProbabilities(
  outcome: ArrayLike<number>, probability: ArrayLike<number>, name = 'The probability',
): StatisticsResult<true> {
  const n = outcome.length
  if (probability.length !== n) return fail('length_mismatch', `${name} has ${probability.length} values for ${n} outcomes.`, name)
  if (n === 0) return fail('too_few', 'There are no rows.')
  for (let i = 0; i < n; i++) {
    if (outcome[i] !== 0 && outcome[i] !== 1) {
      return fail('bad_labels', `Row ${i + 1} has the outcome ${String(outcome[i])}: only 0 and 1 are allowed.`)
    }
    const p = probability[i]!
    if (Number.isNaN(p)) return fail('missing_values', `${name} is missing for row ${i + 1}: drop such rows first, and say how many.`, name)
    if (p < 0 || p > 1) return fail('out_of_range', `${name} is ${p} in row ${i + 1}, which is not a probability.`, name)
  }
  return ok(true)
}
