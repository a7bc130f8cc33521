import type { Point } from '../points.ts'
import { ringsOf, type Polygon, type Ring } from './polygon.ts'

/** Even-odd: a ray to the left from p crosses the ring an odd number of times. Sides are half-open, so a shared edge belongs to one side only. */
export function ringContains(ring: Ring, p: Point): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i] as Point, b = ring[j] as Point
    if (a.y <= p.y !== b.y <= p.y && p.x >= a.x + ((p.y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside
  }
  return inside
}

export const polygonContains = (polygon: Polygon, p: Point): boolean =>
  ringsOf(polygon).reduce((inside, ring) => inside !== ringContains(ring, p), false)
