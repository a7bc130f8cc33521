import { ok } from '#shared/lib/index.ts'
import { bootstrap, type Bootstrapped } from '../bootstrap/index.ts'
import type { Interval, PatientId, StatisticsResult } from '../core/index.ts'
import {
  countsAtThresholds, decisionCurves, odds, passedThresholds, type DecisionCurves, type NamedProbabilities,
} from './decisionCurve.ts'

export interface DecisionIntervalOptions {
  readonly seed: string | number
  /** Patient of each row; each row is a patient when absent. */
  readonly patient?: ArrayLike<PatientId>
  readonly thresholds?: readonly number[]
  /** 1000 unless given. */
  readonly resamples?: number
  readonly level?: number
}

/** Intervals of one model along the thresholds: of its net benefit, and of its gain over the better of treat-all and treat-none. */
export interface ModelIntervals {
  readonly name: string
  readonly netBenefit: readonly Interval[]
  readonly gain: readonly Interval[]
  readonly gainEstimate: readonly number[]
}

/** Decision curves with pointwise percentile intervals. */
export interface DecisionCurveIntervals {
  readonly curves: DecisionCurves
  readonly models: readonly ModelIntervals[]
  readonly treatAll: readonly Interval[]
  readonly patients: number
  readonly resamples: number
  readonly seed: string | number
}

/**
 * Bootstrap intervals of decision curves, by patient and seeded. The intervals hold at each threshold, not for the whole curve at once.
 * Source: Vickers and others, BMC Med Inform Decis Mak 2008;8:53. O(resamples (n + thresholds) models).
 * Failures as for `decisionCurves` and `bootstrap`.
 */
export function decisionCurveIntervals(
  outcome: ArrayLike<number>, models: readonly NamedProbabilities[], options: DecisionIntervalOptions,
): StatisticsResult<DecisionCurveIntervals> {
  const curves = decisionCurves(outcome, models, options.thresholds)
  if (!curves.ok) return curves
  const { thresholds } = curves.value
  const passed = models.map((m) => passedThresholds(m.probability, thresholds))
  const width = thresholds.length
  const statistic = (rows: ArrayLike<number>): number[] => {
    const n = rows.length
    const out: number[] = []
    let all: number[] = []
    for (const p of passed) {
      const { truePositives, falsePositives, events } = countsAtThresholds(outcome, p, width, rows)
      all = thresholds.map((t) => events / n - (1 - events / n) * odds(t))
      const benefit = thresholds.map((t, k) => truePositives[k]! / n - falsePositives[k]! / n * odds(t))
      out.push(...benefit, ...benefit.map((b, k) => b - Math.max(all[k]!, 0)))
    }
    return [...all, ...out]
  }
  const { seed, patient, resamples = 1000, level } = options
  const drawn = bootstrap({
    statistic, rows: outcome.length, seed, resamples, intervals: 'percentile',
    ...(patient ? { patient } : {}), ...(level === undefined ? {} : { level }),
  })
  if (!drawn.ok) return drawn
  const part = (k: number): readonly Bootstrapped[] => drawn.value.slice(k * width, (k + 1) * width)
  return ok({
    curves: curves.value,
    models: models.map((m, j) => ({
      name: m.name,
      netBenefit: part(1 + 2 * j).map((b) => b.percentile),
      gain: part(2 + 2 * j).map((b) => b.percentile),
      gainEstimate: part(2 + 2 * j).map((b) => b.estimate),
    })),
    treatAll: part(0).map((b) => b.percentile), patients: drawn.value[0]?.patients ?? 0, resamples, seed,
  })
}
