import { at, cholesky, choleskyLogDeterminant, choleskySolve, zeros, type Matrix } from '../core/index.ts'
import { expit, softplus } from './link.ts'

/** Estimates that maximise the penalised likelihood, some coefficients possibly held. */
export interface FirthEstimates {
  readonly coefficients: Float64Array
  /** log likelihood + log |information| / 2 */
  readonly penalisedLogLikelihood: number
  /** Fisher information at the estimates. */
  readonly information: Matrix
  readonly linearPredictor: Float64Array
  readonly iterations: number
  readonly converged: boolean
}

export interface FirthOptions {
  readonly start?: ArrayLike<number>
  /** Columns whose coefficient stays at its starting value (for profiles). The penalty still uses all columns. */
  readonly held?: ReadonlySet<number>
  readonly maxIterations?: number
  /** Stop when no coefficient moves by more than this, relative to itself. 1e-13 unless given. */
  readonly tolerance?: number
}

/**
 * Firth's bias-reduced logistic regression: maximises the likelihood times |information|^(1/2) (Jeffreys prior), finite for any data.
 * Scoring with the modified score sum (y - mu + h (1/2 - mu)) x, h the leverages; steps are capped and halved while the penalised
 * likelihood falls.
 * Source: Firth, Biometrika 1993;80:27-38; Heinze and Schemper, Stat Med 2002;21:2409-19. O(rows x columns^2) a step; converges linearly.
 * @param x full-rank design with its intercept
 */
export function firthFit(x: Matrix, y: ArrayLike<number>, options: FirthOptions = {}): FirthEstimates {
  const p = x.cols
  const free = Array.from({ length: p }, (_, j) => j).filter((j) => !options.held?.has(j))
  let b: Float64Array = options.start ? Float64Array.from(options.start) : new Float64Array(p)
  let current = evaluate(x, y, b)
  let iterations = 0, converged = free.length === 0
  // With a level of very few rows, full scoring steps can swing to and fro about the maximum: steps that do not shrink near it are damped.
  let damping = 1, lastSize = Infinity
  const most = options.maxIterations ?? 2000, tolerance = options.tolerance ?? 1e-13
  while (!converged && iterations < most && current !== undefined) {
    iterations++
    const delta = scoringStep(current, free, p)
    const size = Math.max(...delta.map(Math.abs))
    if (size > 0.7 * lastSize && size < 0.1 && damping > 1 / 16) damping /= 2
    lastSize = size
    let scale = Math.min(damping, 5 / Math.max(size, 1e-300))
    let next: Evaluation | undefined, candidate: Float64Array
    for (let halving = 0; ; halving++) {
      candidate = b.map((v, j) => v + scale * delta[j]!)
      next = evaluate(x, y, candidate)
      if (halving >= 30 || (next !== undefined && next.value >= current.value - 1e-11 * Math.abs(current.value))) break
      scale /= 2
    }
    if (next === undefined) break
    converged = delta.every((d, j) => Math.abs(d) <= tolerance * Math.max(1, Math.abs(candidate[j]!)))
    b = candidate
    current = next
  }
  if (current === undefined) throw new Error('firthFit: the design has not full rank')
  return {
    coefficients: b, penalisedLogLikelihood: current.value, information: current.information, linearPredictor: current.eta, iterations,
    converged,
  }
}

interface Evaluation {
  readonly value: number
  readonly information: Matrix
  readonly score: Float64Array
  readonly eta: Float64Array
}

function evaluate(x: Matrix, y: ArrayLike<number>, b: Float64Array): Evaluation | undefined {
  const { rows: n, cols: p } = x
  const eta = new Float64Array(n), mu = new Float64Array(n)
  const information = zeros(p, p)
  let logLikelihood = 0
  for (let i = 0; i < n; i++) {
    let e = 0
    for (let j = 0; j < p; j++) e += x.data[i * p + j]! * b[j]!
    eta[i] = e
    mu[i] = expit(e)
    logLikelihood += (y[i] === 1 ? e : 0) - softplus(e)
    const w = mu[i]! * expit(-e)
    for (let j = 0; j < p; j++) {
      const v = w * x.data[i * p + j]!
      for (let k = 0; k <= j; k++) information.data[j * p + k]! += v * x.data[i * p + k]!
    }
  }
  for (let j = 0; j < p; j++) for (let k = 0; k < j; k++) information.data[k * p + j] = information.data[j * p + k]!
  const l = cholesky(information)
  if (!l.ok) return undefined
  return { value: logLikelihood + choleskyLogDeterminant(l.value) / 2, information, score: modifiedScore(x, y, eta, mu, l.value), eta }
}

function modifiedScore(x: Matrix, y: ArrayLike<number>, eta: Float64Array, mu: Float64Array, l: Matrix): Float64Array {
  const { rows: n, cols: p } = x
  const score = new Float64Array(p), v = new Float64Array(p)
  for (let i = 0; i < n; i++) {
    let leverage = 0
    for (let j = 0; j < p; j++) {
      let s = x.data[i * p + j]!
      for (let k = 0; k < j; k++) s -= at(l, j, k) * v[k]!
      v[j] = s / at(l, j, j)
      leverage += v[j]! * v[j]!
    }
    leverage *= mu[i]! * expit(-eta[i]!)
    const residual = (y[i] === 1 ? expit(-eta[i]!) : -mu[i]!) + leverage * (0.5 - mu[i]!)
    for (let j = 0; j < p; j++) score[j]! += residual * x.data[i * p + j]!
  }
  return score
}

function scoringStep(at0: Evaluation, free: readonly number[], p: number): Float64Array {
  const part = zeros(free.length, free.length)
  free.forEach((i, a) => { free.forEach((j, b) => { part.data[a * free.length + b] = at(at0.information, i, j) }) })
  const l = cholesky(part)
  const out = new Float64Array(p)
  if (!l.ok) return out
  const d = choleskySolve(l.value, free.map((j) => at0.score[j]!))
  free.forEach((j, a) => { out[j] = d[a]! })
  return out
}
