import type { CallOutput, CaseFilter, FilterVariable } from '#shared/contract/index.ts'
import { CLINICAL_VARIABLES, clinicalVariable } from '#shared/domain/index.ts'
import { caseModelRows, type CaseModelRow } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../context.ts'

export const HOSPITAL = 'hospital'
/** A column of text with more values than this identifies cases rather than grouping them. */
const MOST_LEVELS = 40

type Values = Readonly<Record<string, string>>
const valuesOf = (row: CaseModelRow): Values => ({ ...(row.hospital === null ? {} : { [HOSPITAL]: row.hospital }), ...(JSON.parse(row.variables) as Values) })
const isNumeric = (name: string, values: readonly string[]): boolean => clinicalVariable(name)?.kind === 'number' || (clinicalVariable(name) === undefined && values.every((v) => v.trim() !== '' && Number.isFinite(Number(v))))

function describe(name: string, values: readonly string[], total: number): FilterVariable | null {
  const known = clinicalVariable(name)
  const base = { name, label: known?.label ?? (name === HOSPITAL ? 'Hospital' : name), unit: known?.kind === 'number' ? known.unit : '', missing: total - values.length }
  const counts = new Map<string, number>()
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
  if (isNumeric(name, values) && (known !== undefined || counts.size > 6)) {
    const numbers = values.map(Number)
    return { ...base, kind: 'number', levels: [], min: numbers.reduce((a, b) => Math.min(a, b), Infinity), max: numbers.reduce((a, b) => Math.max(a, b), -Infinity) }
  }
  if (counts.size > MOST_LEVELS) return null
  const order = known?.kind === 'choice' ? known.levels : []
  const place = (v: string): number => (order.includes(v) ? order.indexOf(v) : order.length)
  return { ...base, kind: 'choice', levels: [...counts].map(([value, cases]) => ({ value, cases })).sort((a, b) => place(a.value) - place(b.value) || (a.value < b.value ? -1 : 1)), min: null, max: null }
}

/** What included cases can be picked by: hospital, clinical variables, every further column that groups them. */
export function variablesOf(study: OpenStudy): CallOutput<'analysis.variables'> {
  const rows = caseModelRows(study.db.read).map(valuesOf)
  const names = [HOSPITAL, ...CLINICAL_VARIABLES.map((v) => v.name), ...[...new Set(rows.flatMap(Object.keys))].sort()]
  return {
    variables: [...new Set(names)].flatMap((name) => {
      const values = rows.flatMap((r) => (r[name] === undefined ? [] : [r[name]]))
      const made = values.length === 0 ? null : describe(name, values, rows.length)
      return made === null || (made.kind === 'choice' && made.levels.length < 2 && made.missing === 0) ? [] : [made]
    }),
  }
}

const label = (name: string): string => clinicalVariable(name)?.label ?? (name === HOSPITAL ? 'Hospital' : name)

/** A condition in words, as it is printed beside n. */
export function conditionText({ variable, levels, min, max }: CaseFilter): string {
  const known = clinicalVariable(variable), unit = known?.kind === 'number' ? ` ${known.unit}` : ''
  if (levels !== undefined) return `${label(variable)}: ${levels.join(' or ')}`
  if (min !== undefined && max !== undefined) return `${label(variable)} ${min} to ${max}${unit}`
  return min !== undefined ? `${label(variable)} at least ${min}${unit}` : `${label(variable)} at most ${max ?? 0}${unit}`
}

function passes(values: Values, filter: CaseFilter): boolean | null {
  const raw = values[filter.variable]
  if (raw === undefined) return null
  if (filter.levels !== undefined) return filter.levels.includes(raw)
  const number = Number(raw)
  return Number.isFinite(number) && number >= (filter.min ?? -Infinity) && number <= (filter.max ?? Infinity)
}

export interface Picked { readonly ids: ReadonlySet<string> | null; readonly unknown: number }

/** The cases that meet every condition; null where there is none. `unknown`: cases without a value that a condition asks for. */
export function pickCases(rows: readonly CaseModelRow[], filters: readonly CaseFilter[]): Picked {
  if (filters.length === 0) return { ids: null, unknown: 0 }
  let unknown = 0
  const ids = new Set<string>()
  for (const row of rows) {
    const values = valuesOf(row), answers = filters.map((f) => passes(values, f))
    if (answers.includes(null)) unknown++
    else if (!answers.includes(false)) ids.add(row.case_id)
  }
  return { ids, unknown }
}
