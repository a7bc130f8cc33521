import { ok } from '#shared/lib/index.ts'
import {
  calibration as assess, hosmerLemeshow, recalibration, smoothCalibration, spiegelhalterTest, type CalibrationBin, type Recalibration,
} from '../calibration/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import type { AnalysisAdapter, Output, OutputObject } from './adapter.ts'
import { ends } from './intervalOutput.ts'
import { need, optionalNumber, textField, textList } from './request.ts'
import { completeCases, numbers, type Table } from './table.ts'

/** Calibration of each column of probabilities, over the rows complete for it. */
export const calibration: AnalysisAdapter = ({ spec, table }) => {
  const rows = table()
  const outcome = textField(spec, 'outcome')
  const groups = optionalNumber(spec, 'g') ?? 10
  return ok({
    n_total: rows.rows, g: groups,
    models: Object.fromEntries(textList(spec, 'probs').map((name) => [
      name, model(completeCases(rows, [outcome, name]), outcome, name, groups),
    ])),
  })
}

function model(table: Table, outcome: string, name: string, groups: number): OutputObject {
  const y = numbers(table, outcome), p = numbers(table, name)
  // The format reports every test; the rows are taken as not used in fitting, and both degrees of freedom are given.
  const c = need(assess(y, p, { rows: 'evaluation', groups }))
  const { z, p: pValue } = spiegelhalterTest(y, p)
  return {
    n_used: c.n, events: c.events, mean_predicted: c.meanPredicted, observed_expected_ratio: c.observedExpectedRatio,
    brier: c.brier, brier_max: c.brierMaximum, brier_scaled: c.brierScaled, log_loss: c.logLoss,
    spiegelhalter: { z, p: pValue },
    hosmer_lemeshow: goodness(y, p, groups),
    n_prob_0_or_1: c.certainPredictions,
    ...(c.certainPredictions === 0 ? { logistic_recalibration: recalibrated(recalibration(y, p)) }
      : { logistic_recalibration: null, logistic_recalibration_clipped_1e_6: recalibrated(recalibration(y, p, undefined, 1e-6)) }),
    bins_equal_width: c.equalWidthBins.map(binRow), ece_equal_width: c.equalWidthError.expected, mce_equal_width: c.equalWidthError.maximum,
    ...(c.quantileBins.length > 0 ? { bins_quantile: c.quantileBins.map(binRow), ece_quantile: c.quantileError.expected } : {}),
    ...smooth(y, p),
    rms_val_prob_warnings: c.certainPredictions === 0
      ? []
      : [`${c.certainPredictions} observations deleted from logistic calibration due to probs. of 0 or 1`],
  }
}

function goodness(y: Float64Array, p: Float64Array, groups: number): OutputObject {
  const inside = hosmerLemeshow(y, p, groups, 'fitting'), outside = hosmerLemeshow(y, p, groups, 'evaluation')
  if (!inside.ok || !outside.ok) return { error: inside.ok ? '' : inside.error.message }
  const { chiSquare, undefinedBecause } = inside.value
  const table = inside.value.groups.map((g) => ({
    lower: g.lower, upper: g.upper, n: g.n, observed: g.observed, expected: g.expected, mean_predicted: g.expected / g.n,
  }))
  const size = { groups: table.length, merged_cut_points: inside.value.mergedCutPoints, table }
  if (Number.isNaN(chiSquare)) return { error: undefinedBecause ?? '', ...size }
  return {
    ...size, chisq: chiSquare, df: inside.value.df, p: inside.value.p, df_external: outside.value.df,
    ...(Number.isNaN(outside.value.p) ? {} : { p_external: outside.value.p }),
    empty_intervals_dropped: inside.value.emptyIntervals,
  }
}

function recalibrated(result: StatisticsResult<Recalibration>): Output {
  // A single class is the extreme of separation: the format says so instead of giving an error.
  if (!result.ok && result.error.code === 'one_class') return { comparable: false, separation: 'complete' }
  if (!result.ok) return { error: result.error.message }
  const r = result.value
  return {
    comparable: r.separation === 'none', separation: r.separation,
    intercept: r.intercept, intercept_se: r.interceptError, slope: r.slope, slope_se: r.slopeError, slope_ci95: ends(r.slopeInterval),
    in_the_large: r.inTheLarge, in_the_large_se: r.inTheLargeError, in_the_large_ci95: ends(r.inTheLargeInterval),
  }
}

function binRow(b: CalibrationBin): OutputObject {
  return {
    lower: b.lower, upper: b.upper, n: b.n, events: b.events, mean_predicted: b.meanPredicted, observed: b.observed,
    wilson_lo: b.interval?.lower ?? null, wilson_hi: b.interval?.upper ?? null,
  }
}

function smooth(y: Float64Array, p: Float64Array): OutputObject {
  const s = smoothCalibration(y, p)
  return s.ok ? { rms_val_prob: { Emax: s.value.maximum, E90: s.value.percentile90, Eavg: s.value.average } } : {}
}
