import { ok } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import { pixelUnits, type MaskPixels, type PixelSpacing } from './mask.ts'
import { overlapCounts, type OverlapCounts } from './overlap.ts'
import { overlapMetrics, type OverlapMetrics } from './overlapMetrics.ts'
import { surfaceDistances, type SurfaceDistances } from './surfaceDistances.ts'

/** Everything said of a predicted mask against a reference. */
export interface MaskAgreement extends OverlapMetrics {
  readonly counts: OverlapCounts
  /** Which mask has no foreground: with one empty, Dice and IoU are 0 and distances null; with both empty all of these are null. */
  readonly empty: 'none' | 'prediction' | 'reference' | 'both'
  readonly distances: SurfaceDistances | null
  /** Pixels, and mm^2 where the spacing is in mm. */
  readonly area: { readonly prediction: number; readonly reference: number; readonly unit: 'mm2' | 'px' }
}

/** Overlap and boundary distances of one pair of masks. Errors as `surfaceDistances`. O(pixels). */
export function maskAgreement(
  prediction: MaskPixels, reference: MaskPixels, spacing: PixelSpacing = pixelUnits,
): StatisticsResult<MaskAgreement> {
  const counts = overlapCounts(prediction, reference)
  if (!counts.ok) return counts
  const distances = surfaceDistances(prediction, reference, spacing)
  if (!distances.ok) return distances
  const { tp, fp, fn } = counts.value
  const a = tp + fp, b = tp + fn, pixel = spacing.unit === 'mm' ? spacing.row * spacing.column : 1
  return ok({
    counts: counts.value,
    ...overlapMetrics(counts.value),
    empty: a === 0 ? (b === 0 ? 'both' : 'prediction') : b === 0 ? 'reference' : 'none',
    distances: distances.value,
    area: { prediction: a * pixel, reference: b * pixel, unit: spacing.unit === 'mm' ? 'mm2' : 'px' },
  })
}
