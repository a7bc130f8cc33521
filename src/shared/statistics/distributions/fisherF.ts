import { chiSquareCdf, chiSquareQuantile, chiSquareSf } from './chiSquare.ts'
import { incompleteBeta } from './incompleteBeta.ts'
import type { Tails } from './incompleteGamma.ts'
import { invert } from './invert.ts'
import { logBetaTerm } from './saddlePoint.ts'

function tails(x: number, df1: number, df2: number): Tails {
  const u = df1 * x
  if (u === Infinity) return incompleteBeta(df1 / 2, df2 / 2, 1, 0)
  return incompleteBeta(df1 / 2, df2 / 2, u / (u + df2), df2 / (u + df2))
}

/** P(F <= x) with df1 and df2 degrees of freedom; df2 = Infinity is a chi-square over df1. */
export function fCdf(x: number, df1: number, df2: number): number {
  return df2 === Infinity ? chiSquareCdf(df1 * x, df1) : tails(x, df1, df2).lower
}

/** P(F > x): the p value of an F statistic. */
export function fSf(x: number, df1: number, df2: number): number {
  return df2 === Infinity ? chiSquareSf(df1 * x, df1) : tails(x, df1, df2).upper
}

/** Quantile; with tail 'upper', p is the probability above it. */
export function fQuantile(p: number, df1: number, df2: number, tail: 'lower' | 'upper' = 'lower'): number {
  if (df2 === Infinity) return chiSquareQuantile(p, df1, tail) / df1
  if (!(df1 > 0) || !(df2 > 0)) return NaN
  return invert({
    tails: (x) => tails(x, df1, df2),
    density: (x) => Math.exp(logBetaTerm(df1 / 2, df2 / 2, df1 * x / (df1 * x + df2), df2 / (df1 * x + df2))) / x,
    upper: Infinity,
    start: 1,
  }, p, tail)
}
