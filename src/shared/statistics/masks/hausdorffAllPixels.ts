import { ok } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import { foregroundPixels } from './boundary.ts'
import { checkSameGrid, checkSpacing, pixelUnits, type MaskPixels, type PixelSpacing } from './mask.ts'
import { nearestDistances } from './nearestDistances.ts'

/**
 * Hausdorff distance of two masks as sets of all their pixels (not only boundaries): at most the boundary version, since a pixel
 * inside the other mask has distance 0. In the unit of the spacing; null when either mask is empty. Errors as `surfaceDistances`. O(pixels).
 */
export function hausdorffAllPixels(a: MaskPixels, b: MaskPixels, spacing: PixelSpacing = pixelUnits): StatisticsResult<number | null> {
  const same = checkSameGrid(a, b)
  if (!same.ok) return same
  const possible = checkSpacing(spacing)
  if (!possible.ok) return possible
  const pa = foregroundPixels(a), pb = foregroundPixels(b)
  if (pa.length === 0 || pb.length === 0) return ok(null)
  const farthest = (from: Uint32Array, to: Uint32Array): number => nearestDistances(from, to, a.width, spacing).at(-1)!
  return ok(Math.max(farthest(pa, pb), farthest(pb, pa)))
}
