import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { isMissing, type DataRow } from '../regression/index.ts'
import { standardisedMeanDifference } from '../tests/index.ts'
import { compareFactor } from './compareFactor.ts'
import { compareNumeric } from './compareNumeric.ts'
import type { ComparisonOutcome } from './comparison.ts'
import { describeLevels, describeNumbers, type FactorSummary, type NumericSummary } from './describeGroup.ts'
import type { BaselineVariable, FactorVariable, NumericVariable } from './variable.ts'

/** A column whose values split the rows, and the values to show, in order. */
export interface Split {
  readonly column: string
  readonly levels: readonly string[]
}

export interface BaselineRequest {
  /** Groups that are compared (node status); two or more levels. */
  readonly group: Split
  /** Parts of the table that stand side by side and are not compared (training, validation, test); one part with all rows when absent. */
  readonly cohort?: Split
  readonly variables: readonly BaselineVariable[]
}

/** One variable in one cohort. */
export interface BaselineRow {
  readonly cohort: string | null
  readonly variable: BaselineVariable
  /** One a group level, in order. */
  readonly groups: readonly (NumericSummary | FactorSummary)[]
  readonly outcome: ComparisonOutcome
  /** Standardised mean difference first - second of a numeric variable in two groups; null otherwise. */
  readonly smd: number | null
}

export interface BaselineTable {
  readonly group: Split
  readonly cohorts: readonly { readonly cohort: string | null; readonly n: readonly number[] }[]
  /** By variable, then by cohort. */
  readonly rows: readonly BaselineRow[]
  /** Rows left out because their group or cohort is missing or not among the levels. */
  readonly leftOut: number
}

/**
 * Baseline characteristics ("Table 1"): each variable by group within each cohort, with the test named in each row. Missing values are left out
 * per variable and counted. p values of many rows are not corrected for multiplicity; in a randomised or split sample they describe chance only.
 * @returns `bad_task` without variables or with fewer than two groups, `not_finite` or `unknown_level` with column and row named. O(rows x variables).
 */
export function baselineTable(rows: readonly DataRow[], { group, cohort, variables }: BaselineRequest): StatisticsResult<BaselineTable> {
  if (variables.length === 0 || group.levels.length < 2) return fail('bad_task', 'A baseline table needs at least one variable and two groups.')
  for (const variable of variables) {
    const bad = checkColumn(rows, variable)
    if (bad) return bad
  }
  const member = (row: DataRow, { column, levels }: Split): string | null => {
    const value = row[column]
    return !isMissing(value) && levels.includes(String(value)) ? String(value) : null
  }
  const cohorts: readonly (string | null)[] = cohort ? cohort.levels : [null]
  const parts = cohorts.map((name) => group.levels.map((level) => (
    rows.filter((row) => member(row, group) === level && (!cohort || member(row, cohort) === name))
  )))
  const placed = parts.reduce((s, part) => s + part.reduce((a, g) => a + g.length, 0), 0)
  return ok({
    group,
    cohorts: cohorts.map((name, i) => ({ cohort: name, n: parts[i]!.map((g) => g.length) })),
    rows: variables.flatMap((variable) => cohorts.map((name, i) => ({ cohort: name, variable, ...compare(variable, parts[i]!, group.levels) }))),
    leftOut: rows.length - placed,
  })
}

type Compared = Pick<BaselineRow, 'groups' | 'outcome' | 'smd'>

function compare(variable: BaselineVariable, groups: readonly (readonly DataRow[])[], levels: readonly string[]): Compared {
  return variable.kind === 'numeric' ? numeric(variable, groups, levels) : factor(variable, groups, levels)
}

function numeric(variable: NumericVariable, groups: readonly (readonly DataRow[])[], levels: readonly string[]): Compared {
  const values = groups.map((rows) => Float64Array.from(rows.map((r) => r[variable.name]).filter((v) => !isMissing(v)), Number))
  return {
    groups: values.map((v, i) => describeNumbers(levels[i]!, v, groups[i]!.length - v.length)),
    outcome: compareNumeric(variable, values),
    smd: values.length === 2 ? standardisedMeanDifference(values[0]!, values[1]!) : null,
  }
}

function factor(variable: FactorVariable, groups: readonly (readonly DataRow[])[], levels: readonly string[]): Compared {
  const present = groups.map((rows) => rows.map((r) => r[variable.name]).filter((v) => !isMissing(v)).map(String))
  const counts = variable.levels.map((level) => present.map((values) => values.filter((v) => v === level).length))
  return {
    groups: present.map((values, i) => describeLevels(levels[i]!, variable.levels, counts.map((row) => row[i]!), groups[i]!.length - values.length)),
    outcome: compareFactor(variable, counts),
    smd: null,
  }
}

function checkColumn(rows: readonly DataRow[], variable: BaselineVariable): ReturnType<typeof fail> | undefined {
  for (const [i, row] of rows.entries()) {
    const value = row[variable.name]
    if (isMissing(value)) continue
    if (variable.kind === 'numeric') {
      if (typeof value !== 'number' || !Number.isFinite(value)) return fail('not_finite', `Row ${i + 1} has "${String(value)}" in "${variable.name}", which is not a finite number.`, variable.name)
    } else if (!variable.levels.includes(String(value))) {
      return fail('unknown_level', `Row ${i + 1} has "${String(value)}" in "${variable.name}", which is none of its levels: ${variable.levels.join(', ')}.`, variable.name)
    }
  }
  return undefined
}
