/**
 * Quantile of a sorted column by linear interpolation of the order statistics, type 7 of Hyndman and Fan (Am Stat 1996;50:361-5), R's
 * default.
 * @param sorted ascending values, at least one
 * @param p probability in [0, 1]
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length
  if (n === 0 || !(p >= 0 && p <= 1)) return NaN
  // The same operations in the same order as R's quantile.default, so that cut points compare equal to R's to the last bit.
  const index = 1 + (n - 1) * p
  const below = Math.floor(index)
  const low = sorted[below - 1]!, high = sorted[Math.ceil(index) - 1]!
  if (index === below || low === high) return low
  const h = index - below
  return (1 - h) * low + h * high
}

/** Quantile (type 7) of an unsorted column. O(n log n). */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileSorted(Float64Array.from(values).sort(), p)
}

/** Several quantiles (type 7) of one unsorted column. */
export function quantiles(values: ArrayLike<number>, ps: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).sort()
  return Array.from(ps, (p) => quantileSorted(sorted, p))
}

/** Median. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}
