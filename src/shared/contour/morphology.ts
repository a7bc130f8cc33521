import { createBitmap, growRect, rewindow, type Bitmap, type Rect } from '#shared/geometry/index.ts'
import { labelRuns } from './components.ts'

/** Guards the comparison of whole squared distances with a squared radius. */
const EPSILON = 1e-9

/** Sets in `target` every pixel no farther than the radius (in pixels across) from one of the source with the value: each run, drawn wider on the rows around it. */
function spread(source: Bitmap, value: 0 | 1, radius: number, target: Bitmap, mark: 0 | 1, pixelAspect: number): void {
  const { width, height } = source
  const squared = radius * radius + EPSILON, reach = Math.floor(Math.sqrt(squared) / pixelAspect)
  const runs = labelRuns(source, 4, value)
  for (let r = 0; r < runs.labels.length; r++) {
    const row = runs.rows[r] as number, start = runs.starts[r] as number, end = runs.ends[r] as number
    for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++) {
      const wide = Math.floor(Math.sqrt(Math.max(0, squared - ((y - row) * pixelAspect) ** 2)))
      target.data.fill(mark, y * width + Math.max(0, start - wide), y * width + Math.min(width, end + wide))
    }
  }
}

/**
 * Every pixel whose centre is no farther than the radius from a set one's: a disk as structuring element, round on the patient where
 * pixels are `pixelAspect` times taller than wide (the radius is in pixels across). The window must leave room for it.
 */
export function dilate(bitmap: Bitmap, radius: number, pixelAspect = 1): Bitmap {
  const out = createBitmap(bitmap)
  spread(bitmap, 1, radius, out, 1, pixelAspect)
  return out
}

/** Every set pixel with no unset centre within the radius, by the same disk. Outside the window counts as unset. */
export function erode(bitmap: Bitmap, radius: number, pixelAspect = 1): Bitmap {
  const padded = rewindow(bitmap, growRect(bitmap, 1))
  const out = { ...padded, data: padded.data.slice() }
  spread(padded, 0, radius, out, 0, pixelAspect)
  return rewindow(out, bitmap)
}

/** The window in which a mask can be dilated by a radius without reaching the edge. */
export const roomFor = (bounds: Rect, radius: number, pixelAspect = 1): Rect => growRect(bounds, Math.ceil(Math.max(radius, radius / pixelAspect)) + 1)
