import { defaultLevel, type Interval, type RowUse } from '../core/index.ts'
import { normalQuantile, normalTwoSided } from '../distributions/index.ts'

/** Moves among the events or among the non-events. */
export interface ReclassifiedPart {
  readonly n: number
  readonly up: number
  readonly down: number
  /** For events the share up less the share down, for non-events the reverse: above 0 is better in both. */
  readonly nri: number
  readonly standardError: number
}

/** A z test under one of the two variances. */
export interface ZTest {
  readonly z: number
  readonly p: number
  readonly method: string
}

/** Net reclassification improvement with both of its standard errors, named. */
export interface NetReclassification {
  readonly nri: number
  /** From the sample variances, not assuming the null hypothesis (Hmisc::improveProb). The interval uses it. */
  readonly standardError: number
  readonly interval: Interval
  /** Under the null hypothesis (Pencina and others 2008). */
  readonly nullStandardError: number
  readonly event: ReclassifiedPart
  readonly nonevent: ReclassifiedPart
  /** Absent on fitting rows. NaN where the standard error is 0. */
  readonly test?: ZTest
  readonly nullTest?: ZTest
}

/**
 * NRI from the direction each case moved.
 * Source: Pencina and others, Stat Med 2008;27:157-72 and 2011;30:11-21. O(n).
 * @param moves above 0 for up, below 0 for down, 0 for no change; both classes present
 */
export function netReclassification(
  outcome: ArrayLike<number>, moves: ArrayLike<number>, rows: RowUse, level = defaultLevel,
): NetReclassification {
  const count = { up: [0, 0], down: [0, 0], n: [0, 0] }
  for (let i = 0; i < outcome.length; i++) {
    const y = outcome[i]!
    count.n[y]!++
    if (moves[i]! > 0) count.up[y]!++
    else if (moves[i]! < 0) count.down[y]!++
  }
  const part = (y: 0 | 1): ReclassifiedPart => {
    const n = count.n[y]!, up = count.up[y]! / n, down = count.down[y]! / n
    const variance = (count.up[y]! + count.down[y]!) / n ** 2 - (count.up[y]! - count.down[y]!) ** 2 / n ** 3
    return { n, up, down, nri: y === 1 ? up - down : down - up, standardError: Math.sqrt(Math.max(0, variance)) }
  }
  const event = part(1), nonevent = part(0)
  const nri = event.nri + nonevent.nri
  const standardError = Math.hypot(event.standardError, nonevent.standardError)
  const nullStandardError = Math.sqrt((event.up + event.down) / event.n + (nonevent.up + nonevent.down) / nonevent.n)
  const half = normalQuantile((1 + level) / 2) * standardError
  const test = (error: number, method: string): ZTest => {
    const z = error > 0 ? nri / error : NaN
    return { z, p: normalTwoSided(z), method }
  }
  return {
    nri, standardError, nullStandardError, event, nonevent,
    interval: { lower: nri - half, upper: nri + half, level, method: 'Wald, sample variance' },
    ...(rows === 'evaluation' ? {
      test: test(standardError, 'z, sample variance'), nullTest: test(nullStandardError, 'z, null variance (Pencina 2008)'),
    } : {}),
  }
}
