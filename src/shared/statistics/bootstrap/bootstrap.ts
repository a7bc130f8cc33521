import { createRandom, ok } from '#shared/lib/index.ts'
import { defaultLevel, fail, standardDeviation, type Interval, type StatisticsResult } from '../core/index.ts'
import { bcaInterval } from './bca.ts'
import { percentileInterval } from './percentile.ts'
import { createResampler, type ResamplePlan } from './resample.ts'

export interface BootstrapOptions extends ResamplePlan {
  /** Several figures of the given rows (with repeats), NaN where one is undefined for them. */
  readonly statistic: (rows: ArrayLike<number>) => number | readonly number[]
  readonly seed: string | number
  /** 2000 unless given. */
  readonly resamples?: number
  readonly level?: number
  /** BCa intervals need one more evaluation a patient; percentile ones do not. 'both' unless given. */
  readonly intervals?: 'percentile' | 'both'
}

/** One figure with its bootstrap distribution. */
export interface Bootstrapped {
  readonly estimate: number
  /** Mean of the replicates less the estimate. */
  readonly bias: number
  readonly standardError: number
  readonly percentile: Interval
  /** Null when it was not asked for or is undefined (all replicates on one side, no variation in the jackknife). */
  readonly bca: Interval | null
  /** Replicates in which the figure was defined, in order of drawing. */
  readonly replicates: Float64Array
  /** Replicates left out because the figure was undefined in them. */
  readonly undefinedReplicates: number
  readonly resamples: number
  readonly patients: number
  readonly seed: string | number
}

/**
 * Bootstrap of any statistic, by patient, seeded: the same seed gives the same intervals on every machine.
 * Source: Efron B, Tibshirani RJ. An introduction to the bootstrap, 1993, chapters 13 and 14. O(resamples x cost of the statistic).
 * @returns one result a figure; `too_few` for fewer than two patients, `undefined` when a figure is undefined on the data or in over half
 * of the samples
 */
export function bootstrap(options: BootstrapOptions): StatisticsResult<readonly Bootstrapped[]> {
  const { seed, resamples = 2000, level = defaultLevel } = options
  const statistic = (rows: ArrayLike<number>): readonly number[] => {
    const value = options.statistic(rows)
    return typeof value === 'number' ? [value] : value
  }
  const resampler = createResampler(options)
  if (resampler.patients < 2) return fail('too_few', `A bootstrap needs at least two patients: there are ${resampler.patients}.`)
  if (!(resamples >= 2)) return fail('out_of_range', `A bootstrap needs at least two resamples, not ${resamples}.`)
  const estimates = statistic(Uint32Array.from({ length: options.rows }, (_, i) => i))
  const replicates = estimates.map(() => new Float64Array(resamples))
  const random = createRandom(seed)
  for (let b = 0; b < resamples; b++) {
    const values = statistic(resampler.draw(random))
    for (let k = 0; k < estimates.length; k++) replicates[k]![b] = values[k]!
  }
  const jackknife = options.intervals === 'percentile' ? undefined
    : Array.from({ length: resampler.patients }, (_, i) => statistic(resampler.without(i)))
  const out: Bootstrapped[] = []
  for (const [k, estimate] of estimates.entries()) {
    const defined = replicates[k]!.filter((v) => !Number.isNaN(v))
    if (Number.isNaN(estimate) || defined.length * 2 < resamples) {
      const where = Number.isNaN(estimate) ? 'on these data' : `in ${resamples - defined.length} of ${resamples} samples`
      return fail('undefined', `Figure ${k + 1} is undefined ${where}: no bootstrap interval can be given.`)
    }
    out.push({
      estimate, bias: defined.reduce((s, v) => s + v, 0) / defined.length - estimate, standardError: standardDeviation(defined),
      percentile: percentileInterval(defined, level), bca: jackknife ? bcaInterval(estimate, defined, jackknife.map((v) => v[k]!), level) : null,
      replicates: defined, undefinedReplicates: resamples - defined.length, resamples, patients: resampler.patients, seed,
    })
  }
  return ok(out)
}
