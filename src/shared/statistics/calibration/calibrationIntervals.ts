import { ok } from '#shared/lib/index.ts'
import { bootstrap, type Bootstrapped } from '../bootstrap/index.ts'
import { fail, fromRows, type PatientId, type StatisticsResult } from '../core/index.ts'
import { logit, newtonLogistic } from '../regression/index.ts'
import { accuracyScores } from './accuracyScores.ts'
import { binnedError, equalWidthBins } from './bins.ts'
import { checkProbabilities } from './probabilities.ts'
import { smoothCalibration } from './smoothCalibration.ts'

export interface CalibrationIntervalOptions {
  readonly seed: string | number
  readonly patient?: ArrayLike<PatientId>
  /** 1000 unless given. */
  readonly resamples?: number
  readonly level?: number
  readonly groups?: number
}

const figures = [
  'brier', 'brierScaled', 'observedExpectedRatio', 'expectedCalibrationError', 'eAvg', 'eMax', 'intercept', 'slope', 'inTheLarge',
] as const

/** Bootstrap distributions of calibration figures. Slope and intercepts are absent when a probability is exactly 0 or 1. */
export type CalibrationIntervals = Readonly<Partial<Record<typeof figures[number], Bootstrapped>>>

/**
 * Bootstrap intervals of calibration figures, by patient and seeded. Failures as for `calibration` and `bootstrap`; `constant` for equal
 * predictions.
 */
export function calibrationIntervals(
  outcome: ArrayLike<number>, probability: ArrayLike<number>, options: CalibrationIntervalOptions,
): StatisticsResult<CalibrationIntervals> {
  const checked = checkProbabilities(outcome, probability)
  if (!checked.ok) return checked
  const { seed, patient, resamples = 1000, level, groups = 10 } = options
  const p = Float64Array.from(probability)
  if (p.every((v) => v === p[0])) return fail('constant', 'All predictions are equal: there is no calibration to resample.')
  const certain = p.some((v) => v === 0 || v === 1)
  const lp = p.map(logit)
  const x = fromRows(Array.from(lp, (v) => [1, certain ? 0 : v]))
  const statistic = (rows: ArrayLike<number>): number[] => {
    const y = Float64Array.from(rows, (i) => outcome[i]!), q = Float64Array.from(rows, (i) => p[i]!)
    const scores = accuracyScores(y, q)
    const smooth = smoothCalibration(y, q)
    const events = y.reduce((s, v) => s + v, 0)
    const out = [
      scores.brier, finite(scores.brierScaled), events / q.reduce((s, v) => s + v, 0), binnedError(equalWidthBins(y, q, groups)).expected,
      smooth.ok ? smooth.value.average : NaN, smooth.ok ? smooth.value.maximum : NaN,
    ]
    return certain ? out : [...out, ...(events === 0 || events === y.length ? [NaN, NaN, NaN] : recalibrate(rows))]
  }
  const recalibrate = (rows: ArrayLike<number>): number[] => {
    const weights = new Float64Array(p.length)
    for (let k = 0; k < rows.length; k++) weights[rows[k]!]!++
    const line = newtonLogistic(x, outcome, [0, 1], weights), large = newtonLogistic(x, outcome, [0], weights, lp)
    return [...(line.converged ? line.coefficients : [NaN, NaN]), large.converged ? large.coefficients[0]! : NaN]
  }
  const drawn = bootstrap({
    statistic, rows: outcome.length, seed, resamples, intervals: 'percentile',
    ...(patient ? { patient } : {}), ...(level === undefined ? {} : { level }),
  })
  return drawn.ok ? ok(Object.fromEntries(drawn.value.map((b, k) => [figures[k]!, b]))) : drawn
}

function finite(x: number): number {
  return Number.isFinite(x) ? x : NaN
}
