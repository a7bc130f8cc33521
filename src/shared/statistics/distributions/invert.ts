import type { Tails } from './incompleteGamma.ts'

/** What is inverted: both tails and the density of a continuous distribution on (0, upper). */
export interface Invertible {
  tails(x: number): Tails
  density(x: number): number
  /** Right end of the support; the left end is 0. */
  readonly upper: number
  /** Where to start looking. */
  readonly start: number
}

/**
 * x with P(X <= x) = p for a distribution on (0, upper), by Newton's method on the logarithm of the smaller tail inside a shrinking
 * bracket.
 * @param p the probability of the tail asked for
 * @param tail which tail p is; a small upper tail is best given as such
 */
export function invert(d: Invertible, p: number, tail: 'lower' | 'upper'): number {
  if (!(p >= 0 && p <= 1)) return NaN
  if (p === 0) return tail === 'lower' ? 0 : d.upper
  if (p === 1) return tail === 'lower' ? d.upper : 0
  const useLower = tail === 'lower' ? p <= 0.5 : p > 0.5
  const target = Math.log((tail === 'lower') === useLower ? p : 1 - p)
  let low = 0, high = d.upper
  let x = d.start
  for (let step = 0; step < 2000; step++) {
    const t = d.tails(x)
    const log = useLower ? t.logLower : t.logUpper
    const gap = log - target
    if (gap === 0) return x
    if ((gap < 0) === useLower) low = x
    else high = x
    const slope = d.density(x) / Math.exp(log) * (useLower ? 1 : -1)
    let next = x - gap / slope
    if (!(next > low && next < high)) next = between(low, high)
    if (next === x || Math.abs(next - x) <= 1e-16 * x || next === low || next === high) return next
    x = next
  }
  return x
}

/** A point inside a bracket that may span many orders of magnitude or be unbounded. */
function between(low: number, high: number): number {
  if (high === Infinity) return low === 0 ? 1 : low * 2
  if (low === 0) return high > 1e-290 ? high / 16 : high / 2
  return high / low > 4 ? Math.sqrt(low) * Math.sqrt(high) : (low + high) / 2
}
