import { ok } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import {
  expit, firthTerms, fitTerms, prepareData, stepwiseAic, type DataRow, type DesignColumn, type PreparedData, type StepDirection, type Term,
} from '../regression/index.ts'
import type { FittedLearner, Learner } from './learner.ts'

export interface LogisticLearnerOptions {
  /** Selection by AIC, repeated in every fit (so that its optimism is paid for); none unless given. */
  readonly selection?: StepDirection
  /** Firth's penalised fit always ('always') or where the classes are separated ('separated', unless given). */
  readonly firth?: 'always' | 'separated'
}

/** Logistic regression as a learner. A factor level without a fitting row is predicted as the reference level, and the findings say so. */
export function logisticLearner(terms: readonly Term[], { selection, firth = 'separated' }: LogisticLearnerOptions = {}): Learner {
  const name = `logistic regression${firth === 'always' ? ', Firth' : ''}${selection ? `, ${selection} selection by AIC` : ''}`
  return { name, terms, fit: (rows, outcome) => fit(rows, outcome, varying(rows, terms), selection, firth) }
}

/** Factors of a single level in these rows carry nothing and cannot be coded. */
function varying(rows: readonly DataRow[], terms: readonly Term[]): readonly Term[] {
  return terms.filter((t) => t.kind === 'numeric' || new Set(rows.map((r) => String(r[t.name]))).size > 1)
}

function fit(
  rows: readonly DataRow[], outcome: string, terms: readonly Term[], selection: StepDirection | undefined, firth: 'always' | 'separated',
): StatisticsResult<FittedLearner> {
  const data = prepareData(rows, { outcome, terms })
  if (!data.ok) return data
  const names = selection ? stepwiseAic(data.value, { direction: selection }).selected : terms.map((t) => t.name)
  const estimates = estimate(data.value, names, firth)
  if (!estimates.ok) return estimates
  const { coefficients, findings } = estimates.value
  const unseen = Object.entries(data.value.design.droppedLevels)
    .filter(([name]) => names.includes(name))
    .map(([name, levels]) => `"${name}" has no fitting row with ${levels.join(', ')}: such rows are predicted as its reference level.`)
  return ok({ findings: [...findings, ...unseen], predict: (r) => ok(Float64Array.from(r, (row) => expit(linear(row, coefficients)))) })
}

type Coefficients = readonly { readonly column: DesignColumn; readonly estimate: number }[]

function estimate(data: PreparedData, names: readonly string[], firth: 'always' | 'separated'): StatisticsResult<{ coefficients: Coefficients; findings: string[] }> {
  if (firth === 'separated') {
    const model = fitTerms(data, names)
    if (model.interpretable && model.converged) return ok({ coefficients: model.coefficients, findings: [] })
  }
  const model = firthTerms(data, names, { intervals: 'wald' })
  if (!model.ok) return model
  const findings = firth === 'separated' ? ["The predictors separate the classes in the fitting rows: Firth's penalised fit was used."] : []
  return ok({ coefficients: model.value.coefficients, findings })
}

function linear(row: DataRow, coefficients: Coefficients): number {
  return coefficients.reduce((s, { column: { term, level }, estimate: b }) => {
    if (term === undefined) return s + b
    return s + b * (level === undefined ? Number(row[term]) : String(row[term]) === level ? 1 : 0)
  }, 0)
}
