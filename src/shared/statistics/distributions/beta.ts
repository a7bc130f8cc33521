import { incompleteBeta } from './incompleteBeta.ts'
import { invert } from './invert.ts'
import { logBetaTerm } from './saddlePoint.ts'

/** P(X <= x) of a Beta(a, b) variable. */
export function betaCdf(x: number, a: number, b: number): number {
  return incompleteBeta(a, b, x).lower
}

/** P(X > x) of a Beta(a, b) variable. */
export function betaSf(x: number, a: number, b: number): number {
  return incompleteBeta(a, b, x).upper
}

/** Quantile of a Beta(a, b) variable; with tail 'upper', p is the probability above it. */
export function betaQuantile(p: number, a: number, b: number, tail: 'lower' | 'upper' = 'lower'): number {
  if (!(a > 0) || !(b > 0)) return NaN
  return invert({
    tails: (x) => incompleteBeta(a, b, x),
    density: (x) => Math.exp(logBetaTerm(a, b, x, 1 - x)) / (x * (1 - x)),
    upper: 1,
    start: a / (a + b),
  }, p, tail)
}
