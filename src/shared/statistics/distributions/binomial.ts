import { incompleteBeta } from './incompleteBeta.ts'
import { devianceTerm, stirlingError } from './saddlePoint.ts'

/** P(X = k) of a binomial with n trials of probability p (Loader's saddle point). */
export function binomialPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n || !Number.isInteger(k)) return 0
  if (p === 0) return k === 0 ? 1 : 0
  if (p === 1) return k === n ? 1 : 0
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return Math.exp(n * Math.log(p))
  const log = stirlingError(n) - stirlingError(k) - stirlingError(n - k) - devianceTerm(k, n * p) - devianceTerm(n - k, n * (1 - p))
  return Math.exp(log) * Math.sqrt(n / (2 * Math.PI * k * (n - k)))
}

/** P(X <= k). */
export function binomialCdf(k: number, n: number, p: number): number {
  const whole = Math.floor(k)
  if (whole < 0) return 0
  return whole >= n ? 1 : incompleteBeta(whole + 1, n - whole, p).upper
}

/** P(X > k). */
export function binomialSf(k: number, n: number, p: number): number {
  const whole = Math.floor(k)
  if (whole < 0) return 1
  return whole >= n ? 0 : incompleteBeta(whole + 1, n - whole, p).lower
}

/**
 * Exact two-sided p value of k successes in n trials against the probability p: the sum over all outcomes at most as probable as the one
 * seen
 * (with a relative allowance of 1e-7 for rounding, as R's binom.test). O(n).
 */
export function binomialTwoSided(k: number, n: number, p = 0.5): number {
  const seen = binomialPmf(k, n, p) * (1 + 1e-7)
  if (p === 0.5) return k * 2 === n ? 1 : Math.min(1, 2 * binomialCdf(Math.min(k, n - k), n, 0.5))
  let total = 0
  for (let i = 0; i <= n; i++) {
    const q = binomialPmf(i, n, p)
    if (q <= seen) total += q
  }
  return Math.min(1, total)
}
