import { ok } from '#shared/lib/index.ts'
import { at, defaultLevel, fail, fromRows, type Interval, type StatisticsResult } from '../core/index.ts'
import { normalQuantile } from '../distributions/index.ts'
import { detectSeparation, irls, logit, type SeparationKind } from '../regression/index.ts'
import { checkProbabilities } from './probabilities.ts'

/** Logistic recalibration: logit P(y = 1) = intercept + slope logit p. Perfect is 0 and 1; a slope below 1 is overfitting. */
export interface Recalibration {
  readonly method: string
  readonly n: number
  readonly intercept: number
  readonly interceptError: number
  readonly slope: number
  readonly slopeError: number
  readonly slopeInterval: Interval
  /** Calibration in the large: the intercept with the slope held at 1. Above 0: risks are underestimated. */
  readonly inTheLarge: number
  readonly inTheLargeError: number
  readonly inTheLargeInterval: Interval
  /** When not 'none' the probabilities split the classes, and intercept and slope are infinite: the figures mean nothing. */
  readonly separation: SeparationKind
  /** Probabilities were held to [clip, 1 - clip]. */
  readonly clip?: number
}

/**
 * Calibration slope, intercept and calibration in the large by maximum likelihood.
 * Source: Cox, Biometrika 1958;45:562-5; Van Calster and others, J Clin Epidemiol 2016;74:167-76.
 * @param clip hold probabilities to [clip, 1 - clip]; without it a probability of exactly 0 or 1 is refused
 * @returns `undefined` for probabilities of 0 or 1 without a clip, `constant` for equal predictions, `one_class` for a single class
 */
export function recalibration(
  outcome: ArrayLike<number>, probability: ArrayLike<number>, level = defaultLevel, clip?: number,
): StatisticsResult<Recalibration> {
  const checked = checkProbabilities(outcome, probability)
  if (!checked.ok) return checked
  const n = outcome.length
  const events = Array.from(outcome).reduce((s, y) => s + y, 0)
  if (events === 0 || events === n) {
    return fail('one_class', `All ${n} outcomes are ${events === 0 ? 'negative' : 'positive'}: there is no slope.`)
  }
  const held = Float64Array.from(probability, (p) => (clip === undefined ? p : Math.min(Math.max(p, clip), 1 - clip)))
  const extreme = held.reduce((s, p) => s + (p <= 0 || p >= 1 ? 1 : 0), 0)
  if (extreme > 0) {
    return fail('undefined', `${extreme} probabilities are exactly 0 or 1: their logit is infinite. Hold them to a range and say so.`)
  }
  const lp = held.map(logit)
  if (lp.every((v) => v === lp[0])) return fail('constant', 'All predictions are equal: there is no slope.')
  const x = fromRows(Array.from(lp, (v) => [1, v]))
  const line = irls(x, outcome)
  const large = irls(fromRows(Array.from(lp, () => [1])), outcome, { offset: lp })
  const interval = (estimate: number, error: number): Interval => {
    const half = normalQuantile((1 + level) / 2) * error
    return { lower: estimate - half, upper: estimate + half, level, method: 'Wald' }
  }
  const [intercept, slope] = [line.coefficients[0]!, line.coefficients[1]!]
  const slopeError = Math.sqrt(at(line.covariance, 1, 1))
  const inTheLarge = large.coefficients[0]!, inTheLargeError = Math.sqrt(at(large.covariance, 0, 0))
  return ok({
    method: 'logistic recalibration, maximum likelihood', n,
    intercept, interceptError: Math.sqrt(at(line.covariance, 0, 0)), slope, slopeError, slopeInterval: interval(slope, slopeError),
    inTheLarge, inTheLargeError, inTheLargeInterval: interval(inTheLarge, inTheLargeError),
    separation: detectSeparation(x, outcome).kind,
    ...(clip === undefined ? {} : { clip }),
  })
}
