import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '#shared/lib/index.ts'
import { resampleRing, simplifyByArea, simplifyLine, simplifyRing, smoothByCorners, smoothRing, splineLine, splineRing } from '#shared/contour/index.ts'
import { distance, distanceToRing, distanceToSegment, perimeter, ringArea, type Point } from '#shared/geometry/index.ts'

const circle = (radius: number, count: number, noise = 0): Point[] => {
  const random = createRandom(1)
  return Array.from({ length: count }, (_, i) => {
    const r = radius + noise * random.normal()
    return { x: 100 + r * Math.cos((2 * Math.PI * i) / count), y: 100 + r * Math.sin((2 * Math.PI * i) / count) }
  })
}
const points = fc.array(fc.record({ x: fc.integer({ min: 0, max: 100 }), y: fc.integer({ min: 0, max: 100 }) }), { minLength: 4, maxLength: 60 })

describe('simplifying', () => {
  test('Douglas-Peucker keeps every dropped point within the tolerance', () => {
    fc.assert(fc.property(points, fc.double({ min: 0.1, max: 20, noNaN: true }), (ring, tolerance) => {
      const few = simplifyRing(ring, tolerance)
      expect(few.length).toBeGreaterThanOrEqual(3)
      if (few.length > 3) for (const p of ring) expect(distanceToRing(p, few)).toBeLessThanOrEqual(tolerance + 1e-9)
      const line = simplifyLine(ring, tolerance)
      expect([line[0], line.at(-1)]).toEqual([ring[0], ring.at(-1)])
      for (const p of ring) {
        const nearest = Math.min(...line.slice(1).map((b, i) => distanceToSegment(p, line[i] as Point, b)))
        expect(nearest).toBeLessThanOrEqual(tolerance + 1e-9)
      }
    }))
  })

  test('a fine circle needs few points', () => {
    const few = simplifyRing(circle(80, 20_000), 0.25)
    expect(few.length).toBeLessThan(80)
    expect(Math.abs(ringArea(few) / ringArea(circle(80, 20_000)) - 1)).toBeLessThan(0.005)
  })

  test('Visvalingam drops by area and stops at the count', () => {
    expect(simplifyByArea(circle(80, 1000), 1).length).toBeLessThan(120)
    expect(simplifyByArea(circle(80, 1000), Infinity, 12)).toHaveLength(12)
    expect(simplifyByArea([{ x: 0, y: 0 }, { x: 5, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }], 0.5)).toHaveLength(3)
  })
})

describe('smoothing', () => {
  test("takes a hand's tremor away and keeps the area", () => {
    const shaky = circle(40, 400, 0.8)
    const smooth = smoothRing(shaky, 4)
    const roughness = (ring: readonly Point[]): number => Math.sqrt(ring.reduce((s, p) => s + (distance(p, { x: 100, y: 100 }) - 40) ** 2, 0) / ring.length)
    expect(roughness(smooth)).toBeLessThan(roughness(shaky) / 2)
    expect(Math.abs(ringArea(smooth) / (Math.PI * 1600) - 1)).toBeLessThan(0.01)
  })

  test('does not shrink a small circle, as a plain Gaussian would', () => {
    const small = circle(10, 200)
    expect(Math.abs(ringArea(smoothRing(small, 3, 0.5)) / ringArea(small) - 1)).toBeLessThan(0.01)
  })

  test('Chaikin doubles the points each round and stays inside the hull of a convex ring', () => {
    const box = [{ x: 0, y: 0 }, { x: 4, y: 0 }, { x: 4, y: 4 }, { x: 0, y: 4 }]
    const smooth = smoothByCorners(box, 3)
    expect(smooth).toHaveLength(32)
    expect(ringArea(smooth)).toBeGreaterThan(12)
    expect(ringArea(smooth)).toBeLessThan(16)
  })

  test('resampling gives equal steps', () => {
    const even = resampleRing([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 2 }, { x: 0, y: 2 }], 1)
    expect(even).toHaveLength(24)
    for (const [i, p] of even.entries()) expect(distance(p, even[(i + 1) % 24] as Point)).toBeCloseTo(1, 9)
  })
})

describe('splines', () => {
  const control = [{ x: 10, y: 10 }, { x: 60, y: 14 }, { x: 70, y: 50 }, { x: 20, y: 60 }]

  test('pass through their control points', () => {
    for (const p of control) {
      expect(Math.min(...splineRing(control).map((q) => distance(p, q)))).toBeLessThan(1e-9)
      expect(Math.min(...splineLine(control).map((q) => distance(p, q)))).toBeLessThan(1e-9)
    }
  })

  test('with tension 1 are the polygon itself', () => {
    expect(perimeter(splineRing(control, 1))).toBeCloseTo(perimeter(control), 9)
    expect(splineRing(control).every((p, i, all) => distance(p, all[(i + 1) % all.length] as Point) < 4)).toBe(true)
  })
})
