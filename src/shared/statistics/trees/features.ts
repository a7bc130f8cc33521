import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { isMissing, type DataRow, type Term } from '../regression/index.ts'

/** A column that trees split on: a numeric term, or 1 where a factor has this level and 0 elsewhere. */
export interface FeatureColumn {
  readonly term: string
  readonly level?: string
}

/** How rows become columns; part of every fitted model, so that prediction codes rows as fitting did. */
export interface FeatureCoding {
  readonly terms: readonly Term[]
  readonly columns: readonly FeatureColumn[]
}

/** Coding of terms: one column a numeric term, one a level of a factor (one in all for two levels; trees need no reference level). */
export function featureCoding(terms: readonly Term[]): FeatureCoding {
  return {
    terms,
    columns: terms.flatMap((term): FeatureColumn[] => {
      if (term.kind === 'numeric') return [{ term: term.name }]
      const levels = term.levels.length === 2 ? term.levels.slice(1) : term.levels
      return levels.map((level) => ({ term: term.name, level }))
    }),
  }
}

/**
 * Feature columns of complete rows (column-major, one array a column). O(rows x columns).
 * @returns `missing_values`, `not_finite` or `unknown_level` with the column and row named
 */
export function featureColumns(rows: readonly DataRow[], coding: FeatureCoding): StatisticsResult<readonly Float64Array[]> {
  for (const term of coding.terms) {
    for (const [i, row] of rows.entries()) {
      const value = row[term.name]
      if (isMissing(value)) return fail('missing_values', `Row ${i + 1} has no value in "${term.name}": trees need complete rows.`, term.name)
      if (term.kind === 'numeric' ? typeof value !== 'number' || !Number.isFinite(value) : false) {
        return fail('not_finite', `Row ${i + 1} has "${String(value)}" in "${term.name}", which is not a finite number.`, term.name)
      }
      if (term.kind === 'factor' && !term.levels.includes(String(value))) {
        return fail('unknown_level', `Row ${i + 1} has "${String(value)}" in "${term.name}", which is none of its levels: ${term.levels.join(', ')}.`, term.name)
      }
    }
  }
  return ok(coding.columns.map(({ term, level }) => Float64Array.from(rows, (row) => (
    level === undefined ? Number(row[term]) : String(row[term]) === level ? 1 : 0
  ))))
}

/** Sums figures of columns by the term they belong to and scales them to a total of 1 (all 0 when nothing was gained), largest first. */
export function importanceByTerm(coding: FeatureCoding, byColumn: ArrayLike<number>): readonly FeatureImportance[] {
  const total = Array.from(byColumn).reduce((a, b) => a + b, 0)
  return coding.terms
    .map(({ name }) => {
      const own = coding.columns.reduce((s, c, j) => s + (c.term === name ? byColumn[j]! : 0), 0)
      return { term: name, importance: total > 0 ? own / total : 0 }
    })
    .sort((a, b) => b.importance - a.importance)
}

export interface FeatureImportance {
  readonly term: string
  readonly importance: number
}
