import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  boundsOf, convexHull, distanceToRing, feretAxes, perimeter, polygonArea, polygonCentroid, polygonContains, ringArea, ringCentroid, ringContains,
  selfIntersection, segmentsMeet, signedArea, type Point,
} from '#shared/geometry/index.ts'

const at = (x: number, y: number): Point => ({ x, y })
const square = [at(10, 10), at(20, 10), at(20, 20), at(10, 20)]
const hole = [at(12, 12), at(14, 12), at(14, 14), at(12, 14)]

describe('polygon measures', () => {
  test('a square with a hole', () => {
    expect(signedArea(square)).toBe(100)
    expect(signedArea(square.toReversed())).toBe(-100)
    expect(polygonArea({ outer: square, holes: [hole] })).toBe(96)
    expect(perimeter(square)).toBe(40)
    expect(ringCentroid(square)).toEqual(at(15, 15))
    expect(polygonCentroid({ outer: square, holes: [hole] })?.x).toBeCloseTo((1500 - 4 * 13) / 96, 12)
    expect(boundsOf(square)).toEqual({ left: 10, top: 10, width: 10, height: 10 })
  })

  test('the area of a far-off triangle keeps its digits', () => {
    const far = [at(1e8, 1e8), at(1e8 + 3, 1e8), at(1e8, 1e8 + 4)]
    expect(ringArea(far)).toBe(6)
  })

  test('lines and points have no area but a centre', () => {
    expect(ringCentroid([])).toBeUndefined()
    expect(ringCentroid([at(0, 0), at(4, 2)])).toEqual(at(2, 1))
  })

  test('holes are outside, and the sides are half-open', () => {
    const polygon = { outer: square, holes: [hole] }
    expect(polygonContains(polygon, at(11, 11))).toBe(true)
    expect(polygonContains(polygon, at(13, 13))).toBe(false)
    expect(ringContains(square, at(10, 10))).toBe(true)
    expect(ringContains(square, at(20, 20))).toBe(false)
  })

  test('long and short axis of a rotated rectangle', () => {
    const turn = (p: Point): Point => at(p.x * Math.cos(0.3) - p.y * Math.sin(0.3), p.x * Math.sin(0.3) + p.y * Math.cos(0.3))
    const axes = feretAxes([at(0, 0), at(30, 0), at(30, 40), at(0, 40)].map(turn))
    expect(axes?.long.length).toBeCloseTo(50, 9)
    expect(axes?.short.length).toBeCloseTo(48, 9)
    expect(axes?.minimumFeret).toBeCloseTo(30, 9)
  })

  test('Feret diameters agree with a search over all directions', () => {
    fc.assert(fc.property(fc.array(fc.record({ x: fc.integer({ min: 0, max: 99 }), y: fc.integer({ min: 0, max: 99 }) }), { minLength: 3, maxLength: 30 }), (points) => {
      const axes = feretAxes(points)
      if (!axes) throw new Error('no axes')
      const widths = Array.from({ length: 3600 }, (_, i) => {
        const along = points.map((p) => p.x * Math.cos((i * Math.PI) / 3600) + p.y * Math.sin((i * Math.PI) / 3600))
        return Math.max(...along) - Math.min(...along)
      })
      expect(axes.long.length).toBeGreaterThanOrEqual(Math.max(...widths) - 1e-9)
      expect(axes.long.length).toBeLessThan(Math.max(...widths) + 0.01)
      expect(axes.minimumFeret).toBeLessThanOrEqual(Math.min(...widths) + 1e-9)
      expect(axes.minimumFeret).toBeGreaterThan(Math.min(...widths) - 0.2)
    }), { numRuns: 40 })
  })

  test('every point lies within the hull or on it', () => {
    fc.assert(fc.property(fc.array(fc.record({ x: fc.integer({ min: 0, max: 20 }), y: fc.integer({ min: 0, max: 20 }) }), { minLength: 1, maxLength: 40 }), (points) => {
      const hull = convexHull(points)
      for (const p of points) expect(hull.length < 3 || ringContains(hull, p) || distanceToRing(p, hull) < 1e-9).toBe(true)
      if (hull.length >= 3) expect(signedArea(hull)).toBeGreaterThan(0)
    }))
  })
})

describe('self-intersection', () => {
  test('a bow tie crosses, a square does not, a spike folds', () => {
    expect(selfIntersection(square)).toBeUndefined()
    expect(selfIntersection([at(0, 0), at(10, 10), at(10, 0), at(0, 10)])).toEqual([0, 2])
    expect(selfIntersection([at(0, 0), at(10, 0), at(4, 0), at(4, 8)])).toBeDefined()
  })

  test('agrees with comparing every pair of edges', () => {
    const coordinate = fc.integer({ min: 0, max: 12 })
    fc.assert(fc.property(fc.uniqueArray(fc.record({ x: coordinate, y: coordinate }), { minLength: 4, maxLength: 12, selector: (p) => p.x * 100 + p.y }), (ring) => {
      const n = ring.length
      const p = (i: number): Point => ring[i % n] as Point
      let any = false
      for (let i = 0; i < n; i++) {
        for (let j = i + 1; j < n; j++) {
          if (j === i + 1 || (i === 0 && j === n - 1)) {
            const [a, b, c] = j === i + 1 ? [p(i), p(j), p(j + 1)] : [p(j), p(0), p(1)]
            const folded = (a.x - b.x) * (c.y - b.y) === (a.y - b.y) * (c.x - b.x) && (a.x - b.x) * (c.x - b.x) + (a.y - b.y) * (c.y - b.y) > 0
            any ||= folded
          } else any ||= segmentsMeet(p(i), p(i + 1), p(j), p(j + 1))
        }
      }
      expect(selfIntersection(ring) !== undefined).toBe(any)
    }), { numRuns: 500 })
  })

  test('ten times the points are read some thirty times as often, not a hundred: 20,000 are searched, not compared pair by pair', () => {
    const reads = (n: number): number => {
      let count = 0
      const counted = (value: number): { enumerable: true; get(): number } => ({ enumerable: true, get: () => (count++, value) })
      const ring = Array.from({ length: n }, (_, i) => Object.defineProperties({}, { x: counted(2000 + 1500 * Math.cos((2 * i * Math.PI) / n)), y: counted(1500 + 1200 * Math.sin((2 * i * Math.PI) / n)) }) as ReturnType<typeof at>)
      expect(selfIntersection(ring)).toBeUndefined()
      return count
    }
    const few = reads(2000)
    expect(few).toBeGreaterThan(2 * 2000)
    // A round contour crosses few of the cells, so each holds many edges: n to the power of 1.5.
    expect(reads(20_000) / few).toBeLessThan(40)
  })
})
