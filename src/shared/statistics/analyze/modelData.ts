import type { DataRow, ModelSpec, Term } from '../regression/index.ts'
import type { AnalysisSpec } from './adapter.ts'
import { AnalysisFailure, recordList, textField } from './request.ts'
import { levelText, numbers, texts, type Table } from './table.ts'

/** The model that a request describes: `outcome` and `predictors` of name, type and, for factors, levels. */
export function modelSpec(spec: AnalysisSpec): ModelSpec {
  return { outcome: textField(spec, 'outcome'), terms: recordList(spec, 'predictors').map((p) => termOf(spec, p)) }
}

function termOf(spec: AnalysisSpec, predictor: Readonly<Record<string, unknown>>): Term {
  const { name, type, levels } = predictor
  if (typeof name !== 'string') throw new AnalysisFailure('bad_task', `Every predictor of "${spec.id}" needs a "name".`)
  if (type === 'numeric') return { kind: 'numeric', name }
  if (type === 'factor' && levels !== undefined) {
    return { kind: 'factor', name, levels: (Array.isArray(levels) ? levels : [levels]).map(levelText) }
  }
  throw new AnalysisFailure('bad_task', `The predictor "${name}" of "${spec.id}" needs the type "numeric", or "factor" with "levels".`, name)
}

/** The rows of a table as the regression functions take them. */
export function modelRows(table: Table, { outcome, terms }: ModelSpec): DataRow[] {
  const columns: [string, ArrayLike<number | string | null>][] = [
    [outcome, numbers(table, outcome)],
    ...terms.map((t): [string, ArrayLike<number | string | null>] => [
      t.name, t.kind === 'factor' ? texts(table, t.name) : numbers(table, t.name),
    ]),
  ]
  return Array.from({ length: table.rows }, (_, i) => Object.fromEntries(columns.map(([name, values]) => [name, values[i]!])))
}
