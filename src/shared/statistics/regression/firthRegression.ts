import { ok } from '#shared/lib/index.ts'
import { at, defaultLevel, fail, inverseSymmetric, qrDecompose, type Interval, type Matrix, type StatisticsResult } from '../core/index.ts'
import { chiSquareQuantile, chiSquareSf, normalQuantile } from '../distributions/index.ts'
import { described } from './coefficientTable.ts'
import { explainCollinearity, type Collinearity } from './collinearity.ts'
import type { MissingCount } from './completeCases.ts'
import { expit } from './link.ts'
import { firthFit, type FirthEstimates } from './firthFit.ts'
import { keepColumns } from './logisticRegression.ts'
import { observedRanges, type ObservedRange } from './observedRange.ts'
import { prepareData, subDesign, type ModelSpec, type PreparedData } from './prepare.ts'
import { profileEnd } from './profileInterval.ts'
import type { DataRow, DesignColumn, Term } from './term.ts'

/** A penalised estimate with its odds ratio. */
export interface FirthCoefficient {
  readonly column: DesignColumn
  readonly reference?: string
  readonly unit?: string
  readonly estimate: number
  /** From the inverse information at the estimates. */
  readonly standardError: number
  /** Penalised likelihood-ratio test with 'profile', Wald test with 'wald'. */
  readonly p: number
  readonly oddsRatio: number
  /** Of the odds ratio. */
  readonly interval: Interval
}

export interface FirthModel {
  readonly method: 'logistic regression, Firth penalised likelihood'
  readonly outcome: string
  readonly terms: readonly Term[]
  readonly n: number
  readonly events: number
  readonly missing: MissingCount
  readonly coefficients: readonly FirthCoefficient[]
  readonly columns: readonly DesignColumn[]
  readonly covariance: Matrix
  readonly collinear: readonly Collinearity[]
  readonly penalisedLogLikelihood: number
  readonly observed: Readonly<Record<string, ObservedRange>>
  readonly linearPredictor: Float64Array
  readonly fitted: Float64Array
  readonly converged: boolean
  readonly iterations: number
}

export interface FirthSettings {
  /**
   * How intervals and p values are made. Profile intervals are the better ones for few events, and cost two root searches a coefficient.
   */
  readonly intervals?: 'profile' | 'wald'
  readonly level?: number
}

/**
 * Firth's penalised logistic regression: finite estimates also for separated classes and rare events.
 * Failures as for `logisticRegression`; collinear columns are left out and named.
 */
export function firthRegression(rows: readonly DataRow[], spec: ModelSpec, settings: FirthSettings = {}): StatisticsResult<FirthModel> {
  const data = prepareData(rows, spec)
  return data.ok ? firthTerms(data.value, spec.terms.map((t) => t.name), settings) : data
}

/** The same for some of the prepared terms. `not_converged` when the iteration does not settle. */
export function firthTerms(data: PreparedData, names: readonly string[], settings: FirthSettings = {}): StatisticsResult<FirthModel> {
  const { intervals = 'profile', level = defaultLevel } = settings
  const design = subDesign(data.design, names)
  const qr = qrDecompose(design.x, 1e-11)
  const kept = [...qr.pivot.slice(0, qr.rank)]
  const x = keepColumns(design.x, kept)
  const fit = firthFit(x, data.y)
  if (!fit.converged) {
    return fail('not_converged', `Firth's fit of ${design.terms.map((t) => t.name).join(', ')} did not settle in ${fit.iterations} steps.`)
  }
  const covariance = inverseSymmetric(fit.information)
  if (!covariance.ok) return covariance
  const columns = kept.map((j) => design.columns[j]!)
  const context = { x, y: data.y, fit, level }
  return ok({
    method: 'logistic regression, Firth penalised likelihood',
    outcome: data.outcome, terms: design.terms, n: data.y.length, events: data.y.reduce((s, v) => s + v, 0), missing: data.cases.missing,
    coefficients: columns.map((column, j) => {
      const standardError = Math.sqrt(at(covariance.value, j, j))
      const estimate = fit.coefficients[j]!
      return {
        column, ...described(column, design.terms), estimate, standardError, oddsRatio: Math.exp(estimate),
        ...inference(context, j, standardError, intervals),
      }
    }),
    columns, covariance: covariance.value,
    collinear: explainCollinearity(design.x, design.columns, kept, qr.pivot.slice(qr.rank)),
    penalisedLogLikelihood: fit.penalisedLogLikelihood, observed: observedRanges(design),
    linearPredictor: fit.linearPredictor, fitted: fit.linearPredictor.map(expit), converged: fit.converged, iterations: fit.iterations,
  })
}

interface Context {
  readonly x: Matrix
  readonly y: ArrayLike<number>
  readonly fit: FirthEstimates
  readonly level: number
}

function inference(
  { x, y, fit, level }: Context, j: number, standardError: number, how: 'profile' | 'wald',
): { p: number; interval: Interval } {
  const estimate = fit.coefficients[j]!
  const z = normalQuantile((1 + level) / 2)
  if (how === 'wald') {
    const interval = {
      lower: Math.exp(estimate - z * standardError), upper: Math.exp(estimate + z * standardError), level, method: 'Wald, penalised',
    }
    return { p: chiSquareSf((estimate / standardError) ** 2, 1), interval }
  }
  const top = fit.penalisedLogLikelihood
  let start = fit.coefficients
  const profile = (value: number): number => {
    const from = start.map((v, k) => (k === j ? value : v))
    const held = firthFit(x, y, { start: from, held: new Set([j]) })
    start = held.coefficients
    return held.penalisedLogLikelihood
  }
  const chiSquare = Math.max(0, 2 * (top - profile(0)))
  const target = top - chiSquareQuantile(level, 1) / 2
  const end = (side: 1 | -1): number => {
    start = fit.coefficients
    return profileEnd({ profile, estimate, step: z * standardError, target, side })
  }
  return {
    p: chiSquareSf(chiSquare, 1),
    interval: { lower: Math.exp(end(-1)), upper: Math.exp(end(1)), level, method: 'profile of the penalised likelihood' },
  }
}
