import { distanceToSegment, growRect, pixelRect, type Bitmap, type Point } from '#shared/geometry/index.ts'

/** Sets or clears every pixel whose centre is no farther than the radius from the segment a-b: one step of a round brush. */
export function stampSegment(bitmap: Bitmap, a: Point, b: Point, radius: number, value: 0 | 1 = 1): void {
  const reach = pixelRect(growRect({ left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) }, radius))
  const right = Math.min(bitmap.left + bitmap.width, reach.left + reach.width)
  const bottom = Math.min(bitmap.top + bitmap.height, reach.top + reach.height)
  for (let y = Math.max(bitmap.top, reach.top); y < bottom; y++) {
    for (let x = Math.max(bitmap.left, reach.left); x < right; x++) {
      if (distanceToSegment({ x: x + 0.5, y: y + 0.5 }, a, b) <= radius) bitmap.data[(y - bitmap.top) * bitmap.width + x - bitmap.left] = value
    }
  }
}

export const stampDisk = (bitmap: Bitmap, centre: Point, radius: number, value: 0 | 1 = 1): void => stampSegment(bitmap, centre, centre, radius, value)

/** A whole stroke: the pixels within the radius of the line through the points. A brush smaller than a pixel still marks the pixels it passes. */
export function stampStroke(bitmap: Bitmap, points: readonly Point[], radius: number, value: 0 | 1 = 1): void {
  const [first] = points
  if (first && points.length === 1) stampDisk(bitmap, first, radius, value)
  for (let i = 1; i < points.length; i++) stampSegment(bitmap, points[i - 1] as Point, points[i] as Point, radius, value)
  if (radius < 1) for (const p of points) markPixel(bitmap, p, value)
}

function markPixel(bitmap: Bitmap, p: Point, value: 0 | 1): void {
  const column = Math.floor(p.x) - bitmap.left, row = Math.floor(p.y) - bitmap.top
  if (column >= 0 && row >= 0 && column < bitmap.width && row < bitmap.height) bitmap.data[row * bitmap.width + column] = value
}
