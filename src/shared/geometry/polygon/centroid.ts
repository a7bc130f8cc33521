import type { Point } from '../points.ts'
import { signedArea } from './area.ts'
import type { Polygon, Ring } from './polygon.ts'

/** The centre of area of a ring; the mean of its points where it has no area; undefined where it has no points. */
export function ringCentroid(ring: Ring): Point | undefined {
  const origin = ring[0]
  if (!origin) return undefined
  const area = signedArea(ring)
  if (Math.abs(area) < 1e-12) {
    return { x: ring.reduce((s, p) => s + p.x, 0) / ring.length, y: ring.reduce((s, p) => s + p.y, 0) / ring.length }
  }
  let x = 0, y = 0
  for (let i = 1; i + 1 < ring.length; i++) {
    const ax = (ring[i] as Point).x - origin.x, ay = (ring[i] as Point).y - origin.y
    const bx = (ring[i + 1] as Point).x - origin.x, by = (ring[i + 1] as Point).y - origin.y
    const cross = ax * by - bx * ay
    x += (ax + bx) * cross
    y += (ay + by) * cross
  }
  return { x: origin.x + x / (6 * area), y: origin.y + y / (6 * area) }
}

/** The centre of area of a polygon with holes. */
export function polygonCentroid(polygon: Polygon): Point | undefined {
  const outer = ringCentroid(polygon.outer)
  if (!outer) return undefined
  let area = Math.abs(signedArea(polygon.outer))
  let x = outer.x * area, y = outer.y * area
  for (const hole of polygon.holes) {
    const centre = ringCentroid(hole)
    if (!centre) continue
    const part = Math.abs(signedArea(hole))
    area -= part
    x -= centre.x * part
    y -= centre.y * part
  }
  return area > 1e-12 ? { x: x / area, y: y / area } : outer
}
