import type { Point } from './points.ts'

export const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y)

export const squaredDistance = (a: Point, b: Point): number => (b.x - a.x) ** 2 + (b.y - a.y) ** 2

/** Where along the segment a-b (0 at a, 1 at b) the point of the segment nearest to p lies. */
export function nearestParameter(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x, dy = b.y - a.y
  const squared = dx * dx + dy * dy
  if (squared === 0) return 0
  return Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / squared))
}

/** The distance from p to the segment a-b. */
export function distanceToSegment(p: Point, a: Point, b: Point): number {
  const t = nearestParameter(p, a, b)
  return Math.hypot(p.x - a.x - t * (b.x - a.x), p.y - a.y - t * (b.y - a.y))
}

/** The distance from p to a closed ring's boundary; infinite for an empty ring. */
export function distanceToRing(p: Point, ring: readonly Point[]): number {
  let best = Infinity
  for (let i = 0; i < ring.length; i++) {
    best = Math.min(best, distanceToSegment(p, ring[i] as Point, ring[(i + 1) % ring.length] as Point))
  }
  return best
}
