import { quantileSorted, type Interval } from '../core/index.ts'

/** Percentile interval: type 7 quantiles of the replicates. */
export function percentileInterval(replicates: Float64Array, level: number): Interval {
  const sorted = Float64Array.from(replicates).sort()
  const tail = (1 - level) / 2
  return { lower: quantileSorted(sorted, tail), upper: quantileSorted(sorted, 1 - tail), level, method: `bootstrap percentile, ${replicates.length} samples` }
}
