/** Settings of `lowess`; the defaults are those of R. */
export interface LowessOptions {
  /** Share of the points in each local fit. */
  readonly span?: number
  /** Robustness iterations. Use 0 for 0/1 outcomes: there are no outliers to discount. */
  readonly iterations?: number
  /** Points closer than this to the last fitted one are interpolated. By default 1 % of the range of x. */
  readonly delta?: number
}

/**
 * Locally weighted linear regression with tricube weights.
 * Source: Cleveland, JASA 1979;74:829-36, with the interpolation of his Fortran routine, so that values equal R's `lowess`.
 * @param x ascending
 * @returns smoothed values at x. O(fits x span x n); `delta` bounds the number of fits to about 100.
 */
export function lowess(x: ArrayLike<number>, y: ArrayLike<number>, options: LowessOptions = {}): Float64Array {
  const n = x.length
  if (n < 2) return Float64Array.from(y)
  const { span = 2 / 3, iterations = 3, delta = 0.01 * (x[n - 1]! - x[0]!) } = options
  const window = Math.max(2, Math.min(n, Math.trunc(span * n + 1e-7)))
  let robustness: Float64Array | undefined
  let smooth = onePass(x, y, window, delta, robustness)
  for (let k = 0; k < iterations; k++) {
    robustness = bisquareWeights(y, smooth)
    if (robustness === undefined) break
    smooth = onePass(x, y, window, delta, robustness)
  }
  return smooth
}

function onePass(
  x: ArrayLike<number>, y: ArrayLike<number>, window: number, delta: number, robustness: Float64Array | undefined,
): Float64Array {
  const n = x.length
  const out = new Float64Array(n), weights = new Float64Array(n)
  let left = 0, right = window - 1, last = -1, i = 0
  for (;;) {
    while (right < n - 1 && x[i]! - x[left]! > x[right + 1]! - x[i]!) {
      left++
      right++
    }
    out[i] = localFit(x, y, x[i]!, left, right, weights, robustness) ?? y[i]!
    for (let j = last + 1; j < i; j++) {
      const share = (x[j]! - x[last]!) / (x[i]! - x[last]!)
      out[j] = share * out[i]! + (1 - share) * out[last]!
    }
    last = i
    const reach = x[last]! + delta
    for (i = last + 1; i < n && x[i]! <= reach; i++) {
      if (x[i] === x[last]) {
        out[i] = out[last]!
        last = i
      }
    }
    i = Math.max(last + 1, i - 1)
    if (last >= n - 1) return out
  }
}

/** Value at `at` of the weighted line through the points from `left` on; undefined when no point has weight. */
function localFit(
  x: ArrayLike<number>, y: ArrayLike<number>, at: number, left: number, right: number,
  weights: Float64Array, robustness: Float64Array | undefined,
): number | undefined {
  const n = x.length
  const range = x[n - 1]! - x[0]!
  const h = Math.max(at - x[left]!, x[right]! - at)
  let total = 0, end = left
  for (; end < n; end++) {
    const r = Math.abs(x[end]! - at)
    weights[end] = 0
    if (r <= 0.999 * h) {
      const w = (r <= 0.001 * h ? 1 : (1 - (r / h) ** 3) ** 3) * (robustness?.[end] ?? 1)
      weights[end] = w
      total += w
    } else if (x[end]! > at) break
  }
  if (total <= 0) return undefined
  for (let j = left; j < end; j++) weights[j]! /= total
  if (h > 0) {
    let centre = 0, spread = 0
    for (let j = left; j < end; j++) centre += weights[j]! * x[j]!
    for (let j = left; j < end; j++) spread += weights[j]! * (x[j]! - centre) ** 2
    if (Math.sqrt(spread) > 0.001 * range) {
      const b = (at - centre) / spread
      for (let j = left; j < end; j++) weights[j]! *= b * (x[j]! - centre) + 1
    }
  }
  let value = 0
  for (let j = left; j < end; j++) value += weights[j]! * y[j]!
  return value
}

/** Bisquare weights of the residuals over six times their median; undefined when the fit is (nearly) exact. */
function bisquareWeights(y: ArrayLike<number>, smooth: Float64Array): Float64Array | undefined {
  const residuals = smooth.map((s, i) => Math.abs(y[i]! - s))
  const sorted = Float64Array.from(residuals).sort()
  const n = sorted.length
  const scale = 3 * (sorted[Math.floor(n / 2)]! + sorted[n - Math.floor(n / 2) - 1]!)
  const mean = residuals.reduce((s, r) => s + r, 0) / n
  if (scale < 1e-7 * mean) return undefined
  return residuals.map((r) => (r <= 0.001 * scale ? 1 : r > 0.999 * scale ? 0 : (1 - (r / scale) ** 2) ** 2))
}
