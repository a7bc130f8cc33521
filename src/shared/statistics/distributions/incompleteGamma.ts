import { logPoissonTerm } from './saddlePoint.ts'

/** Both tails of a distribution, each computed without cancellation where it is the small one, with logarithms that do not underflow. */
export interface Tails {
  readonly lower: number
  readonly upper: number
  readonly logLower: number
  readonly logUpper: number
}

const maximumSteps = 1_000_000

/** The tails from the logarithm of the one that was computed. */
export function tailsFrom(log: number, which: 'lower' | 'upper'): Tails {
  const logThis = Math.min(0, log)
  const value = Math.exp(logThis)
  const other = -Math.expm1(logThis)
  const logOther = value < 0.5 ? Math.log1p(-value) : Math.log(other)
  return which === 'lower'
    ? { lower: value, upper: other, logLower: logThis, logUpper: logOther }
    : { lower: other, upper: value, logLower: logOther, logUpper: logThis }
}

/**
 * Regularised incomplete gamma functions P(a, x) (lower) and Q(a, x) (upper) for a > 0, x >= 0: the power series below the mean,
 * Legendre's continued fraction above (DLMF 8.7.1 and 8.9.2). O(sqrt(a)) steps near the mean.
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (!(a > 0) || Number.isNaN(x)) return { lower: NaN, upper: NaN, logLower: NaN, logUpper: NaN }
  if (x <= 0) return tailsFrom(-Infinity, 'lower')
  if (x === Infinity) return tailsFrom(-Infinity, 'upper')
  const term = logPoissonTerm(a, x)
  return x < a + 1 ? tailsFrom(term + Math.log(seriesLower(a, x)), 'lower') : tailsFrom(term + Math.log(a) + Math.log(fractionUpper(a, x)), 'upper')
}

/** 1 + x/(a+1) + x^2/((a+1)(a+2)) + ... */
function seriesLower(a: number, x: number): number {
  let s = 1, term = 1
  for (let n = 1; n < maximumSteps; n++) {
    term *= x / (a + n)
    s += term
    if (term < s * 1e-17) break
  }
  return s
}

/** Gamma(a, x) / (x^a e^-x) by modified Lentz (Thompson and Barnett 1986). */
function fractionUpper(a: number, x: number): number {
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / (b === 0 ? tiny : b)
  let h = d
  for (let n = 1; n < maximumSteps; n++) {
    const an = -n * (n - a)
    b += 2
    d = an * d + b
    c = b + an / c
    d = 1 / (d === 0 ? tiny : d)
    if (c === 0) c = tiny
    const step = c * d
    h *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return h
}
