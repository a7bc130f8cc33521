import { defaultLevel, mean, variance, type Interval, type RowUse } from '../core/index.ts'
import { normalQuantile, normalTwoSided } from '../distributions/index.ts'
import type { ZTest } from './netReclassification.ts'

/** Integrated discrimination improvement. */
export interface IntegratedDiscrimination {
  readonly idi: number
  /** From the variances (n - 1) of the paired differences within each class; NaN, as is the interval, for a class of one case. */
  readonly standardError: number
  readonly interval: Interval
  /** Mean probability of events less that of non-events. */
  readonly slopeOld: number
  readonly slopeNew: number
  /** Mean change among events and among non-events. */
  readonly eventChange: number
  readonly noneventChange: number
  /** slopeNew / slopeOld - 1; NaN where both slopes are 0. */
  readonly relative: number
  /** Absent on fitting rows. NaN where the standard error is 0 or undefined. */
  readonly test?: ZTest
}

/** IDI of paired probabilities, both classes present. Source: Pencina and others, Stat Med 2008;27:157-72. O(n). */
export function integratedDiscrimination(
  outcome: ArrayLike<number>, before: ArrayLike<number>, after: ArrayLike<number>, rows: RowUse, level = defaultLevel,
): IntegratedDiscrimination {
  const of = (y: 0 | 1, f: (i: number) => number): Float64Array => {
    const out: number[] = []
    for (let i = 0; i < outcome.length; i++) if (outcome[i] === y) out.push(f(i))
    return Float64Array.from(out)
  }
  const change = (i: number): number => after[i]! - before[i]!
  const event = of(1, change), nonevent = of(0, change)
  const eventChange = mean(event), noneventChange = mean(nonevent)
  const idi = eventChange - noneventChange
  const standardError = Math.sqrt(variance(event) / event.length + variance(nonevent) / nonevent.length)
  const slope = (p: ArrayLike<number>): number => mean(of(1, (i) => p[i]!)) - mean(of(0, (i) => p[i]!))
  const slopeOld = slope(before), slopeNew = slope(after)
  const half = normalQuantile((1 + level) / 2) * standardError
  const z = standardError > 0 ? idi / standardError : NaN
  return {
    idi, standardError, interval: { lower: idi - half, upper: idi + half, level, method: 'Wald, paired differences' },
    slopeOld, slopeNew, eventChange, noneventChange, relative: slopeNew / slopeOld - 1,
    ...(rows === 'evaluation' ? { test: { z, p: normalTwoSided(z), method: 'z, paired differences' } } : {}),
  }
}
