import { at, cholesky, choleskyLogDeterminant, zeros, type Matrix } from '../core/index.ts'
import { expit, softplus } from './link.ts'

/** The penalised log likelihood at one set of coefficients, with its first and second derivatives. */
export interface PenalisedLikelihood {
  /** log likelihood + log |information| / 2 */
  readonly value: number
  readonly score: Float64Array
  /** Fisher information of the likelihood (the penalty not counted). */
  readonly information: Matrix
  /** Cholesky factor of the information. */
  readonly factor: Matrix
  readonly linearPredictor: Float64Array
  /** Minus the matrix of second derivatives. Costs rows x columns^3, so it is computed when asked for. */
  curvature(): Matrix
}

/**
 * Log likelihood of a logistic model times |information|^(1/2). With h the leverages of the weighted design and m the fitted probabilities,
 * the score is sum (y - m + h (1/2 - m)) x; its derivative follows from d w / d eta = w (1 - 2 m) and d log |I| = trace(I^-1 d I).
 * Source: Firth, Biometrika 1993;80:27-38 (the score); the derivative is written out here. O(rows x columns^2).
 * @param x full-rank design, best with columns near to orthonormal
 * @returns undefined where the information is not positive definite (coefficients too large for any row to count)
 */
export function penalisedLikelihood(x: Matrix, y: ArrayLike<number>, b: Float64Array): PenalisedLikelihood | undefined {
  const { rows: n, cols: p } = x
  const eta = new Float64Array(n), mu = new Float64Array(n), weight = new Float64Array(n)
  const information = zeros(p, p)
  let logLikelihood = 0
  for (let i = 0; i < n; i++) {
    let e = 0
    for (let j = 0; j < p; j++) e += x.data[i * p + j]! * b[j]!
    eta[i] = e
    mu[i] = expit(e)
    weight[i] = mu[i]! * expit(-e)
    logLikelihood += (y[i] === 1 ? e : 0) - softplus(e)
    addProduct(information, x.data, i * p, weight[i]!)
  }
  mirror(information)
  const l = cholesky(information)
  if (!l.ok) return undefined
  const leverage = new Float64Array(n), score = new Float64Array(p)
  const v = new Float64Array(p)
  for (let i = 0; i < n; i++) {
    leverage[i] = weight[i]! * whitened(l.value, x.data, i * p, v)
    const residual = (y[i] === 1 ? expit(-eta[i]!) : -mu[i]!) + leverage[i]! * (0.5 - mu[i]!)
    for (let j = 0; j < p; j++) score[j]! += residual * x.data[i * p + j]!
  }
  return {
    value: logLikelihood + choleskyLogDeterminant(l.value) / 2, score, information, factor: l.value, linearPredictor: eta,
    curvature: () => curvature({ x, mu, weight, leverage, l: l.value }),
  }
}

interface Parts {
  readonly x: Matrix
  readonly mu: Float64Array
  readonly weight: Float64Array
  readonly leverage: Float64Array
  readonly l: Matrix
}

/** I + sum h w x x' - 2 sum h (1/2 - m)^2 x x' + 2 sum over a, c of t_ac t_ac', with t_ac = sum w (1/2 - m) v_a v_c x and v = L^-1 x. */
function curvature({ x, mu, weight, leverage, l }: Parts): Matrix {
  const { rows: n, cols: p } = x
  const out = zeros(p, p), v = new Float64Array(p)
  // t_ac for a >= c, one after the other: p values each.
  const third = new Float64Array((p * (p + 1) * p) / 2)
  for (let i = 0; i < n; i++) {
    const half = 0.5 - mu[i]!, w = weight[i]!
    addProduct(out, x.data, i * p, w + leverage[i]! * (w - 2 * half * half))
    if (w === 0) continue
    whitened(l, x.data, i * p, v)
    let k = 0
    for (let a = 0; a < p; a++) {
      const f = w * half * v[a]!
      for (let c = 0; c <= a; c++) {
        const g = f * v[c]!
        for (let j = 0; j < p; j++) third[k++]! += g * x.data[i * p + j]!
      }
    }
  }
  for (let a = 0, k = 0; a < p; a++) {
    for (let c = 0; c <= a; c++, k += p) addProduct(out, third, k, a === c ? 2 : 4)
  }
  mirror(out)
  return out
}

/** v = L^-1 x of the row at `from`; returns |v|^2. */
function whitened(l: Matrix, x: Float64Array, from: number, v: Float64Array): number {
  let squared = 0
  for (let j = 0; j < v.length; j++) {
    let s = x[from + j]!
    for (let k = 0; k < j; k++) s -= at(l, j, k) * v[k]!
    v[j] = s / at(l, j, j)
    squared += v[j]! * v[j]!
  }
  return squared
}

/** Adds f x x' to the lower triangle. */
function addProduct(to: Matrix, x: Float64Array, from: number, f: number): void {
  const p = to.cols
  for (let j = 0; j < p; j++) {
    const g = f * x[from + j]!
    for (let k = 0; k <= j; k++) to.data[j * p + k]! += g * x[from + k]!
  }
}

function mirror(a: Matrix): void {
  for (let j = 0; j < a.cols; j++) for (let k = 0; k < j; k++) a.data[k * a.cols + j] = a.data[j * a.cols + k]!
}
