import { isSignatureTerm, termLabel } from '#shared/domain/index.ts'
import type { BaselineRow, BaselineTable, FactorSummary, NumericSummary, NumericVariable } from '#shared/statistics/baseline/index.ts'
import { csvTable } from '#renderer/features/predictions/index.ts'
import { dash, fixed, p3 } from './words.ts'

export interface TableOneCell { readonly negative: string; readonly positive: string; readonly p: string; readonly test: string }
export interface TableOneRow { readonly key: string; readonly label: string; readonly head: boolean; readonly cells: readonly TableOneCell[] }
export interface TableOne { readonly cohorts: readonly { readonly name: string; readonly n: readonly number[] }[]; readonly rows: readonly TableOneRow[]; readonly leftOut: number }

const numeric = (s: NumericSummary, { name, summary }: NumericVariable): string => {
  const d = isSignatureTerm(name) ? 3 : 1
  return s.n === 0 ? dash : summary === 'mean-sd' ? `${fixed(s.mean, d)} ± ${fixed(s.sd, d)}` : `${fixed(s.median, d)} (${fixed(s.q1, d)}–${fixed(s.q3, d)})`
}
const levelText = (s: FactorSummary, k: number): string => {
  const level = s.levels[k]
  return level === undefined ? dash : `${level.count}${level.percent === null ? '' : ` (${level.percent.toFixed(0)})`}`
}
const outcomeOf = ({ outcome }: BaselineRow): Pick<TableOneCell, 'p' | 'test'> => (outcome.comparison === null ? { p: dash, test: outcome.reason } : { p: p3(outcome.comparison.p), test: `${outcome.comparison.test}. ${outcome.comparison.note}` })
const missingOf = (row: BaselineRow): number => row.groups.reduce((n, g) => n + g.missing, 0)

/** Table 1 as lines: a head for each variable with its test, a line for each level, one for missing values where there are some. */
export function tableOne(table: BaselineTable): TableOne {
  const cohorts = table.cohorts.map((c) => ({ name: c.cohort ?? 'all', n: c.n }))
  const names = [...new Set(table.rows.map((r) => r.variable.name))]
  const rows = names.flatMap((name): TableOneRow[] => {
    const own = cohorts.map((c) => table.rows.find((r) => r.variable.name === name && (r.cohort ?? 'all') === c.name)).filter((r) => r !== undefined)
    const variable = own[0]?.variable
    if (variable === undefined) return []
    const unit = variable.kind === 'numeric' && variable.unit !== '' ? `, ${variable.unit}` : ''
    const head: TableOneRow = {
      key: name, head: true, label: `${termLabel(name)}${unit}`,
      cells: own.map((r) => ({ ...outcomeOf(r), negative: r.groups[0]?.kind === 'numeric' && variable.kind === 'numeric' ? numeric(r.groups[0], variable) : '', positive: r.groups[1]?.kind === 'numeric' && variable.kind === 'numeric' ? numeric(r.groups[1], variable) : '' })),
    }
    const levels = variable.kind === 'factor' ? variable.levels.map((level, k): TableOneRow => ({
      key: `${name}\n${level}`, head: false, label: level, cells: own.map((r) => ({ p: '', test: '', negative: r.groups[0]?.kind === 'factor' ? levelText(r.groups[0], k) : '', positive: r.groups[1]?.kind === 'factor' ? levelText(r.groups[1], k) : '' })),
    })) : []
    const missing: TableOneRow[] = own.some((r) => missingOf(r) > 0) ? [{ key: `${name}\0missing`, head: false, label: 'missing', cells: own.map((r) => ({ p: '', test: '', negative: String(r.groups[0]?.missing ?? 0), positive: String(r.groups[1]?.missing ?? 0) })) }] : []
    return [head, ...levels, ...missing]
  })
  return { cohorts, rows, leftOut: table.leftOut }
}

export const tableOneCsv = (table: TableOne): string => csvTable([
  ['variable', ...table.cohorts.flatMap((c) => [`${c.name}: negative (n = ${c.n[0] ?? 0})`, `${c.name}: positive (n = ${c.n[1] ?? 0})`, `${c.name}: p`, `${c.name}: test`])],
  ...table.rows.map((r) => [r.head ? r.label : `  ${r.label}`, ...r.cells.flatMap((c) => [c.negative, c.positive, c.p, c.test])]),
])
