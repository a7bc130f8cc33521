import { distanceToSegment, pixelRect, type Bitmap, type Point } from '#shared/geometry/index.ts'

/**
 * Sets or clears every pixel whose centre is no farther than the radius (in pixels across) from the segment a-b: one step of a round brush. Where pixels are
 * `pixelAspect` times taller than wide the brush is round on the patient.
 */
export function stampSegment(bitmap: Bitmap, a: Point, b: Point, radius: number, value: 0 | 1 = 1, pixelAspect = 1): void {
  const down = radius / pixelAspect
  const reach = pixelRect({ left: Math.min(a.x, b.x) - radius, top: Math.min(a.y, b.y) - down, width: Math.abs(a.x - b.x) + 2 * radius, height: Math.abs(a.y - b.y) + 2 * down })
  const from = { x: a.x, y: a.y * pixelAspect }, to = { x: b.x, y: b.y * pixelAspect }
  const right = Math.min(bitmap.left + bitmap.width, reach.left + reach.width)
  const bottom = Math.min(bitmap.top + bitmap.height, reach.top + reach.height)
  for (let y = Math.max(bitmap.top, reach.top); y < bottom; y++) {
    for (let x = Math.max(bitmap.left, reach.left); x < right; x++) {
      if (distanceToSegment({ x: x + 0.5, y: (y + 0.5) * pixelAspect }, from, to) <= radius) bitmap.data[(y - bitmap.top) * bitmap.width + x - bitmap.left] = value
    }
  }
}

export const stampDisk = (bitmap: Bitmap, centre: Point, radius: number, value: 0 | 1 = 1, pixelAspect = 1): void => stampSegment(bitmap, centre, centre, radius, value, pixelAspect)

/** A whole stroke: the pixels within the radius of the line through the points. A brush smaller than a pixel still marks the pixels it passes. */
export function stampStroke(bitmap: Bitmap, points: readonly Point[], radius: number, value: 0 | 1 = 1, pixelAspect = 1): void {
  const [first] = points
  if (first && points.length === 1) stampDisk(bitmap, first, radius, value, pixelAspect)
  for (let i = 1; i < points.length; i++) stampSegment(bitmap, points[i - 1] as Point, points[i] as Point, radius, value, pixelAspect)
  if (Math.min(radius, radius / pixelAspect) < 1) for (const p of points) markPixel(bitmap, p, value)
}

function markPixel(bitmap: Bitmap, p: Point, value: 0 | 1): void {
  const column = Math.floor(p.x) - bitmap.left, row = Math.floor(p.y) - bitmap.top
  if (column >= 0 && row >= 0 && column < bitmap.width && row < bitmap.height) bitmap.data[row * bitmap.width + column] = value
}
