import { ok } from '#shared/lib/index.ts'
import { baselineTable, type BaselineTable, type BaselineVariable } from '../baseline/index.ts'
import { correctOptimism, type OptimismCorrection } from '../calibration/index.ts'
import { chooseThreshold, chooseThresholdBySpecificity, declareThreshold, type Threshold } from '../classification/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import {
  firthRegression, freezeModel, logisticRegression, oddsRatioTables, predictCombined, prepareData, varianceInflation,
  type CombinedModel, type FirthModel, type LogisticModel, type MissingCount, type Term, type VarianceInflation,
} from '../regression/index.ts'
import { chooseTerms, type ChosenTerms } from './chooseTerms.ts'
import { evaluateModel, type CohortEvaluation } from './evaluateModel.ts'
import { summarise, type FitSummary } from './fitSummary.ts'
import { fittingName, rowsFor, type BuilderRow, type BuilderSpec, type ThresholdRule } from './spec.ts'

/** A table, or the reason why there is none. */
export type Either<T> = { readonly value: T; readonly problem?: undefined } | { readonly value: null; readonly problem: string }

/** All that building a combined model says, as plain data. */
export interface BuilderReport {
  readonly spec: BuilderSpec
  readonly table1: Either<BaselineTable>
  /** Of the candidates on the fitting rows: each model by itself, and all together, over the same complete rows. */
  readonly univariable: readonly FitSummary[]
  readonly multivariable: FitSummary
  readonly missing: MissingCount
  readonly selection: ChosenTerms
  /** The model that is frozen: the chosen terms, refitted on every row that is complete for them. */
  readonly final: FitSummary
  readonly vif: { readonly candidates: Either<readonly VarianceInflation[]>; readonly final: Either<readonly VarianceInflation[]> }
  /** Events (or non-events, the fewer) for each estimated coefficient of the full model. */
  readonly eventsPerCoefficient: number
  /** The model as a document, or why it cannot be frozen. */
  readonly model: Either<CombinedModel>
  readonly threshold: Either<Pick<Threshold, 'value' | 'rule' | 'chosenOn' | 'chosenOnCases'>>
  readonly evaluation: readonly CohortEvaluation[]
  readonly optimism: Either<OptimismCorrection>
  readonly findings: readonly string[]
}

export type BuilderProgress = (done: number, total: number, what: string) => void

const either = <T>(result: StatisticsResult<T>): Either<T> => (result.ok ? { value: result.value } : { value: null, problem: result.error.message })

function thresholdOf(rule: ThresholdRule, cohort: string, outcome: readonly number[], score: readonly number[]): StatisticsResult<Threshold> {
  if (rule.kind === 'declared') return declareThreshold(rule.value)
  return rule.kind === 'youden' ? chooseThreshold({ cohort, outcome, score }) : chooseThresholdBySpecificity({ cohort, outcome, score }, rule.atLeast)
}

const baselineVariable = (term: Term, summary: BuilderSpec['summary']): BaselineVariable =>
  (term.kind === 'factor' ? { kind: 'factor', name: term.name, levels: term.levels } : { kind: 'numeric', name: term.name, unit: term.unit ?? '', summary })

function table1(rows: readonly BuilderRow[], spec: BuilderSpec): Either<BaselineTable> {
  const flat = rows.map((r) => ({ ...r.values, [spec.outcome]: r.values[spec.outcome] ?? null, '\0cohort': r.cohort }))
  return either(baselineTable(flat, {
    group: { column: spec.outcome, levels: ['0', '1'] }, cohort: { column: '\0cohort', levels: spec.cohorts.map((c) => c.name) }, variables: spec.terms.map((t) => baselineVariable(t, spec.summary)),
  }))
}

function fitChosen(rows: readonly BuilderRow[], spec: BuilderSpec, names: readonly string[]): StatisticsResult<LogisticModel | FirthModel> {
  const wanted = { outcome: spec.outcome, terms: spec.terms.filter((t) => names.includes(t.name)) }
  return spec.estimator === 'firth' ? firthRegression(rows.map((r) => r.values), wanted) : logisticRegression(rows.map((r) => r.values), wanted)
}

function freeze(fit: LogisticModel | FirthModel, rows: readonly BuilderRow[], spec: BuilderSpec): { model: Either<CombinedModel>; threshold: Either<Threshold> } {
  const cohort = fittingName(spec), settings = { positiveClass: spec.positiveClass, cohort }
  const plain = freezeModel(fit, settings)
  if (!plain.ok) return { model: either(plain), threshold: { value: null, problem: 'There is no model whose risks could be cut.' } }
  const scored = rows.flatMap(({ values }) => {
    const y = values[spec.outcome], made = y === 0 || y === 1 ? predictCombined(plain.value, values) : null
    return made?.ok === true ? [{ y: Number(y), p: made.value.probability }] : []
  })
  const threshold = thresholdOf(spec.threshold, cohort, scored.map((s) => s.y), scored.map((s) => s.p))
  return { model: either(threshold.ok ? freezeModel(fit, { ...settings, threshold: threshold.value }) : plain), threshold: either(threshold) }
}

