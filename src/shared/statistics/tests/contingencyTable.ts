import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'

/** A table of counts with its margins and the counts expected under independence. */
export interface ContingencyTable {
  readonly counts: readonly (readonly number[])[]
  readonly rowSums: readonly number[]
  readonly columnSums: readonly number[]
  readonly total: number
  readonly expected: readonly (readonly number[])[]
}

/**
 * Checks a table of counts and adds margins. Needs at least 2 x 2 and no empty row or column (drop unused levels before, and say so).
 * @returns `too_few` for an empty or one-line table or margin, `length_mismatch` for a ragged one, `out_of_range` for a count that is not a whole number >= 0.
 */
export function contingencyTable(counts: readonly (readonly number[])[]): StatisticsResult<ContingencyTable> {
  const width = counts[0]?.length ?? 0
  if (counts.length < 2 || width < 2) return fail('too_few', `A contingency table needs at least 2 rows and 2 columns; it has ${counts.length} and ${width}.`)
  if (counts.some((row) => row.length !== width)) return fail('length_mismatch', 'The rows of the contingency table have different lengths.')
  if (counts.some((row) => row.some((c) => !Number.isInteger(c) || c < 0))) return fail('out_of_range', 'A contingency table holds whole counts of 0 or more.')
  const rowSums = counts.map((row) => row.reduce((a, b) => a + b, 0))
  const columnSums = Array.from({ length: width }, (_, j) => counts.reduce((s, row) => s + row[j]!, 0))
  if ([...rowSums, ...columnSums].some((s) => s === 0)) return fail('too_few', 'A row or column of the contingency table is empty: leave unused levels out.')
  const total = rowSums.reduce((a, b) => a + b, 0)
  return ok({ counts, rowSums, columnSums, total, expected: rowSums.map((r) => columnSums.map((c) => (r * c) / total)) })
}
