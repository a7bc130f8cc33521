import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import type { RocCurve } from './rocCurve.ts'

/** The area under part of the curve. */
export interface PartialAuc {
  /** Which axis the range is on. */
  readonly focus: 'specificity' | 'sensitivity'
  readonly from: number
  readonly to: number
  /** Area over the range, at most its width. */
  readonly area: number
  /** McClish's standardised value, 0.5 for chance and 1 for perfect; null where the part lies below chance. */
  readonly standardised: number | null
}

/**
 * Partial AUC over a range of specificity or sensitivity, the curve joined by straight lines.
 * Source: McClish DK. Med Decis Making 1989;9:190-5 (standardisation); Jiang Y et al. Radiology 1996;201:745-50 (sensitivity range).
 * O(points).
 */
export function partialAuc(
  curve: RocCurve, range: { focus: 'specificity' | 'sensitivity'; from: number; to: number },
): StatisticsResult<PartialAuc> {
  const { focus, from, to } = range
  const high = Math.max(from, to), low = Math.min(from, to)
  if (!(low >= 0 && high <= 1 && low < high)) {
    return fail('out_of_range', `A ${focus} range must lie in [0, 1] and have a width; it is ${from} to ${to}.`)
  }
  const { x, y } = axes(curve, focus)
  const area = areaBetween(x, y, low, high)
  const width = high - low
  const chance = (1 - high + (1 - low)) * width / 2
  return ok({ focus, from, to, area, standardised: area < chance ? null : (1 + (area - chance) / (width - chance)) / 2 })
}

/** The axis of the range in ascending order beside the other one. */
function axes(curve: RocCurve, focus: 'specificity' | 'sensitivity'): { x: Float64Array; y: Float64Array } {
  const specificity = curve.falsePositives.map((f) => (curve.negatives - f) / curve.negatives)
  const sensitivity = curve.truePositives.map((t) => t / curve.positives)
  return focus === 'specificity' ? { x: specificity, y: sensitivity } : { x: sensitivity.reverse(), y: specificity.reverse() }
}

/** Area under the joined points (x ascending) from low to high; a range end between two points is interpolated. */
function areaBetween(x: Float64Array, y: Float64Array, low: number, high: number): number {
  let inside = 0, atHigh = 0, atLow = 0
  for (let i = 1; i < x.length; i++) {
    const x0 = x[i - 1]!, x1 = x[i]!
    if (x1 <= low || x0 >= high || x0 === x1) continue
    const y0 = y[i - 1]!, y1 = y[i]!
    const cutLow = x0 < low, cutHigh = x1 > high
    const yLow = cutLow ? y1 + (x1 - low) / (x1 - x0) * (y0 - y1) : y0
    const yHigh = cutHigh ? y0 + (high - x0) / (x1 - x0) * (y1 - y0) : y1
    const part = ((cutHigh ? high : x1) - (cutLow ? low : x0)) * (yLow + yHigh) / 2
    if (cutHigh) atHigh += part
    else if (cutLow) atLow += part
    else inside += part
  }
  return inside + atHigh + atLow
}
