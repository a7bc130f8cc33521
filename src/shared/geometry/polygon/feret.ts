import { distance } from '../distance.ts'
import type { Point } from '../points.ts'
import { convexHull } from './convexHull.ts'

export interface Axis { readonly length: number; readonly a: Point; readonly b: Point }

export interface Axes {
  /** The largest distance between two points of the outline (maximum Feret diameter). */
  readonly long: Axis
  /** The largest extent at right angles to the long axis, drawn from one extreme point: what a sonographer measures as the second diameter. */
  readonly short: Axis
  /** The smallest distance between two parallel lines that enclose the outline (minimum Feret diameter). */
  readonly minimumFeret: number
}

/** The farthest pair of corners. Hulls of pixel outlines have few corners, so all pairs are cheap enough and exact. */
function farthestPair(hull: readonly Point[]): Axis {
  let best: Axis = { length: 0, a: hull[0] as Point, b: hull[0] as Point }
  for (let i = 0; i < hull.length; i++) {
    for (let j = i + 1; j < hull.length; j++) {
      const length = distance(hull[i] as Point, hull[j] as Point)
      if (length > best.length) best = { length, a: hull[i] as Point, b: hull[j] as Point }
    }
  }
  return best
}

function extentAlong(hull: readonly Point[], ux: number, uy: number): Axis {
  let low = hull[0] as Point, high = low
  const along = (p: Point): number => p.x * ux + p.y * uy
  for (const p of hull) {
    if (along(p) < along(low)) low = p
    if (along(p) > along(high)) high = p
  }
  const length = along(high) - along(low)
  return { length, a: low, b: { x: low.x + ux * length, y: low.y + uy * length } }
}

function minimumFeret(hull: readonly Point[]): number {
  let best = Infinity
  for (let i = 0; i < hull.length; i++) {
    const a = hull[i] as Point, b = hull[(i + 1) % hull.length] as Point
    const side = distance(a, b)
    if (side > 0) best = Math.min(best, extentAlong(hull, -(b.y - a.y) / side, (b.x - a.x) / side).length)
  }
  return Number.isFinite(best) ? best : 0
}

/** Long and short axis of an outline, in the units of its points; undefined for no points. */
export function feretAxes(points: readonly Point[]): Axes | undefined {
  const hull = convexHull(points)
  if (hull.length === 0) return undefined
  const long = farthestPair(hull)
  if (long.length === 0) return { long, short: long, minimumFeret: 0 }
  const ux = (long.b.x - long.a.x) / long.length, uy = (long.b.y - long.a.y) / long.length
  return { long, short: extentAlong(hull, -uy, ux), minimumFeret: minimumFeret(hull) }
}
