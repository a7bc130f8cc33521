import { ok } from '#shared/lib/index.ts'
import { fail, splitClasses, type StatisticsResult } from '../core/index.ts'
import type { DataRow, Term } from '../regression/index.ts'
import { featureCoding, featureColumns, type FeatureCoding } from './features.ts'

/** Rows made ready for growing trees. */
export interface Training {
  readonly coding: FeatureCoding
  readonly columns: readonly Float64Array[]
  readonly y: Float64Array
  readonly events: number
}

/** Codes complete rows and checks the outcome. @returns `missing_values`, `not_finite`, `unknown_level`, `bad_labels`, `one_class`, `too_few` */
export function prepareTraining(rows: readonly DataRow[], outcome: string, terms: readonly Term[]): StatisticsResult<Training> {
  if (terms.length === 0) return fail('too_few', 'A model of trees needs at least one predictor.')
  const y = Float64Array.from(rows, (row) => {
    const value = row[outcome]
    return typeof value === 'number' ? value : NaN
  })
  const classes = splitClasses(y)
  if (!classes.ok) return classes
  const coding = featureCoding(terms)
  const columns = featureColumns(rows, coding)
  return columns.ok ? ok({ coding, columns: columns.value, y, events: classes.value.positives.length }) : columns
}
