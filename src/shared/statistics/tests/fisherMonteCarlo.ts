import { ok, type Random } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { contingencyTable } from './contingencyTable.ts'
import { sumOfLog } from './fisherExact.ts'
import { logFactorials } from './logFactorials.ts'

/** Fisher's test by random tables, for tables that are too large to enumerate. */
export interface FisherMonteCarlo {
  readonly method: 'Fisher exact, Monte Carlo'
  /** (1 + random tables at most as probable as the observed one) / (1 + replicates). */
  readonly p: number
  readonly replicates: number
  /** Standard error of p from the number of replicates. */
  readonly monteCarloSe: number
}

/**
 * Estimates the p value of `fisherExact` from random tables with the same margins (labels shuffled with the given generator).
 * Source of the estimator: Davison and Hinkley, Bootstrap Methods (1997), 4.2.1. Errors of `contingencyTable`; `out_of_range` for no replicates.
 * O(replicates x total).
 */
export function fisherMonteCarlo(counts: readonly (readonly number[])[], random: Random, replicates = 10_000): StatisticsResult<FisherMonteCarlo> {
  const checked = contingencyTable(counts)
  if (!checked.ok) return checked
  if (!(Number.isInteger(replicates) && replicates > 0)) return fail('out_of_range', 'The number of replicates must be a whole number above 0.')
  const { rowSums, columnSums, total } = checked.value
  const lf = logFactorials(total), width = columnSums.length
  const limit = sumOfLog(counts.flat(), lf) - 1e-7
  const labels = Uint32Array.from(columnSums.flatMap((c, j) => Array.from({ length: c }, () => j)))
  const cells = new Uint32Array(rowSums.length * width)
  let extreme = 0
  for (let b = 0; b < replicates; b++) {
    shuffle(labels, random)
    cells.fill(0)
    let at = 0
    rowSums.forEach((r, i) => { for (let k = 0; k < r; k++) cells[i * width + labels[at++]!]!++ })
    let sum = 0
    for (const c of cells) sum += lf[c]!
    if (sum >= limit) extreme++
  }
  const p = (1 + extreme) / (1 + replicates)
  return ok({ method: 'Fisher exact, Monte Carlo', p, replicates, monteCarloSe: Math.sqrt((p * (1 - p)) / replicates) })
}

function shuffle(values: Uint32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.int(i + 1), keep = values[i]!
    values[i] = values[j]!
    values[j] = keep
  }
}
