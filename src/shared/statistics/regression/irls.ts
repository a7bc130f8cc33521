import { qrDecompose, qrSolve, zeros, type Matrix, type Qr } from '../core/index.ts'
import { binomialDeviance, irlsWeight, linkedProbability } from './binomial.ts'

export interface IrlsOptions {
  /** Known part of the linear predictor, one value a row. */
  readonly offset?: ArrayLike<number>
  /** Stop when the deviance changes by less than this, relative to itself. */
  readonly epsilon?: number
  readonly maxIterations?: number
  /** A column is collinear when less than this part of its weighted norm is left after those before it. */
  readonly tolerance?: number
}

/** A maximum-likelihood fit. Columns that others determine have a NaN coefficient and are not in `kept`. */
export interface IrlsFit {
  readonly coefficients: Float64Array
  /** Estimated columns in their order. */
  readonly kept: readonly number[]
  readonly aliased: readonly number[]
  /** Inverse information of the estimated columns at the solution. */
  readonly covariance: Matrix
  readonly linearPredictor: Float64Array
  readonly fitted: Float64Array
  readonly deviance: number
  readonly iterations: number
  readonly converged: boolean
  /** A fitted probability is 0 or 1 to the precision of numbers (R's warning). */
  readonly boundary: boolean
}

/**
 * Logistic regression by iteratively reweighted least squares, each step a Householder QR of the weighted design.
 * Source: McCullagh and Nelder, Generalized Linear Models (2nd ed.), section 2.5; starting values and stopping rule as in R's glm.fit.
 * After convergence two more full steps are taken, so that standard errors belong to the solution and not to the step before it.
 * O(rows x columns^2) a step.
 * @param x design with its intercept, `x.rows` >= 1
 * @param y 0 or 1
 */
export function irls(x: Matrix, y: ArrayLike<number>, options: IrlsOptions = {}): IrlsFit {
  const { offset, epsilon = 1e-14, maxIterations = 100, tolerance = 1e-11 } = options
  const n = x.rows
  const mu = Float64Array.from({ length: n }, (_, i) => (y[i]! + 0.5) / 2)
  const eta = mu.map((m) => Math.log(m / (1 - m)))
  let state: State = { coefficients: new Float64Array(x.cols).fill(NaN), eta, mu, qr: undefined }
  let deviance = binomialDeviance(y, mu)
  let iterations = 0, converged = false
  while (!converged && iterations < maxIterations) {
    iterations++
    state = step(x, y, state, offset, tolerance)
    const before = deviance
    deviance = binomialDeviance(y, state.mu)
    converged = Math.abs(deviance - before) / (Math.abs(deviance) + 0.1) < epsilon
    // Every outcome is certain: complete separation, and the estimates would grow for ever.
    if (deviance < 1e-10) break
  }
  const boundary = state.mu.some((m) => m < 10 * Number.EPSILON || m > 1 - 10 * Number.EPSILON)
  for (let extra = 0; converged && !boundary && epsilon <= 1e-12 && extra < 2; extra++) state = step(x, y, state, offset, tolerance)
  return { ...summary(state, x, tolerance), deviance: binomialDeviance(y, state.mu), iterations, converged, boundary }
}

interface State {
  readonly coefficients: Float64Array
  readonly eta: Float64Array
  readonly mu: Float64Array
  readonly qr: Qr | undefined
}

function step(x: Matrix, y: ArrayLike<number>, { eta, mu }: State, offset: ArrayLike<number> | undefined, tolerance: number): State {
  const n = x.rows, p = x.cols
  const weighted = zeros(n, p)
  const response = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const slope = irlsWeight(eta[i]!)
    const w = slope / Math.sqrt(mu[i]! * (1 - mu[i]!))
    response[i] = w * (eta[i]! - (offset?.[i] ?? 0) + (y[i]! - mu[i]!) / slope)
    for (let j = 0; j < p; j++) weighted.data[i * p + j] = w * x.data[i * p + j]!
  }
  const qr = qrDecompose(weighted, tolerance)
  const coefficients = qrSolve(qr, response)
  const nextEta = predictor(x, coefficients, offset)
  return { coefficients, eta: nextEta, mu: nextEta.map(linkedProbability), qr }
}

/** X b (+ offset), aliased coefficients left out. */
export function predictor(x: Matrix, coefficients: ArrayLike<number>, offset?: ArrayLike<number>): Float64Array {
  const out = new Float64Array(x.rows)
  for (let i = 0; i < x.rows; i++) {
    let s = offset?.[i] ?? 0
    for (let j = 0; j < x.cols; j++) {
      const b = coefficients[j]!
      if (!Number.isNaN(b)) s += b * x.data[i * x.cols + j]!
    }
    out[i] = s
  }
  return out
}

function summary(
  state: State, x: Matrix, tolerance: number,
): Pick<IrlsFit, 'coefficients' | 'kept' | 'aliased' | 'covariance' | 'linearPredictor' | 'fitted'> {
  const weighted = zeros(x.rows, x.cols)
  for (let i = 0; i < x.rows; i++) {
    const w = Math.sqrt(irlsWeight(state.eta[i]!))
    for (let j = 0; j < x.cols; j++) weighted.data[i * x.cols + j] = w * x.data[i * x.cols + j]!
  }
  const final = qrDecompose(weighted, tolerance)
  const use = state.qr === undefined || final.rank === state.qr.rank ? final : state.qr
  const kept = use.pivot.slice(0, use.rank)
  return {
    coefficients: state.coefficients, kept, aliased: use.pivot.slice(use.rank), covariance: inverseGram(use),
    linearPredictor: state.eta, fitted: state.mu,
  }
}

/** (R'R)^-1 of the estimated columns. */
function inverseGram(qr: Qr): Matrix {
  const k = qr.rank
  const inverse = zeros(k, k)
  for (let j = 0; j < k; j++) {
    inverse.data[j * k + j] = 1 / qr.diagonal[j]!
    for (let i = j - 1; i >= 0; i--) {
      let s = 0
      for (let l = i + 1; l <= j; l++) s += qr.columns[l]![i]! * inverse.data[l * k + j]!
      inverse.data[i * k + j] = -s / qr.diagonal[i]!
    }
  }
  const out = zeros(k, k)
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let s = 0
      for (let l = i; l < k; l++) s += inverse.data[i * k + l]! * inverse.data[j * k + l]!
      out.data[i * k + j] = out.data[j * k + i] = s
    }
  }
  return out
}
