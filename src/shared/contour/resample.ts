import { distance, imagePoint, perimeter, type ImagePoint, type Point } from '#shared/geometry/index.ts'

/** Points at equal steps along a closed ring, beginning at its first point; the step is the nearest to the one asked for that divides the ring. */
export function resampleRing(ring: readonly Point[], step: number, minimumCount = 8): ImagePoint[] {
  const length = perimeter(ring)
  if (ring.length === 0 || length === 0) return ring.map((p) => imagePoint(p.x, p.y))
  const count = Math.max(minimumCount, Math.round(length / step))
  const out: ImagePoint[] = []
  let edge = 0, passed = 0
  const at = (i: number): Point => ring[i % ring.length] as Point
  let side = distance(at(0), at(1))
  for (let k = 0; k < count; k++) {
    const target = (k * length) / count
    while (passed + side < target && edge < ring.length - 1) {
      passed += side
      edge++
      side = distance(at(edge), at(edge + 1))
    }
    const t = side === 0 ? 0 : Math.min(1, (target - passed) / side)
    const a = at(edge), b = at(edge + 1)
    out.push(imagePoint(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)))
  }
  return out
}
