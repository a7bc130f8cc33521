import { growRect, rewindow, type Bitmap, type Rect } from '#shared/geometry/index.ts'
import { squaredDistances } from './distance.ts'

/** Guards the comparison of whole squared distances with a squared radius. */
const EPSILON = 1e-9

/** Every pixel whose centre is no farther than the radius from a set one's: a disk as structuring element. The window must leave room for it. */
export function dilate(bitmap: Bitmap, radius: number): Bitmap {
  const squared = radius * radius + EPSILON
  return { ...bitmap, data: Uint8Array.from(squaredDistances(bitmap, 1), (d) => (d <= squared ? 1 : 0)) }
}

/** Every set pixel with no unset centre within the radius. Outside the window counts as unset. */
export function erode(bitmap: Bitmap, radius: number): Bitmap {
  const padded = rewindow(bitmap, growRect(bitmap, 1))
  const squared = radius * radius + EPSILON
  const data = Uint8Array.from(squaredDistances(padded, 0), (d) => (d > squared ? 1 : 0))
  return rewindow({ ...padded, data }, bitmap)
}

/** The window in which a mask can be dilated by a radius without reaching the edge. */
export const roomFor = (bounds: Rect, radius: number): Rect => growRect(bounds, Math.ceil(radius) + 1)
