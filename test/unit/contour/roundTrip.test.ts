import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '#shared/lib/index.ts'
import { connectedComponents, fillHoles, keepLargest, maskFromPolygons, rasterise, rasteriseRings, smoothRing, traceBitmap, traceMask } from '#shared/contour/index.ts'
import { distanceToRing, encodeMask, polygonContains, ringArea, ringContains, sameMask, selfIntersection, signedArea, type Bitmap, type Point } from '#shared/geometry/index.ts'

const bitmaps = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([width, height]) =>
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
    .map((data): Bitmap => ({ left: 3, top: -2, width, height, data: Uint8Array.from(data) })))

/** A wavy closed outline like a lesion's, finer than nothing a pixel grid cannot hold. */
function blob(seed: number, radius = 30, points = 400): Point[] {
  const random = createRandom(seed)
  const waves = [2, 3, 5].map((k) => ({ k, amplitude: (random.next() * radius) / (3 * k), phase: random.next() * 6.28 }))
  return Array.from({ length: points }, (_, i) => {
    const angle = (2 * Math.PI * i) / points
    const r = radius + waves.reduce((sum, w) => sum + w.amplitude * Math.cos(w.k * angle + w.phase), 0)
    return { x: 60.3 + r * Math.cos(angle), y: 58.7 + r * Math.sin(angle) }
  })
}

describe('rasterising', () => {
  test('a pixel is set exactly when its centre is inside', () => {
    const coordinate = fc.double({ min: -2, max: 14, noNaN: true })
    fc.assert(fc.property(fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 3, maxLength: 9 }), (ring) => {
      const bitmap = rasteriseRings([ring], { left: 0, top: 0, width: 12, height: 12 })
      for (let y = 0; y < 12; y++) {
        for (let x = 0; x < 12; x++) {
          const centre = { x: x + 0.5, y: y + 0.5 }
          if (distanceToRing(centre, ring) > 1e-9) expect(bitmap.data[y * 12 + x]).toBe(ringContains(ring, centre) ? 1 : 0)
        }
      }
    }))
  })

  test('polygons unite, holes only cut their own polygon', () => {
    const box = (x: number, y: number, s: number): Point[] => [{ x, y }, { x: x + s, y }, { x: x + s, y: y + s }, { x, y: y + s }]
    const polygons = [{ outer: box(0, 0, 8), holes: [box(2, 2, 4)] }, { outer: box(4, 4, 8), holes: [] }]
    const bitmap = rasterise(polygons, { left: 0, top: 0, width: 12, height: 12 })
    for (let y = 0; y < 12; y++) {
      for (let x = 0; x < 12; x++) {
        const inside = polygons.some((p) => polygonContains(p, { x: x + 0.5, y: y + 0.5 }))
        expect(bitmap.data[y * 12 + x]).toBe(inside ? 1 : 0)
      }
    }
  })

  test('what lies outside the image is cut off', () => {
    const mask = maskFromPolygons([{ outer: [{ x: -5, y: -5 }, { x: 3, y: -5 }, { x: 3, y: 3 }, { x: -5, y: 3 }], holes: [] }], { width: 6, height: 5 })
    expect([...mask.runs]).toEqual([0, 3, 3, 3, 3, 3, 15])
  })
})

describe('mask to contour and back', () => {
  for (const connectivity of [4, 8] as const) {
    test(`loses no pixel (${connectivity}-connected)`, () => {
      fc.assert(fc.property(bitmaps, (bitmap) => {
        const polygons = traceBitmap(bitmap, connectivity)
        expect([...rasterise(polygons, bitmap).data]).toEqual([...bitmap.data])
        expect(polygons).toHaveLength(connectedComponents(bitmap, connectivity).count)
        for (const polygon of polygons) {
          expect(signedArea(polygon.outer)).toBeGreaterThan(0)
          expect(selfIntersection(polygon.outer)).toBeUndefined()
          for (const hole of polygon.holes) expect(signedArea(hole)).toBeLessThan(0)
        }
      }), { numRuns: 300 })
    })
  }

  test('a hole is a hole', () => {
    const ring = encodeMask(Uint8Array.from([1, 1, 1, 1, 0, 1, 1, 1, 1]), { width: 3, height: 3 })
    const [polygon] = traceMask(ring)
    expect(polygon?.holes).toHaveLength(1)
    expect(ringArea(polygon?.holes[0] ?? [])).toBe(0.5)
  })
})

describe('contour to mask and back', () => {
  test('moves the outline by no more than half a pixel', () => {
    let worst = 0
    for (let seed = 0; seed < 30; seed++) {
      const outline = blob(seed)
      const mask = maskFromPolygons([{ outer: outline, holes: [] }], { width: 130, height: 120 })
      const traced = traceMask(mask)
      expect(traced).toHaveLength(1)
      const back = traced[0]?.outer ?? []
      for (const p of back) worst = Math.max(worst, distanceToRing(p, outline))
      for (const p of outline) worst = Math.max(worst, distanceToRing(p, back))
      expect(Math.abs(ringArea(back) - ringArea(outline)) / ringArea(outline)).toBeLessThan(0.005)
    }
    expect(worst).toBeLessThanOrEqual(0.5)
    expect(worst).toBeGreaterThan(0.2)
  })

  test('also after smoothing the pixel steps away', () => {
    const outline = blob(7)
    const mask = maskFromPolygons([{ outer: outline, holes: [] }], { width: 130, height: 120 })
    const smooth = smoothRing(traceMask(mask)[0]?.outer ?? [], 2)
    for (const p of smooth) expect(distanceToRing(p, outline)).toBeLessThan(0.5)
    const again = maskFromPolygons([{ outer: smooth, holes: [] }], { width: 130, height: 120 })
    expect(sameMask(mask, again) || Math.abs(ringArea(smooth) - ringArea(outline)) < 6).toBe(true)
  })
})

describe('components', () => {
  const picture = (rows: string[]): Bitmap => ({ left: 0, top: 0, width: rows[0]?.length ?? 0, height: rows.length, data: Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0)) })
  const draw = (b: Bitmap): string[] => Array.from({ length: b.height }, (_, y) => [...b.data.subarray(y * b.width, (y + 1) * b.width)].map((v) => (v === 1 ? '#' : '.')).join(''))

  test('corners join with 8 neighbours and not with 4', () => {
    const bitmap = picture(['#..#', '.#..', '..#.', '#..#'])
    expect(connectedComponents(bitmap, 8).count).toBe(3)
    expect(connectedComponents(bitmap, 4).count).toBe(6)
  })

  test('a U joins late and still is one', () => {
    const c = connectedComponents(picture(['#.#.#', '#.#.#', '#####']))
    expect(c.count).toBe(1)
    expect([...c.areas]).toEqual([0, 11])
  })

  test('keep largest and fill holes', () => {
    expect(draw(keepLargest(picture(['##..#', '##..#', '.....'])))).toEqual(['##...', '##...', '.....'])
    expect(draw(fillHoles(picture(['####.', '#..#.', '####.', '#....'])))).toEqual(['####.', '####.', '####.', '#....'])
    expect(draw(fillHoles(picture(['###', '#.#', '#.#'])))).toEqual(['###', '#.#', '#.#'])
  })
})
