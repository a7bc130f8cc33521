import { ok } from '#shared/lib/index.ts'
import { defaultLevel, withheldOnFittingRows, type RowUse, type StatisticsError, type StatisticsResult } from '../core/index.ts'
import { accuracyScores, spiegelhalterTest, type AccuracyScores } from './accuracyScores.ts'
import { binnedError, equalWidthBins, quantileBins, type CalibrationBin } from './bins.ts'
import { hosmerLemeshow, type HosmerLemeshow } from './hosmerLemeshow.ts'
import { checkProbabilities } from './probabilities.ts'
import { recalibration, type Recalibration } from './recalibration.ts'
import { smoothCalibration, type SmoothCalibration } from './smoothCalibration.ts'

export interface CalibrationOptions {
  /** Whether these rows took part in fitting the model. There is no default: the caller must know. */
  readonly rows: RowUse
  readonly groups?: number
  readonly level?: number
}

/** How well probabilities agree with what happened. Parts that are undefined for the data hold the reason instead. */
export interface Calibration extends AccuracyScores {
  readonly rows: RowUse
  readonly n: number
  readonly events: number
  readonly meanPredicted: number
  /** Events seen over events expected; Infinity when none is expected. */
  readonly observedExpectedRatio: number
  readonly certainPredictions: number
  readonly recalibration: Recalibration | StatisticsError
  readonly hosmerLemeshow: HosmerLemeshow | StatisticsError
  readonly smooth: SmoothCalibration | StatisticsError
  readonly equalWidthBins: readonly CalibrationBin[]
  readonly quantileBins: readonly CalibrationBin[]
  /** Expected and maximum calibration error over the bins of equal width and of equal size; equal predictions have no bins of equal size, and NaN. */
  readonly equalWidthError: { readonly expected: number; readonly maximum: number }
  readonly quantileError: { readonly expected: number; readonly maximum: number }
  /** Absent on fitting rows; `withheld` says why. */
  readonly spiegelhalter?: { readonly z: number; readonly p: number; readonly method: string }
  readonly withheld?: string
}

/**
 * Calibration of probabilities against 0/1 outcomes: scores, slope and intercept, bins, Hosmer-Lemeshow and a smooth curve.
 * @returns `length_mismatch`, `too_few`, `bad_labels`, `missing_values` or `out_of_range`
 */
export function calibration(
  outcome: ArrayLike<number>, probability: ArrayLike<number>, options: CalibrationOptions,
): StatisticsResult<Calibration> {
  const { rows, groups = 10, level = defaultLevel } = options
  const checked = checkProbabilities(outcome, probability)
  if (!checked.ok) return checked
  const n = outcome.length
  let events = 0, expected = 0, certain = 0
  for (let i = 0; i < n; i++) {
    events += outcome[i]!
    expected += probability[i]!
    if (probability[i] === 0 || probability[i] === 1) certain++
  }
  const wide = equalWidthBins(outcome, probability, groups, level), even = quantileBins(outcome, probability, groups, level)
  return ok({
    rows, n, events, meanPredicted: expected / n, observedExpectedRatio: events / expected, certainPredictions: certain,
    ...accuracyScores(outcome, probability),
    recalibration: either(recalibration(outcome, probability, level)),
    hosmerLemeshow: either(hosmerLemeshow(outcome, probability, groups, rows)),
    smooth: either(smoothCalibration(outcome, probability)),
    equalWidthBins: wide, quantileBins: even, equalWidthError: binnedError(wide), quantileError: binnedError(even),
    ...(rows === 'evaluation' ? { spiegelhalter: spiegelhalterTest(outcome, probability) } : { withheld: withheldOnFittingRows }),
  })
}

function either<T>(result: StatisticsResult<T>): T | StatisticsError {
  return result.ok ? result.value : result.error
}
