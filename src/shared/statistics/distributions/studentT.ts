import { incompleteBeta } from './incompleteBeta.ts'
import type { Tails } from './incompleteGamma.ts'
import { invert } from './invert.ts'
import { normalPdf, normalSf } from './normal.ts'
import { normalQuantile } from './normalQuantile.ts'
import { logBeta } from './logGamma.ts'
import { logBetaTerm } from './saddlePoint.ts'

/** Both tails of |T|. */
function absoluteTails(t: number, df: number): Tails {
  const square = t * t
  if (square === Infinity) return incompleteBeta(0.5, df / 2, 1, 0)
  return incompleteBeta(0.5, df / 2, square / (df + square), df / (df + square))
}

/** Two-sided p value P(|T| > |t|) with df > 0 degrees of freedom; df = Infinity is the normal. */
export function studentTTwoSided(t: number, df: number): number {
  if (df === Infinity) return 2 * normalSf(Math.abs(t))
  return absoluteTails(t, df).upper
}

/** P(T > t). */
export function studentTSf(t: number, df: number): number {
  const half = studentTTwoSided(t, df) / 2
  return t >= 0 ? half : 1 - half
}

/** P(T <= t). */
export function studentTCdf(t: number, df: number): number {
  return studentTSf(-t, df)
}

/** Density. */
export function studentTPdf(t: number, df: number): number {
  if (df === Infinity) return normalPdf(t)
  const square = t * t
  if (square === 0) return Math.exp(-logBeta(0.5, df / 2) - 0.5 * Math.log(df))
  return Math.exp(logBetaTerm(0.5, df / 2, square / (df + square), df / (df + square))) / Math.abs(t)
}

/** Quantile; df = Infinity is the normal. */
export function studentTQuantile(p: number, df: number): number {
  if (df === Infinity) return normalQuantile(p)
  if (!(df > 0) || !(p >= 0 && p <= 1)) return NaN
  if (p === 0.5) return 0
  const tail = Math.min(p, 1 - p)
  const t = invert({
    tails: (x) => absoluteTails(x, df),
    density: (x) => 2 * studentTPdf(x, df),
    upper: Infinity,
    start: Math.max(1e-3, -normalQuantile(Math.max(tail, 1e-12))),
  }, 2 * tail, 'upper')
  return p < 0.5 ? -t : t
}
