import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { isMissing, type DataRow, type Term } from './term.ts'

/** The rows a model can use, and what was left out and why. */
export interface CompleteCases {
  readonly rows: readonly DataRow[]
  /** The outcome of those rows, 0 or 1. */
  readonly outcome: Float64Array
  /** Position of each used row among the given rows. */
  readonly index: readonly number[]
  readonly missing: MissingCount
}

/** How many rows were given, used and dropped, and how often each column was missing (a row may lack several). */
export interface MissingCount {
  readonly total: number
  readonly used: number
  readonly dropped: number
  readonly byColumn: Readonly<Record<string, number>>
}

/**
 * Complete cases over the outcome and all terms. O(rows x terms).
 * @param outcome column that holds 0 or 1
 * @returns `all_missing`, `bad_labels`, `unknown_level` or `not_finite` with the column and row named
 */
export function completeCases(rows: readonly DataRow[], outcome: string, terms: readonly Term[]): StatisticsResult<CompleteCases> {
  const names = [outcome, ...terms.map((t) => t.name)]
  const byColumn = Object.fromEntries(names.map((n) => [n, 0]))
  const index: number[] = []
  for (const [i, row] of rows.entries()) {
    const absent = names.filter((n) => isMissing(row[n]))
    for (const n of absent) byColumn[n]!++
    if (absent.length === 0) index.push(i)
  }
  if (rows.length > 0 && index.length === 0) {
    return fail('all_missing', `None of the ${rows.length} rows has a value for all of: ${names.join(', ')}.`)
  }
  const kept = index.map((i) => rows[i]!)
  for (const [k, row] of kept.entries()) {
    const wrong = checkRow(row, outcome, terms, index[k]! + 1)
    if (wrong) return wrong
  }
  const missing = { total: rows.length, used: kept.length, dropped: rows.length - kept.length, byColumn }
  return ok({ rows: kept, outcome: Float64Array.from(kept, (r) => Number(r[outcome])), index, missing })
}

function checkRow(row: DataRow, outcome: string, terms: readonly Term[], line: number): ReturnType<typeof fail> | undefined {
  const y = row[outcome]
  if (y !== 0 && y !== 1) {
    return fail(
      'bad_labels', `Row ${line} has the outcome ${String(y)} in "${outcome}": only 0 (negative) and 1 (positive) are allowed.`,
      outcome,
    )
  }
  for (const term of terms) {
    const wrong = checkValue(row, term, `Row ${line}`)
    if (wrong) return wrong
  }
  return undefined
}

/** The failure of one present value under its term, or undefined when it is fine. */
export function checkValue(row: DataRow, term: Term, who: string): ReturnType<typeof fail> | undefined {
  const value = row[term.name]
  if (term.kind === 'factor') {
    if (term.levels.includes(String(value))) return undefined
    return fail(
      'unknown_level', `${who} has "${String(value)}" in "${term.name}", which is none of its levels: ${term.levels.join(', ')}.`,
      term.name,
    )
  }
  if (typeof value === 'number' && Number.isFinite(value)) return undefined
  return fail('not_finite', `${who} has "${String(value)}" in "${term.name}", which is not a finite number.`, term.name)
}
