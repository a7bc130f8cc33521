import { mean, sumOf, sumOfSquares } from '../core/index.ts'
import { studentTTwoSided } from '../distributions/index.ts'

/** Least-squares slope of the difference on the mean of two measurements: a slope other than 0 says that disagreement grows with size. */
export interface ProportionalBias {
  readonly slope: number
  readonly slopeSe: number
  readonly intercept: number
  /** Two-sided t test of slope = 0 on n - 2 degrees of freedom. */
  readonly p: number
}

/** null for fewer than 3 pairs, constant means, or columns of different length. O(n). */
export function proportionalBias(means: ArrayLike<number>, differences: ArrayLike<number>): ProportionalBias | null {
  const n = means.length
  const sxx = sumOfSquares(means)
  if (n < 3 || differences.length !== n || !(sxx > 0)) return null
  const mx = mean(means), my = mean(differences)
  const slope = sumOf(n, (i) => (means[i]! - mx) * (differences[i]! - my)) / sxx
  const residual = sumOf(n, (i) => (differences[i]! - my - slope * (means[i]! - mx)) ** 2)
  const slopeSe = Math.sqrt(residual / (n - 2) / sxx)
  const p = slopeSe > 0 ? studentTTwoSided(slope / slopeSe, n - 2) : slope === 0 ? 1 : 0
  return { slope, slopeSe, intercept: my - slope * mx, p }
}
