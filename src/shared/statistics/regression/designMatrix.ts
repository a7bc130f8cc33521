import { ok } from '#shared/lib/index.ts'
import { fail, zeros, type Matrix, type StatisticsResult } from '../core/index.ts'
import { interceptName, type DataRow, type DesignColumn, type FactorTerm, type Term } from './term.ts'

/** Design matrix of a logistic model: an intercept, then the columns of each term in order. */
export interface Design {
  readonly x: Matrix
  readonly columns: readonly DesignColumn[]
  /** The terms with the levels that occur; the first is the reference. */
  readonly terms: readonly Term[]
  /** Declared levels without a row, by term. */
  readonly droppedLevels: Readonly<Record<string, readonly string[]>>
}

/**
 * Treatment coding of complete rows (R's contr.treatment): a level without a row is dropped, the first level left is the reference.
 * @returns `constant` for a factor with a single level left, `too_few` for no rows
 */
export function designMatrix(rows: readonly DataRow[], terms: readonly Term[]): StatisticsResult<Design> {
  if (rows.length === 0) return fail('too_few', 'There are no complete rows to fit a model on.')
  const used: Term[] = []
  const droppedLevels: Record<string, readonly string[]> = {}
  for (const term of terms) {
    if (term.kind === 'numeric') {
      used.push(term)
      continue
    }
    const seen = new Set(rows.map((r) => String(r[term.name])))
    const levels = term.levels.filter((l) => seen.has(l))
    if (levels.length < 2) {
      return fail(
        'constant',
        `"${term.name}" has only the level "${levels[0] ?? ''}" in the ${rows.length} complete rows: leave it out of the model.`,
        term.name,
      )
    }
    if (levels.length < term.levels.length) droppedLevels[term.name] = term.levels.filter((l) => !seen.has(l))
    used.push({ ...term, levels })
  }
  const columns = designColumns(used)
  const x = zeros(rows.length, columns.length)
  rows.forEach((row, i) => { writeDesignRow(row, used, x.data, i * columns.length) })
  return ok({ x, columns, terms: used, droppedLevels })
}

/** The columns that terms give, intercept first. */
export function designColumns(terms: readonly Term[]): DesignColumn[] {
  return [{ name: interceptName }, ...terms.flatMap((t): DesignColumn[] => (
    t.kind === 'numeric' ? [{ name: t.name, term: t.name }] : nonReference(t).map((level) => ({ name: t.name + level, term: t.name, level }))
  ))]
}

/** Writes the coded row into `out` from `offset` on. The row must be complete and its levels known. */
export function writeDesignRow(row: DataRow, terms: readonly Term[], out: Float64Array, offset = 0): void {
  let k = offset
  out[k++] = 1
  for (const term of terms) {
    if (term.kind === 'numeric') out[k++] = row[term.name] as number
    else for (const level of nonReference(term)) out[k++] = String(row[term.name]) === level ? 1 : 0
  }
}

function nonReference(term: FactorTerm): readonly string[] {
  return term.levels.slice(1)
}
