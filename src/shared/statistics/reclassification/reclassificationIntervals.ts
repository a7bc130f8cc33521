import { ok } from '#shared/lib/index.ts'
import { bootstrap, type Bootstrapped } from '../bootstrap/index.ts'
import type { PatientId, StatisticsResult } from '../core/index.ts'
import { reclassification, riskCategory, type Reclassification, type ReclassificationOptions } from './reclassification.ts'

export interface ReclassificationIntervalOptions extends ReclassificationOptions {
  readonly seed: string | number
  /** Patient of each row; each row is a patient when absent. */
  readonly patient?: ArrayLike<PatientId>
  /** 2000 unless given. */
  readonly resamples?: number
}

/** Bootstrap distributions of an NRI and its parts. */
export interface NetIntervals {
  readonly nri: Bootstrapped
  readonly event: Bootstrapped
  readonly nonevent: Bootstrapped
}

/** Bootstrap distributions beside the estimates. */
export interface ReclassificationIntervals {
  readonly estimates: Reclassification
  readonly continuous: NetIntervals
  readonly categorical?: NetIntervals
  readonly idi: Bootstrapped
}

/**
 * Bootstrap intervals of NRI and IDI, by patient within the classes of the outcome, seeded. Failures as for `reclassification` and
 * `bootstrap`.
 */
export function reclassificationIntervals(
  outcome: ArrayLike<number>, before: ArrayLike<number>, after: ArrayLike<number>, options: ReclassificationIntervalOptions,
): StatisticsResult<ReclassificationIntervals> {
  const estimates = reclassification(outcome, before, after, options)
  if (!estimates.ok) return estimates
  const { cutoffs, seed, patient, resamples = 2000, level } = options
  const n = outcome.length
  const continuous = Float64Array.from({ length: n }, (_, i) => Math.sign(after[i]! - before[i]!))
  const steps = cutoffs && Float64Array.from(
    { length: n }, (_, i) => Math.sign(riskCategory(after[i]!, cutoffs) - riskCategory(before[i]!, cutoffs)),
  )
  const statistic = (rows: ArrayLike<number>): number[] => {
    const idi = meansByClass(outcome, rows, (i) => after[i]! - before[i]!)
    return [...net(outcome, rows, continuous), idi[1] - idi[0], ...(steps ? net(outcome, rows, steps) : [])]
  }
  const drawn = bootstrap({
    statistic, rows: n, seed, resamples, intervals: 'percentile', strata: outcome,
    ...(patient ? { patient } : {}), ...(level === undefined ? {} : { level }),
  })
  if (!drawn.ok) return drawn
  const part = (k: number): NetIntervals => ({ nri: drawn.value[k]!, event: drawn.value[k + 1]!, nonevent: drawn.value[k + 2]! })
  return ok({ estimates: estimates.value, continuous: part(0), idi: drawn.value[3]!, ...(steps ? { categorical: part(4) } : {}) })
}

function net(outcome: ArrayLike<number>, rows: ArrayLike<number>, moves: Float64Array): [number, number, number] {
  const [nonevent, event] = meansByClass(outcome, rows, (i) => moves[i]!)
  return [event - nonevent, event, -nonevent]
}

function meansByClass(outcome: ArrayLike<number>, rows: ArrayLike<number>, f: (i: number) => number): [number, number] {
  const total = [0, 0], n = [0, 0]
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k]!, y = outcome[i]!
    total[y]! += f(i)
    n[y]!++
  }
  return [total[0]! / n[0]!, total[1]! / n[1]!]
}
