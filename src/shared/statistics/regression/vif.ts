import { ok } from '#shared/lib/index.ts'
import { at, determinant, diagonal, fail, fromRows, inverse, submatrix, type Matrix, type StatisticsResult } from '../core/index.ts'
import type { LogisticModel } from './logisticRegression.ts'
import type { Design } from './designMatrix.ts'

/** Generalised variance inflation of one term. */
export interface VarianceInflation {
  readonly term: string
  readonly gvif: number
  readonly df: number
  /** gvif^(1 / (2 df)), comparable between terms; its square compares with a VIF. */
  readonly adjusted: number
}

/**
 * VIF and GVIF from the correlations of the coefficients, as car::vif computes them (Fox and Monette, JASA 1992;87:178-83).
 * @returns `too_few` for fewer than two terms, `collinear` when a column has no estimate
 */
export function varianceInflation(model: LogisticModel): StatisticsResult<VarianceInflation[]> {
  if (model.terms.length < 2) return fail('too_few', 'Variance inflation needs at least two terms.')
  if (model.collinear.length > 0) return fail('collinear', model.collinear[0]!.message, model.collinear[0]!.column.name)
  const correlation = correlationOf(submatrix(model.covariance, model.columns.map((_, i) => i).slice(1)))
  const all = Array.from({ length: correlation.rows }, (_, i) => i)
  const whole = determinant(correlation)
  return ok(model.terms.map((t) => {
    const own = all.filter((i) => model.columns[i + 1]!.term === t.name)
    const rest = all.filter((i) => !own.includes(i))
    const gvif = determinant(submatrix(correlation, own)) * determinant(submatrix(correlation, rest)) / whole
    return { term: t.name, gvif, df: own.length, adjusted: gvif ** (1 / (2 * own.length)) }
  }))
}

/** 1 / (1 - R^2) of each design column on the others: the classic VIF, blind to which columns make up a factor. */
export interface ColumnInflation {
  readonly column: string
  readonly vif: number
}

/** Classic VIF of each design column from the correlations of the columns. `singular` when columns determine each other. */
export function designInflation(design: Design): StatisticsResult<ColumnInflation[]> {
  const columns = Array.from({ length: design.x.cols - 1 }, (_, j) => centredUnit(design.x, j + 1))
  const correlation = fromRows(columns.map((a) => columns.map((b) => a.reduce((s, v, i) => s + v * b[i]!, 0))))
  const inverted = inverse(correlation)
  if (!inverted.ok) return inverted
  return ok(Array.from(diagonal(inverted.value), (vif, j) => ({ column: design.columns[j + 1]!.name, vif })))
}

function centredUnit(x: Matrix, j: number): Float64Array {
  const v = Float64Array.from({ length: x.rows }, (_, i) => at(x, i, j))
  const mean = v.reduce((s, a) => s + a, 0) / v.length
  const centred = v.map((a) => a - mean)
  const norm = Math.sqrt(centred.reduce((s, a) => s + a * a, 0))
  return centred.map((a) => a / norm)
}

function correlationOf(covariance: Matrix): Matrix {
  const sd = diagonal(covariance).map(Math.sqrt)
  return fromRows(Array.from(sd, (a, i) => Array.from(sd, (b, j) => at(covariance, i, j) / a / b)))
}
