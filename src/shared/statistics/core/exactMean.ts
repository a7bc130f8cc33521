/**
 * The mean rounded once, from a sum and a division carried in twice the precision: numbers whose means are equal on paper (ratings of
 * several readers) then
 * tie or differ as they do in R, which sums and divides in extended precision. Source: Dekker TJ. Numer Math 1971;18:224-42. O(n).
 */
export function exactMean(values: ArrayLike<number>): number {
  const n = values.length
  let high = 0, low = 0
  for (let i = 0; i < n; i++) {
    const x = values[i]!
    const s = high + x
    const t = s - high
    low += (high - (s - t)) + (x - t)
    high = s
  }
  if (!Number.isFinite(high)) return high / n
  const quotient = (high + low) / n
  // What is left of the sum after quotient * n, whose low part is exact by splitting into halves of 26 bits.
  const factor = 134217729
  const c = factor * quotient
  const top = c - (c - quotient), bottom = quotient - top
  const product = quotient * n
  const missing = top * n - product + bottom * n
  return quotient + (high - product - missing + low) / n
}
