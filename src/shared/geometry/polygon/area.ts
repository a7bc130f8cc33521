import type { Point } from '../points.ts'
import type { Polygon, Ring } from './polygon.ts'

/** The area by the shoelace formula. Positive where the ring runs clockwise on a screen (y downwards). Square units of the points. */
export function signedArea(ring: Ring): number {
  const origin = ring[0]
  if (!origin) return 0
  let sum = 0
  // Relative to the first point: far from the origin the products would otherwise cancel badly.
  for (let i = 1; i + 1 < ring.length; i++) {
    const a = ring[i] as Point, b = ring[i + 1] as Point
    sum += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
  }
  return sum / 2
}

export const ringArea = (ring: Ring): number => Math.abs(signedArea(ring))

/** The outer ring's area less the holes'. */
export const polygonArea = (polygon: Polygon): number => polygon.holes.reduce((area, hole) => area - ringArea(hole), ringArea(polygon.outer))
