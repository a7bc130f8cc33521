import { ok } from '#shared/lib/index.ts'
import { bootstrap, type Bootstrapped } from '../bootstrap/index.ts'
import { fail, type PatientId, type StatisticsResult } from '../core/index.ts'
import { isRunaway, newtonLogistic } from './newtonLogistic.ts'
import { prepareData, type ModelSpec } from './prepare.ts'
import type { DataRow } from './term.ts'

export interface CoefficientIntervalOptions {
  readonly seed: string | number
  /** Patient of each given row. */
  readonly patient?: ArrayLike<PatientId>
  /** 2000 unless given. */
  readonly resamples?: number
  readonly level?: number
}

/**
 * Bootstrap distribution of each coefficient (on the logit scale; exponentiate the ends for odds ratios), by patient and seeded. Samples
 * without finite estimates are left out and counted.
 */
export function coefficientIntervals(
  rows: readonly DataRow[], spec: ModelSpec, options: CoefficientIntervalOptions,
): StatisticsResult<readonly { readonly column: string; readonly bootstrap: Bootstrapped }[]> {
  const data = prepareData(rows, spec)
  if (!data.ok) return data
  const { x, columns } = data.value.design
  const { y, cases } = data.value
  const all = columns.map((_, j) => j)
  const { seed, patient, resamples = 2000, level } = options
  const statistic = (sample: ArrayLike<number>): number[] => {
    const weights = new Float64Array(y.length)
    for (let k = 0; k < sample.length; k++) weights[sample[k]!]!++
    const fit = newtonLogistic(x, y, all, weights)
    return fit.rank === all.length && !isRunaway(fit, x, y, all, weights) ? Array.from(fit.coefficients) : all.map(() => NaN)
  }
  const drawn = bootstrap({
    statistic, rows: y.length, seed, resamples, intervals: 'percentile',
    ...(patient ? { patient: cases.index.map((i) => patient[i]!) } : {}), ...(level === undefined ? {} : { level }),
  })
  if (!drawn.ok && drawn.error.code === 'undefined') {
    return fail(
      'separation',
      `Most samples have no finite estimates (${drawn.error.message}): use the profile intervals of Firth's penalised fit.`,
    )
  }
  return drawn.ok ? ok(drawn.value.map((b, j) => ({ column: columns[j]!.name, bootstrap: b }))) : drawn
}