/** Corrects the model's own figures for the optimism of fitting and selecting on the same rows. */
function optimismOf(rows: readonly BuilderRow[], spec: BuilderSpec, forced: readonly string[], progress: (resample: number) => void): Either<OptimismCorrection> {
  if (spec.resamples === 0) return { value: null, problem: 'No bootstrap was asked for.' }
  if (spec.estimator === 'firth') return { value: null, problem: 'The correction repeats the maximum-likelihood fit; there is none for the penalised one.' }
  const selection = spec.selection.kind === 'aic' ? { ...spec.selection, forced } : spec.selection.kind === 'screen' ? { ...spec.selection, forced } : spec.selection
  return either(correctOptimism(rows.map((r) => r.values), { outcome: spec.outcome, terms: spec.terms }, { selection, seed: spec.seed, resamples: spec.resamples, patient: rows.map((r) => r.patient), onResample: progress }))
}

/**
 * Builds a combined model: Table 1 of all cohorts; uni- and multivariable models and the selection on the fitting cohorts alone; the chosen model
 * refitted, its threshold set on the same rows; then measured on every cohort with that threshold. Deterministic for a seed.
 * @returns the failures of `prepareData` on the fitting rows, or `bad_task` without a candidate, a fitting cohort or a term that stays
 */
export function buildCombined(rows: readonly BuilderRow[], spec: BuilderSpec, progress: BuilderProgress = () => undefined): StatisticsResult<BuilderReport> {
  if (spec.terms.length === 0) return fail('bad_task', 'Choose at least one candidate factor or signature.')
  const fitting = rowsFor(rows, spec, 'fit')
  if (fitting.length === 0) return fail('bad_task', 'There are no rows to fit on: no cohort has the role "fit", or none of its cases has the values that are needed.')
  const total = 10 + spec.resamples
  progress(0, total, 'coding the rows')
  const data = prepareData(fitting.map((r) => r.values), { outcome: spec.outcome, terms: spec.terms })
  if (!data.ok) return data
  const tables = oddsRatioTables(fitting.map((r) => r.values), { outcome: spec.outcome, terms: spec.terms })
  if (!tables.ok) return tables
  progress(3, total, 'choosing terms')
  const selection = chooseTerms(data.value, spec)
  if (selection.selected.length === 0) return fail('bad_task', 'The selection keeps no term: no candidate adds to the model. Keep a term by hand, or choose another selection.')
  progress(6, total, 'fitting the chosen model')
  const fit = fitChosen(fitting, spec, selection.selected)
  if (!fit.ok) return fit
  const { model, threshold } = freeze(fit.value, fitting, spec)
  progress(8, total, 'measuring every cohort')
  const evaluation = model.value === null ? [] : spec.cohorts.map((c) => evaluateModel(model.value, threshold.value, spec.outcome, c, rows.filter((r) => r.cohort === c.name), spec.signatures))
  progress(10, total, 'bootstrap')
  const optimism = optimismOf(fitting, spec, selection.forced, (b) => progress(10 + b, total, `bootstrap ${b} of ${spec.resamples}`))
  const { multivariable } = tables.value, y = data.value.y
  const events = y.reduce((s, v) => s + v, 0)
  return ok({
    spec, table1: table1(rows, spec), univariable: tables.value.univariable.map(summarise), multivariable: summarise(multivariable), missing: data.value.cases.missing, selection, final: summarise(fit.value),
    vif: { candidates: either(varianceInflation(multivariable)), final: vifOf(fit.value) }, eventsPerCoefficient: Math.min(events, y.length - events) / Math.max(1, multivariable.coefficients.length - 1),
    model, threshold: threshold.value === null ? threshold : { value: { value: threshold.value.value, rule: threshold.value.rule, chosenOn: threshold.value.chosenOn, chosenOnCases: threshold.value.chosenOnCases } },
    evaluation, optimism, findings: findingsOf(multivariable, Math.min(events, y.length - events) / Math.max(1, multivariable.coefficients.length - 1)),
  })
}

const vifOf = (fit: LogisticModel | FirthModel): Either<readonly VarianceInflation[]> =>
  (fit.method === 'logistic regression, maximum likelihood' ? either(varianceInflation(fit)) : { value: null, problem: 'Variance inflation is given for the maximum-likelihood fit.' })

function findingsOf(full: LogisticModel, perCoefficient: number): string[] {
  return [
    ...full.findings,
    ...(perCoefficient < 10 ? [`${perCoefficient.toFixed(1)} events (of the rarer class) for each coefficient of the full model; with fewer than 10 the estimates are unstable and the optimism is large.`] : []),
  ]
}
