import { defaultLevel, type Interval } from '../core/index.ts'
import { betaQuantile, normalQuantile } from '../distributions/index.ts'

/** A share with both intervals; all null where nothing was counted (0 of 0). */
export interface Proportion {
  readonly estimate: number | null
  readonly count: number
  readonly of: number
  readonly wilson: Interval | null
  readonly clopperPearson: Interval | null
}

/** count of n as a share. O(1). */
export function proportion(count: number, n: number, level = defaultLevel): Proportion {
  if (n === 0) return { estimate: null, count, of: n, wilson: null, clopperPearson: null }
  return { estimate: count / n, count, of: n, wilson: wilsonInterval(count, n, level), clopperPearson: clopperPearsonInterval(count, n, level) }
}

/** Score interval without continuity correction. Source: Wilson EB. J Am Stat Assoc 1927;22:209-12. */
export function wilsonInterval(count: number, n: number, level = defaultLevel): Interval {
  const z = normalQuantile(1 - (1 - level) / 2), p = count / n
  const centre = (p + z * z / (2 * n)) / (1 + z * z / n)
  const half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
  return { lower: count === 0 ? 0 : centre - half, upper: count === n ? 1 : centre + half, level, method: 'Wilson score' }
}

/** Exact interval, conservative. Source: Clopper C, Pearson ES. Biometrika 1934;26:404-13. */
export function clopperPearsonInterval(count: number, n: number, level = defaultLevel): Interval {
  const tail = (1 - level) / 2
  return {
    lower: count === 0 ? 0 : betaQuantile(tail, count, n - count + 1),
    upper: count === n ? 1 : betaQuantile(tail, count + 1, n - count, 'upper'),
    level, method: 'Clopper-Pearson (exact)',
  }
}
