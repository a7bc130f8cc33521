import { ok } from '#shared/lib/index.ts'
import { defaultLevel, fromRows, type Matrix, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf } from '../distributions/index.ts'
import { coefficientTable, type Coefficient } from './coefficientTable.ts'
import { explainCollinearity, type Collinearity } from './collinearity.ts'
import type { MissingCount } from './completeCases.ts'
import type { Design } from './designMatrix.ts'
import { irls, type IrlsFit } from './irls.ts'
import { observedRanges, type ObservedRange } from './observedRange.ts'
import { prepareData, subDesign, type ModelSpec, type PreparedData } from './prepare.ts'
import { pseudoR2, type PseudoR2 } from './pseudoR2.ts'
import { reportSeparation, type SeparationReport } from './separationReport.ts'
import type { DataRow, DesignColumn, Term } from './term.ts'

/** A chi-square test. */
export interface ChiSquareTest {
  readonly chiSquare: number
  readonly df: number
  readonly p: number
  /** 'likelihood ratio', 'Wald', 'penalised likelihood ratio', ... */
  readonly method: string
}

/** A fitted logistic model with everything a table needs. */
export interface LogisticModel {
  readonly method: 'logistic regression, maximum likelihood'
  readonly outcome: string
  readonly formula: string
  /** The terms with the levels that had rows. */
  readonly terms: readonly Term[]
  /** Complete rows used, and how many of them are positive. */
  readonly n: number
  readonly events: number
  readonly missing: MissingCount
  readonly droppedLevels: Readonly<Record<string, readonly string[]>>
  /** Estimated columns, intercept first; aliased ones are in `collinear`. */
  readonly coefficients: readonly Coefficient[]
  readonly columns: readonly DesignColumn[]
  /** Of the coefficients, in their order. */
  readonly covariance: Matrix
  readonly collinear: readonly Collinearity[]
  readonly separation: SeparationReport
  /** False under separation: estimates, standard errors, tests and odds ratios mean nothing then. */
  readonly interpretable: boolean
  readonly logLikelihood: number
  readonly deviance: number
  readonly nullDeviance: number
  readonly aic: number
  readonly bic: number
  /** Against the intercept alone; p is NaN where the model has no degree of freedom. */
  readonly likelihoodRatio: ChiSquareTest
  readonly pseudoR2: PseudoR2
  /** Of the numeric terms on the fitting rows. */
  readonly observed: Readonly<Record<string, ObservedRange>>
  readonly linearPredictor: Float64Array
  readonly fitted: Float64Array
  readonly converged: boolean
  readonly iterations: number
  /** Sentences about what a reader must know: separation, collinearity, dropped levels and rows. */
  readonly findings: readonly string[]
}

/**
 * Logistic regression of a 0/1 outcome on numeric and categorical predictors by maximum likelihood: complete cases, treatment coding,
 * iteratively reweighted least squares to 1e-14, Wald tests and odds ratios, likelihood-ratio test, information criteria;
 * separation (by linear programming) and collinearity are detected and named, never passed over.
 * @example logisticRegression(rows, { outcome: 'sln', terms: [{ kind: 'numeric', name: 'size', unit: 'mm' }] })
 * @returns the failures of `prepareData`: missing, one class, unknown level, a factor of one level, a value that is not finite
 */
export function logisticRegression(rows: readonly DataRow[], spec: ModelSpec, level = defaultLevel): StatisticsResult<LogisticModel> {
  const data = prepareData(rows, spec)
  return data.ok ? ok(fitTerms(data.value, spec.terms.map((t) => t.name), level)) : data
}

/** Fits a model with some of the prepared terms, in the order given; none is the intercept alone. */
export function fitTerms(data: PreparedData, names: readonly string[], level = defaultLevel): LogisticModel {
  const design = subDesign(data.design, names)
  const fit = irls(design.x, data.y)
  return describeFit(data, design, fit, level)
}

function describeFit(data: PreparedData, design: Design, fit: IrlsFit, level: number): LogisticModel {
  const n = data.y.length
  const events = data.y.reduce((s, v) => s + v, 0)
  const columns = fit.kept.map((j) => design.columns[j]!)
  const rank = fit.kept.length
  const nullDeviance = -2 * (events * Math.log(events / n) + (n - events) * Math.log1p(-events / n))
  const chiSquare = Math.max(0, nullDeviance - fit.deviance)
  const collinear = explainCollinearity(design.x, design.columns, fit.kept, fit.aliased)
  const separation = reportSeparation(keepColumns(design.x, fit.kept), data.y, columns)
  return {
    method: 'logistic regression, maximum likelihood',
    outcome: data.outcome,
    formula: `${data.outcome} ~ ${design.terms.map((t) => t.name).join(' + ') || '1'}`,
    terms: design.terms,
    n, events, missing: data.cases.missing, droppedLevels: design.droppedLevels,
    coefficients: coefficientTable(columns, design.terms, fit.kept.map((j) => fit.coefficients[j]!), fit.covariance, level),
    columns, covariance: fit.covariance, collinear, separation,
    interpretable: separation.kind === 'none',
    logLikelihood: -fit.deviance / 2, deviance: fit.deviance, nullDeviance,
    aic: fit.deviance + 2 * rank, bic: fit.deviance + Math.log(n) * rank,
    likelihoodRatio: { chiSquare, df: rank - 1, p: rank > 1 ? chiSquareSf(chiSquare, rank - 1) : NaN, method: 'likelihood ratio' },
    pseudoR2: pseudoR2(fit.deviance, nullDeviance, n),
    observed: observedRanges(design),
    linearPredictor: fit.linearPredictor, fitted: fit.fitted, converged: fit.converged, iterations: fit.iterations,
    findings: findingsOf(data, design, collinear, separation, fit),
  }
}

function findingsOf(
  data: PreparedData, design: Design, collinear: readonly Collinearity[], separation: SeparationReport, fit: IrlsFit,
): string[] {
  const { dropped, total } = data.cases.missing
  return [
    ...(dropped > 0 ? [`${dropped} of ${total} rows were left out because a value is missing.`] : []),
    ...Object.entries(design.droppedLevels).map(([name, levels]) => `No complete row has the level ${quoted(levels)} of "${name}".`),
    ...collinear.map((c) => c.message),
    ...(separation.message === undefined ? [] : [separation.message]),
    ...(!fit.converged && separation.kind === 'none' ? ['The fit did not converge: the estimates are not to be trusted.'] : []),
  ]
}

function quoted(texts: readonly string[]): string {
  return texts.map((t) => `"${t}"`).join(', ')
}

/** Some columns of a design. */
export function keepColumns(x: Matrix, columns: readonly number[]): Matrix {
  if (columns.length === x.cols) return x
  return fromRows(Array.from({ length: x.rows }, (_, i) => columns.map((j) => x.data[i * x.cols + j]!)))
}
