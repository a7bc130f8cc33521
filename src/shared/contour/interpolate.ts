import {
  bitmapBounds, bitmapFromMask, createBitmap, emptyMask, growRect, intersectRects, isEmptyRect, maskFromBitmap, pixelRect, rectOfSize, rewindow, uniteRects,
  type Bitmap, type RleMask,
} from '#shared/geometry/index.ts'
import { signedDistances } from './distance.ts'

function centreOf(bitmap: Bitmap): { x: number; y: number } {
  let x = 0, y = 0, count = 0
  for (let row = 0, i = 0; row < bitmap.height; row++) {
    for (let column = 0; column < bitmap.width; column++, i++) {
      if (bitmap.data[i] !== 1) continue
      x += column
      y += row
      count++
    }
  }
  return { x: bitmap.left + x / count, y: bitmap.top + y / count }
}

/** Shifts a mask by whole pixels: its window moves, its pixels stay. */
const shifted = (bitmap: Bitmap, dx: number, dy: number): Bitmap => ({ ...bitmap, left: bitmap.left + Math.round(dx), top: bitmap.top + Math.round(dy) })

/**
 * The mask at a share t (0 to 1) of the way from one key frame's mask to the next: both are brought to the centre of area in between (to the pixel),
 * and their signed distances are mixed (Raya and Udupa 1990, with Herman's centring of shapes). t = 0 and t = 1 give the key masks themselves.
 * Empty where either key mask is empty.
 */
export function interpolateMasks(from: RleMask, to: RleMask, t: number): RleMask {
  const size = { width: from.width, height: from.height }
  if (to.width !== from.width || to.height !== from.height) throw new Error('key frames of two image sizes cannot be interpolated')
  if (t <= 0) return from
  if (t >= 1) return to
  const a = bitmapFromMask(from), b = bitmapFromMask(to)
  if (isEmptyRect(bitmapBounds(a)) || isEmptyRect(bitmapBounds(b))) return emptyMask(size)
  const p = centreOf(a), q = centreOf(b)
  const x = p.x + t * (q.x - p.x), y = p.y + t * (q.y - p.y)
  const first = shifted(a, x - p.x, y - p.y), second = shifted(b, x - q.x, y - q.y)
  const window = pixelRect(growRect(uniteRects(first, second), 2))
  const da = signedDistances(rewindow(first, window)), db = signedDistances(rewindow(second, window))
  const mixed = createBitmap(window)
  for (let i = 0; i < da.length; i++) mixed.data[i] = (1 - t) * (da[i] as number) + t * (db[i] as number) < 0 ? 1 : 0
  return maskFromBitmap(rewindow(mixed, intersectRects(window, rectOfSize(size))), size)
}
