import { distance, distanceToSegment, type Point } from '#shared/geometry/index.ts'

function farthest(points: readonly Point[], first: number, last: number): { index: number; away: number } {
  const a = points[first] as Point, b = points[last % points.length] as Point
  let index = first, away = -1
  for (let i = first + 1; i < last; i++) {
    const d = distanceToSegment(points[i] as Point, a, b)
    if (d > away) {
      away = d
      index = i
    }
  }
  return { index, away }
}

function markKept(points: readonly Point[], keep: Uint8Array, from: number, to: number, tolerance: number): void {
  const open: [number, number][] = [[from, to]]
  for (let span = open.pop(); span; span = open.pop()) {
    const [first, last] = span
    const { index, away } = farthest(points, first, last)
    if (away <= tolerance) continue
    keep[index] = 1
    open.push([first, index], [index, last])
  }
}

/** Fewer points of an open line, none of the dropped ones farther than the tolerance from the new line (Douglas and Peucker 1973). Both ends stay. */
export function simplifyLine<P extends Point>(points: readonly P[], tolerance: number): P[] {
  if (points.length < 3) return [...points]
  const keep = new Uint8Array(points.length)
  keep[0] = keep[points.length - 1] = 1
  markKept(points, keep, 0, points.length - 1, tolerance)
  return points.filter((_, i) => keep[i] === 1)
}

/** The same for a closed ring, cut at its first point and the one farthest from it; at least three points stay. */
export function simplifyRing<P extends Point>(ring: readonly P[], tolerance: number): P[] {
  if (ring.length <= 3) return [...ring]
  let opposite = 1
  for (let i = 2; i < ring.length; i++) {
    if (distance(ring[i] as P, ring[0] as P) > distance(ring[opposite] as P, ring[0] as P)) opposite = i
  }
  const keep = new Uint8Array(ring.length)
  keep[0] = keep[opposite] = 1
  markKept(ring, keep, 0, opposite, tolerance)
  markKept(ring, keep, opposite, ring.length, tolerance)
  const kept = ring.filter((_, i) => keep[i] === 1)
  if (kept.length >= 3) return kept
  const side = [farthest(ring, 0, opposite), farthest(ring, opposite, ring.length)].sort((a, b) => b.away - a.away)[0]
  if (side) keep[side.index] = 1
  return ring.filter((_, i) => keep[i] === 1)
}
