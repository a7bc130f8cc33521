import { mean, quantileSorted, type Interval } from '../core/index.ts'
import { normalCdf, normalQuantile } from '../distributions/index.ts'

/**
 * Bias-corrected and accelerated interval. Source: Efron B. J Am Stat Assoc 1987;82:171-85; acceleration from the jackknife over patients.
 * Replicates equal to the estimate count half. Null where the bias correction is infinite or the jackknife does not vary.
 */
export function bcaInterval(estimate: number, replicates: Float64Array, jackknife: readonly number[], level: number): Interval | null {
  let below = 0
  for (const v of replicates) below += v < estimate ? 1 : v === estimate ? 0.5 : 0
  const bias = normalQuantile(below / replicates.length)
  const left = jackknife.filter((v) => !Number.isNaN(v))
  const centre = mean(left)
  let squares = 0, cubes = 0
  for (const v of left) {
    squares += (centre - v) ** 2
    cubes += (centre - v) ** 3
  }
  if (!Number.isFinite(bias) || !(squares > 0)) return null
  const acceleration = cubes / (6 * squares ** 1.5)
  const sorted = Float64Array.from(replicates).sort()
  const end = (p: number): number => {
    const shifted = bias + normalQuantile(p)
    const adjusted = normalCdf(bias + shifted / (1 - acceleration * shifted))
    return quantileSorted(sorted, adjusted)
  }
  const tail = (1 - level) / 2
  return { lower: end(tail), upper: end(1 - tail), level, method: `bootstrap BCa, ${replicates.length} samples` }
}
