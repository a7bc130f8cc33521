import type { Matrix } from '../core/index.ts'
import { expit, type LogisticModel } from '../regression/index.ts'
import type { OutputObject } from './adapter.ts'

/** The figures that rms prints with a logistic model, under its names. */
export function lrmStatistics(fit: LogisticModel, x: Matrix, y: ArrayLike<number>): OutputObject {
  const { n, events, fitted } = fit
  const { chiSquare, df, p } = fit.likelihoodRatio
  const effective = n * (1 - (events / n) ** 3 - (1 - events / n) ** 3)
  const share = (size: number): number => -Math.expm1(-chiSquare / size)
  const adjusted = (size: number): number => -Math.expm1(-Math.max(chiSquare - df, 0) / size)
  const g = giniMeanDifference(fit.linearPredictor)
  const pairs = binnedPairs(fitted, y)
  return {
    Obs: n, 'Max Deriv': largestScore(x, y, fitted), 'Model L.R.': chiSquare, 'd.f.': df, P: df > 0 ? p : 1,
    C: pairs.c, Dxy: pairs.dxy, Gamma: pairs.gamma, 'Tau-a': pairs.tauA,
    R2: fit.pseudoR2.nagelkerke,
    [`R2(${oneDecimal(n)})`]: share(n), [`R2(${df},${oneDecimal(n)})`]: adjusted(n),
    [`R2(${oneDecimal(effective)})`]: share(effective), [`R2(${df},${oneDecimal(effective)})`]: adjusted(effective),
    Brier: fitted.reduce((s, q, i) => s + (q - y[i]!) ** 2, 0) / n,
    g, gr: Math.exp(g), gp: giniMeanDifference(fit.linearPredictor.map(expit)),
  }
}

/** To one decimal, a tie to the even digit, as R rounds. */
function oneDecimal(x: number): string {
  const below = Math.floor(x * 10), rest = x * 10 - below
  return String((rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below) / 10)
}

function largestScore(x: Matrix, y: ArrayLike<number>, fitted: Float64Array): number {
  const score = new Float64Array(x.cols)
  for (let i = 0; i < x.rows; i++) for (let j = 0; j < x.cols; j++) score[j]! += (y[i]! - fitted[i]!) * x.data[i * x.cols + j]!
  return score.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
}

/** Mean absolute difference of all pairs of values. */
function giniMeanDifference(values: Float64Array): number {
  const n = values.length
  const mean = values.reduce((s, v) => s + v, 0) / n
  return values.map((v) => v - mean).sort().reduce((s, v, i) => s + v * 4 * (i + 1 - (n - 1) / 2) / n / (n - 1), 0)
}

/** Rank correlations as rms counts them: probabilities in the same 1/5000 are ties. */
function binnedPairs(probability: Float64Array, y: ArrayLike<number>): { c: number; dxy: number; gamma: number; tauA: number } {
  const bins = 5001
  const counts = [new Float64Array(bins), new Float64Array(bins)]
  probability.forEach((p, i) => { counts[y[i] === 1 ? 1 : 0]![Math.trunc(5000 * p)]!++ })
  let concordant = 0, tied = 0, below = 0
  for (let b = 0; b < bins; b++) {
    concordant += counts[1]![b]! * below
    tied += counts[1]![b]! * counts[0]![b]!
    below += counts[0]![b]!
  }
  const n = probability.length
  const pairs = below * (n - below)
  const difference = concordant - (pairs - concordant - tied)
  return {
    c: (concordant + tied / 2) / pairs, dxy: difference / pairs, gamma: difference / (pairs - tied),
    tauA: difference / (n * (n - 1) / 2),
  }
}
