import { sum, sumOf } from './sum.ts'

/** Arithmetic mean; NaN for no values (callers refuse n = 0 before). */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length
}

/** Sum of squared deviations from the mean, by two passes with the correction of the second (Chan, Golub and LeVeque 1983). */
export function sumOfSquares(values: ArrayLike<number>): number {
  const m = mean(values)
  const drift = sumOf(values.length, (i) => values[i]! - m)
  return sumOf(values.length, (i) => (values[i]! - m) ** 2) - drift * drift / values.length
}

/** Sample variance (n - 1); NaN for fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  return values.length < 2 ? NaN : Math.max(0, sumOfSquares(values)) / (values.length - 1)
}

/** Sample standard deviation (n - 1); NaN for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values))
}

/** Sample covariance (n - 1) of two columns of equal length; NaN for fewer than two rows. */
export function covariance(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new Error('covariance: columns of different lengths')
  if (x.length < 2) return NaN
  const mx = mean(x), my = mean(y)
  return sumOf(x.length, (i) => (x[i]! - mx) * (y[i]! - my)) / (x.length - 1)
}

/** Pearson's correlation; NaN where a column is constant. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return covariance(x, y) / Math.sqrt(variance(x) * variance(y))
}
