import type { MaskPair } from '#shared/contract/index.ts'
import { traceMask } from '#shared/contour/index.ts'
import { bitmapFromMask, feretAxes, maskArea, maskBounds, perimeter, uniteRects, scaleFor, type Calibration, type Point, type Rect, type RleMask } from '#shared/geometry/index.ts'
import { maskAgreement, type MaskPixels, type PixelSpacing } from '#shared/statistics/masks/index.ts'
import { unwrap } from '#shared/lib/index.ts'

const corners = (r: Rect): Point[] => [{ x: r.left, y: r.top }, { x: r.left + r.width, y: r.top + r.height }]

/** The scale where the masks lie: millimetres when one calibrated region holds them all, else pixels. */
export function spacingFor(masks: readonly RleMask[], calibration: Calibration): PixelSpacing {
  const places = masks.map(maskBounds).filter((r) => r.width > 0).flatMap(corners)
  const scale = places.length === 0 ? scaleFor([{ x: 0, y: 0 }], calibration) : scaleFor(places, calibration)
  return scale.known ? { row: scale.region.mmPerPixelY, column: scale.region.mmPerPixelX, unit: 'mm' } : { row: 1, column: 1, unit: 'px' }
}

/** The window around both masks with one pixel to spare: boundaries in it are those of the whole image, at a fraction of the work. */
function windowOf(a: RleMask, b: RleMask): Rect {
  const boxes = [maskBounds(a), maskBounds(b)].filter((r) => r.width > 0)
  const all = boxes.reduce<Rect | null>((u, r) => (u === null ? r : uniteRects(u, r)), null) ?? { left: 0, top: 0, width: 1, height: 1 }
  const left = Math.max(0, all.left - 1), top = Math.max(0, all.top - 1)
  return { left, top, width: Math.min(a.width, all.left + all.width + 1) - left, height: Math.min(a.height, all.top + all.height + 1) - top }
}

/**
 * Dice, IoU, HD95 (the larger of the two directed 95th percentiles) and ASD (mean of the two directed means) of two masks of one picture.
 * All are null where both masks are empty, the distances also where one is.
 */
export function compareMasks(a: RleMask, b: RleMask, calibration: Calibration): MaskPair {
  const spacing = spacingFor([a, b], calibration)
  const window = windowOf(a, b)
  const dense = (mask: RleMask): MaskPixels => ({ width: window.width, height: window.height, data: bitmapFromMask(mask, window).data })
  const found = unwrap(maskAgreement(dense(a), dense(b), spacing))
  return { dice: found.dice, iou: found.iou, hd95: found.distances?.hd95.maxOfDirected ?? null, asd: found.distances?.assd.meanOfDirected ?? null, unit: spacing.unit }
}

/** Size of one lesion as drawn; `unit` of lengths, areas in its square. */
export interface LesionSize { readonly area: number; readonly perimeter: number; readonly longAxis: number; readonly shortAxis: number; readonly unit: 'mm' | 'px' }

/** From the mask alone, so that every way of drawing is measured alike: outlines through the midpoints of pixel edges; axes of all parts together. Null for an empty mask. */
export function lesionSize(mask: RleMask, calibration: Calibration): LesionSize | null {
  const pixels = maskArea(mask)
  if (pixels === 0) return null
  const { row, column, unit } = spacingFor([mask], calibration)
  const rings = traceMask(mask).map((p) => p.outer.map((q) => ({ x: q.x * column, y: q.y * row })))
  const axes = feretAxes(rings.flat())
  return { area: pixels * row * column, perimeter: rings.reduce((sum, ring) => sum + perimeter(ring), 0), longAxis: axes?.long.length ?? 0, shortAxis: axes?.short.length ?? 0, unit }
}
