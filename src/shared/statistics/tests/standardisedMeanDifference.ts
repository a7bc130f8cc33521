import { mean, variance } from '../core/index.ts'

/**
 * (mean(first) - mean(second)) / sqrt((var1 + var2) / 2), in standard deviations; |d| > 0.1 is often called an imbalance.
 * Source: Austin, Stat Med 2009;28:3083-107. null for fewer than 2 values in a group or values that do not vary. O(n).
 */
export function standardisedMeanDifference(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  const pooled = Math.sqrt((variance(first) + variance(second)) / 2)
  return pooled > 0 && Number.isFinite(pooled) ? (mean(first) - mean(second)) / pooled : null
}
