import { incompleteGamma } from './incompleteGamma.ts'
import { invert } from './invert.ts'
import { logPoissonTerm } from './saddlePoint.ts'

/** P(X <= x) of a chi-square with df > 0 degrees of freedom. */
export function chiSquareCdf(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).lower
}

/** P(X > x): the p value of a chi-square statistic. */
export function chiSquareSf(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).upper
}

/** log P(X > x), also where the probability underflows. */
export function chiSquareLogSf(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).logUpper
}

/** Quantile; with tail 'upper', p is the probability above it. */
export function chiSquareQuantile(p: number, df: number, tail: 'lower' | 'upper' = 'lower'): number {
  return gammaQuantile(p, df / 2, tail) * 2
}

/** P(X <= x) of a gamma variable of the given shape and rate 1. */
export function gammaCdf(x: number, shape: number): number {
  return incompleteGamma(shape, x).lower
}

/** Quantile of a gamma variable of the given shape and rate 1. */
export function gammaQuantile(p: number, shape: number, tail: 'lower' | 'upper' = 'lower'): number {
  if (!(shape > 0)) return NaN
  return invert({
    tails: (x) => incompleteGamma(shape, x),
    density: (x) => Math.exp(logPoissonTerm(shape, x)) * shape / x,
    upper: Infinity,
    start: shape,
  }, p, tail)
}
