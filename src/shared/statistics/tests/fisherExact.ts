import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { contingencyTable } from './contingencyTable.ts'
import { networkTail } from './fisherNetwork.ts'
import { logFactorials } from './logFactorials.ts'

/** Fisher's exact test of a table of any size. */
export interface FisherExact {
  readonly method: 'Fisher exact, r x c'
  /** Probability of all tables with these margins that are at most as probable as the observed one (relative tolerance 1e-7). */
  readonly p: number
}

/** Work that takes a few seconds at most; larger tables are refused. */
export const defaultFisherSteps = 4e7

/**
 * Fisher-Freeman-Halton exact test of an r x c table.
 * Sources: Freeman and Halton, Biometrika 1951;38:141-9; network algorithm after Mehta and Patel, JASA 1983;78:427-34.
 * @param mostSteps bound on the work, for a page that must stay responsive
 * @returns errors of `contingencyTable`, or `too_large` (use chi-square, or `fisherMonteCarlo`, and say so). Cost grows with the smaller dimension and the margins.
 */
export function fisherExact(counts: readonly (readonly number[])[], mostSteps = defaultFisherSteps): StatisticsResult<FisherExact> {
  const checked = contingencyTable(counts)
  if (!checked.ok) return checked
  const { rowSums, columnSums, total } = checked.value
  const lf = logFactorials(total)
  const tall = rowSums.length >= columnSums.length
  const logObserved = sumOfLog(rowSums, lf) + sumOfLog(columnSums, lf) - lf[total]! - sumOfLog(counts.flat(), lf)
  const tail = networkTail({
    fixed: tall ? columnSums : rowSums, stages: tall ? rowSums : columnSums, logLimit: logObserved + Math.log1p(1e-7), lf, mostSteps,
  })
  if (tail === null) {
    return fail('too_large', `Fisher's exact test of a ${rowSums.length} x ${columnSums.length} table of ${total} cases is too large: `
      + 'use the chi-square test or the Monte Carlo version, and name it.')
  }
  return ok({ method: 'Fisher exact, r x c', p: Math.min(1, tail) })
}

export function sumOfLog(counts: readonly number[], lf: Float64Array): number {
  return counts.reduce((s, c) => s + lf[c]!, 0)
}
