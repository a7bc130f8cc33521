import type { Interval } from '../core/index.ts'

/** An interval as the result format writes it: [lower, upper], or null. */
export function ends(interval: Interval | null): [number, number] | null {
  return interval === null ? null : [interval.lower, interval.upper]
}
