import { ok } from '#shared/lib/index.ts'
import { fail, splitClasses, zeros, type StatisticsResult } from '../core/index.ts'
import { completeCases, type CompleteCases } from './completeCases.ts'
import { designColumns, designMatrix, type Design } from './designMatrix.ts'
import type { DataRow, Term } from './term.ts'

/** What a logistic model is asked to be. */
export interface ModelSpec {
  /** Column that holds 1 for the positive class and 0 otherwise. */
  readonly outcome: string
  readonly terms: readonly Term[]
}

/** Complete rows coded once, for one model or for many over the same rows. */
export interface PreparedData {
  readonly outcome: string
  readonly cases: CompleteCases
  readonly y: Float64Array
  readonly design: Design
}

/**
 * Complete cases over the outcome and all terms, coded. All models made from the result use the same rows.
 * @returns the failures of `completeCases`, `designMatrix` and `splitClasses`
 */
export function prepareData(rows: readonly DataRow[], { outcome, terms }: ModelSpec): StatisticsResult<PreparedData> {
  const twice = terms.find((t, i) => t.name === outcome || terms.findIndex((o) => o.name === t.name) !== i)
  if (twice) {
    return fail('bad_task', `"${twice.name}" is used twice: each predictor may enter once, and the outcome not at all.`, twice.name)
  }
  const cases = completeCases(rows, outcome, terms)
  if (!cases.ok) return cases
  const classes = splitClasses(cases.value.outcome)
  if (!classes.ok) return classes
  const design = designMatrix(cases.value.rows, terms)
  if (!design.ok) return design
  return ok({ outcome, cases: cases.value, y: cases.value.outcome, design: design.value })
}

/** The same rows coded for some of the terms, in the order given. Unknown names throw. */
export function subDesign(design: Design, names: readonly string[]): Design {
  const terms = names.map((n) => {
    const term = design.terms.find((t) => t.name === n)
    if (!term) throw new Error(`subDesign: no term "${n}"`)
    return term
  })
  const columns = designColumns(terms)
  const from = columns.map((c) => design.columns.findIndex((d) => d.term === c.term && d.level === c.level))
  const x = zeros(design.x.rows, columns.length)
  for (let i = 0; i < x.rows; i++) {
    for (let k = 0; k < from.length; k++) x.data[i * x.cols + k] = design.x.data[i * design.x.cols + from[k]!]!
  }
  return { x, columns, terms, droppedLevels: Object.fromEntries(Object.entries(design.droppedLevels).filter(([n]) => names.includes(n))) }
}
