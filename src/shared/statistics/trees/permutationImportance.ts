import { createRandom, ok } from '#shared/lib/index.ts'
import { fail, mean, standardDeviation, type StatisticsResult } from '../core/index.ts'
import type { DataRow, Term } from '../regression/index.ts'
import { auc } from '../roc/index.ts'

/** Loss of AUC when a term's values are shuffled among the rows. */
export interface PermutationImportance {
  readonly term: string
  readonly aucLoss: number
  /** Standard deviation over the repeats; null for one repeat. */
  readonly sd: number | null
}

export interface PermutationOptions {
  readonly outcome: string
  readonly terms: readonly Term[]
  readonly seed: string | number
  /** 10 unless given. */
  readonly repeats?: number
}

/**
 * How much of a model's AUC rests on each term, for any model that predicts rows. On rows not used in fitting it tells of the model's use of the term for
 * new cases; correlated terms share their importance. Source: Breiman, Mach Learn 2001;45:5-32; Fisher, Rudin and Dominici, JMLR 2019;20:177.
 * @returns failures of `predict` and `auc`, largest loss first. O(terms x repeats x cost of predicting).
 */
export function permutationImportance(
  rows: readonly DataRow[], predict: (rows: readonly DataRow[]) => StatisticsResult<Float64Array>, { outcome, terms, seed, repeats = 10 }: PermutationOptions,
): StatisticsResult<readonly PermutationImportance[]> {
  if (!(Number.isInteger(repeats) && repeats > 0)) return fail('out_of_range', 'Permutation importance needs 1 repeat or more.')
  const y = rows.map((row) => Number(row[outcome]))
  const areaOf = (changed: readonly DataRow[]): StatisticsResult<number> => {
    const p = predict(changed)
    return p.ok ? auc(y, p.value) : p
  }
  const whole = areaOf(rows)
  if (!whole.ok) return whole
  const out: PermutationImportance[] = []
  for (const { name } of terms) {
    const losses: number[] = []
    for (let repeat = 0; repeat < repeats; repeat++) {
      const values = createRandom(`${seed}/${name}/${repeat}`).shuffle(rows.map((row) => row[name]))
      const changed = areaOf(rows.map((row, i) => ({ ...row, [name]: values[i] })))
      if (!changed.ok) return changed
      losses.push(whole.value - changed.value)
    }
    out.push({ term: name, aucLoss: mean(losses), sd: repeats > 1 ? standardDeviation(losses) : null })
  }
  return ok(out.sort((a, b) => b.aucLoss - a.aucLoss))
}
