import { fromRows, type Matrix } from '../core/index.ts'
import { separationKind } from './separation.ts'

/**
 * A maximum-likelihood fit without the trimmings, for resampling. A column that others determine has the coefficient 0 and does not count
 * in `rank`.
 */
export interface NewtonFit {
  readonly coefficients: Float64Array
  readonly deviance: number
  readonly rank: number
  /** False when the steps do not settle, as under complete separation. */
  readonly converged: boolean
  /** Largest |linear predictor| of the rows used. */
  readonly largest: number
  /** Whether each column has an estimate of its own. */
  readonly used: readonly boolean[]
}

/**
 * Logistic regression by Newton's method on the normal equations, rows weighted by how often they were drawn. Three times faster than
 * `irls` and
 * good to about ten digits: for the thousands of fits of a bootstrap, where `irls` would waste its exactness.
 * @param columns which columns of x to use
 * @param weights weight of each row; absent for 1. Rows of weight 0 cost nothing
 * @param offset known part of the linear predictor
 */
export function newtonLogistic(
  x: Matrix, y: ArrayLike<number>, columns: readonly number[], weights?: ArrayLike<number>, offset?: ArrayLike<number>,
): NewtonFit {
  const p = columns.length
  const b = new Float64Array(p)
  let sums = accumulate(x, y, columns, b, weights, offset)
  let rank = p, used: readonly boolean[] = []
  for (let iteration = 0; iteration < 40; iteration++) {
    const solved = solvePartial(sums.information, sums.score, p)
    rank = solved.rank
    used = solved.used
    let scale = 1
    let next = accumulate(x, y, columns, moved(b, solved.step, scale), weights, offset)
    for (let halving = 0; halving < 20 && !(next.deviance <= sums.deviance + 1e-9 * Math.abs(sums.deviance)); halving++) {
      scale /= 2
      next = accumulate(x, y, columns, moved(b, solved.step, scale), weights, offset)
    }
    b.set(moved(b, solved.step, scale))
    const change = Math.abs(next.deviance - sums.deviance)
    sums = next
    if (sums.largest > 30) break
    if (change <= 1e-10 * (Math.abs(sums.deviance) + 0.1)) return {
      coefficients: b, deviance: sums.deviance, rank, converged: true, largest: sums.largest, used,
    }
  }
  return { coefficients: b, deviance: sums.deviance, rank, converged: false, largest: sums.largest, used }
}

/** Whether a fit has no finite maximum: it did not settle, or its large linear predictors turn out to be a (quasi-)separation. */
export function isRunaway(
  fit: NewtonFit, x: Matrix, y: ArrayLike<number>, columns: readonly number[], weights?: ArrayLike<number>,
): boolean {
  if (!fit.converged) return true
  if (fit.largest < 10) return false
  const rows = Array.from({ length: x.rows }, (_, i) => i).filter((i) => (weights ? weights[i]! : 1) > 0)
  return separationKind(fromRows(rows.map((i) => columns.map((j) => x.data[i * x.cols + j]!))), rows.map((i) => y[i]!)) !== 'none'
}

function moved(b: Float64Array, step: Float64Array, scale: number): Float64Array {
  return b.map((v, j) => v + scale * step[j]!)
}

interface Sums {
  readonly deviance: number
  readonly score: Float64Array
  readonly information: Float64Array
  /** Largest |linear predictor|. */
  readonly largest: number
}

function accumulate(
  x: Matrix, y: ArrayLike<number>, columns: readonly number[], b: Float64Array,
  weights: ArrayLike<number> | undefined, offset: ArrayLike<number> | undefined,
): Sums {
  const p = columns.length
  const score = new Float64Array(p), information = new Float64Array(p * p), row = new Float64Array(p)
  let deviance = 0, largest = 0
  for (let i = 0; i < x.rows; i++) {
    const weight = weights ? weights[i]! : 1
    if (weight === 0) continue
    let eta = offset ? offset[i]! : 0
    for (let j = 0; j < p; j++) {
      row[j] = x.data[i * x.cols + columns[j]!]!
      eta += row[j]! * b[j]!
    }
    if (Math.abs(eta) > largest) largest = Math.abs(eta)
    const e = Math.exp(-Math.abs(eta))
    const mu = eta >= 0 ? 1 / (1 + e) : e / (1 + e)
    deviance += 2 * weight * (Math.log1p(e) + (eta > 0 ? eta : 0) - (y[i] === 1 ? eta : 0))
    const residual = weight * (y[i]! - mu), w = weight * mu * (1 - mu)
    for (let j = 0; j < p; j++) {
      if (row[j] === 0) continue
      score[j]! += residual * row[j]!
      const v = w * row[j]!
      for (let k = 0; k <= j; k++) information[j * p + k]! += v * row[k]!
    }
  }
  return { deviance, score, information, largest }
}

/** Solves the symmetric system by Cholesky's method; a column whose pivot vanishes is left out (its step is 0). */
function solvePartial(a: Float64Array, rhs: Float64Array, p: number): { step: Float64Array; rank: number; used: boolean[] } {
  const l = new Float64Array(p * p), used: boolean[] = []
  const step = Float64Array.from(rhs)
  for (let j = 0; j < p; j++) {
    let pivot = a[j * p + j]!
    for (let k = 0; k < j; k++) if (used[k]) pivot -= l[j * p + k]! ** 2
    used[j] = pivot > 1e-11 * a[j * p + j]!
    if (!used[j]) {
      step[j] = 0
      continue
    }
    const d = Math.sqrt(pivot)
    l[j * p + j] = d
    for (let i = j + 1; i < p; i++) {
      let s = a[i * p + j]!
      for (let k = 0; k < j; k++) if (used[k]) s -= l[i * p + k]! * l[j * p + k]!
      l[i * p + j] = s / d
    }
    for (let k = 0; k < j; k++) if (used[k]) step[j]! -= l[j * p + k]! * step[k]!
    step[j]! /= d
  }
  for (let j = p - 1; j >= 0; j--) {
    if (!used[j]) continue
    for (let i = j + 1; i < p; i++) if (used[i]) step[j]! -= l[i * p + j]! * step[i]!
    step[j]! /= l[j * p + j]!
  }
  return { step, rank: used.filter(Boolean).length, used }
}
