import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  adaptiveStamp, dilate, edgeCost, erode, fillHoles, growRange, growSimilar, interpolateMasks, intersectPolygons, liveWirePath, majorityVote, maskFromPolygons,
  rasterise, signedDistances, squaredDistances, stampDisk, stampSegment, stampStroke, staple, subtractPolygons, unitePolygons,
} from '#shared/contour/index.ts'
import {
  countBitmap, createBitmap, distanceToSegment, emptyMask, encodeMask, imagePoint, intersectionArea, maskArea, maskBounds, polygonContains, sameMask,
  type Bitmap, type Point, type Polygon, type RleMask, type Size,
} from '#shared/geometry/index.ts'
import { createRandom } from '#shared/lib/index.ts'
import { diskImage } from '#test/support/editorDriver.ts'

const bitmaps = fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 11 })).chain(([width, height]) =>
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
    .map((data): Bitmap => ({ left: 5, top: 7, width, height, data: Uint8Array.from(data) })))
const circle = (cx: number, cy: number, r: number, n = 200): Point[] =>
  Array.from({ length: n }, (_, i) => ({ x: cx + r * Math.cos((2 * Math.PI * i) / n), y: cy + r * Math.sin((2 * Math.PI * i) / n) }))
const disk = (size: Size, cx: number, cy: number, r: number): RleMask => maskFromPolygons([{ outer: circle(cx, cy, r), holes: [] }], size)

describe('distances and morphology', () => {
  test('the distance transform is exact', () => {
    fc.assert(fc.property(bitmaps, (bitmap) => {
      const squared = squaredDistances(bitmap)
      const set = [...bitmap.data].flatMap((v, i) => (v === 1 ? [i] : []))
      for (let i = 0; i < bitmap.data.length; i++) {
        const nearest = Math.min(...set.map((j) => (i % bitmap.width - j % bitmap.width) ** 2 + (Math.floor(i / bitmap.width) - Math.floor(j / bitmap.width)) ** 2))
        if (set.length === 0) expect(squared[i]).toBeGreaterThan(1e11)
        else expect(squared[i]).toBe(nearest)
      }
    }))
  })

  test('dilation and erosion by a disk agree with their definitions', () => {
    fc.assert(fc.property(bitmaps, fc.integer({ min: 5, max: 40 }), (bitmap, tenths) => {
      const radius = tenths / 10
      const { width, height, data } = bitmap
      const grown = dilate(bitmap, radius), shrunk = erode(bitmap, radius)
      const reach = Math.floor(radius)
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          let any = false, all = true
          for (let dy = -reach; dy <= reach; dy++) {
            for (let dx = -reach; dx <= reach; dx++) {
              if (dx * dx + dy * dy > radius * radius) continue
              const on = x + dx >= 0 && y + dy >= 0 && x + dx < width && y + dy < height && data[(y + dy) * width + x + dx] === 1
              any ||= on
              all &&= on
            }
          }
          expect(grown.data[y * width + x]).toBe(any ? 1 : 0)
          expect(shrunk.data[y * width + x]).toBe(all ? 1 : 0)
        }
      }
    }), { numRuns: 60 })
  })

  test('the signed distance changes sign at the border', () => {
    const bitmap: Bitmap = { left: 0, top: 0, width: 5, height: 1, data: Uint8Array.of(0, 0, 1, 1, 0) }
    expect([...signedDistances(bitmap)]).toEqual([1.5, 0.5, -0.5, -0.5, 0.5])
  })
})

describe('the brush', () => {
  test('a stroke sets the pixels whose centres are within the radius', () => {
    const bitmap = createBitmap({ left: -3, top: 2, width: 30, height: 20 })
    const points = [imagePoint(4, 8), imagePoint(15, 12), imagePoint(15, 30)]
    stampStroke(bitmap, points, 3.3)
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 30; x++) {
        const centre = { x: x - 3 + 0.5, y: y + 2 + 0.5 }
        const near = Math.min(distanceToSegment(centre, points[0] as Point, points[1] as Point), distanceToSegment(centre, points[1] as Point, points[2] as Point))
        expect(bitmap.data[y * 30 + x]).toBe(near <= 3.3 ? 1 : 0)
      }
    }
    stampSegment(bitmap, points[0] as Point, points[1] as Point, 40, 0)
    expect(countBitmap(bitmap)).toBe(0)
  })

  test('a brush under a pixel still marks where it was', () => {
    const bitmap = createBitmap({ left: 0, top: 0, width: 4, height: 4 })
    stampStroke(bitmap, [imagePoint(1.1, 1.1)], 0.5)
    expect(countBitmap(bitmap)).toBe(1)
    stampDisk(bitmap, imagePoint(2, 2), 1)
    expect(countBitmap(bitmap)).toBe(4)
  })
})

describe('tools that look at the image', () => {
  const size = { width: 120, height: 100 }
  const image = diskImage(size, { x: 60, y: 50 }, 20)

  test('similar and range growing take the disk and nothing else', () => {
    const similar = growSimilar(image, { x: 60, y: 50 }, 20), range = growRange(image, { x: 60, y: 50 }, 40, 80)
    expect([...similar.data]).toEqual([...range.data])
    expect(countBitmap(similar)).toBe([...image.data].filter((v) => v < 100).length)
    expect(countBitmap(growRange(image, { x: 5, y: 5 }, 40, 80))).toBe(0)
    expect(countBitmap(growSimilar(image, { x: -5, y: 5 }, 40))).toBe(0)
    const part = growSimilar(image, { x: 60, y: 50 }, 20, { left: 50, top: 45, width: 20, height: 10 })
    expect(countBitmap(part)).toBe(200)
  })

  test('growing follows every bend of a region', () => {
    fc.assert(fc.property(bitmaps, fc.nat(), (bitmap, seed) => {
      const grey = { width: bitmap.width, height: bitmap.height, data: bitmap.data }
      const at = seed % bitmap.data.length, x = at % bitmap.width, y = Math.floor(at / bitmap.width)
      const grown = growRange(grey, { x: x + 0.5, y: y + 0.5 }, 1, 1)
      const expected = new Set<number>()
      const stack = bitmap.data[at] === 1 ? [at] : []
      while (stack.length > 0) {
        const i = stack.pop() as number
        if (expected.has(i)) continue
        expected.add(i)
        const column = i % bitmap.width
        for (const j of [column > 0 ? i - 1 : -1, column + 1 < bitmap.width ? i + 1 : -1, i - bitmap.width, i + bitmap.width]) if (bitmap.data[j] === 1) stack.push(j)
      }
      expect([...grown.data]).toEqual([...bitmap.data].map((_, i) => (expected.has(i) ? 1 : 0)))
    }), { numRuns: 200 })
  })

  test('the adaptive brush stops at the edge, the plain one does not', () => {
    const stamp = adaptiveStamp(image, { x: 75, y: 50 }, 12, 12)
    let inside = 0, outside = 0
    for (let i = 0; i < stamp.data.length; i++) {
      const x = stamp.left + (i % stamp.width) + 0.5, y = stamp.top + Math.floor(i / stamp.width) + 0.5
      if (stamp.data[i] === 1 && Math.hypot(x - 60, y - 50) < 20) inside++
      else if (stamp.data[i] === 1) outside++
      if (Math.hypot(x - 75, y - 50) < 11 && Math.hypot(x - 60, y - 50) < 18) expect(stamp.data[i]).toBe(1)
    }
    expect(inside).toBeGreaterThan(120)
    expect(outside).toBe(0)
  })

  test('the adaptive brush measures the speckle under it', () => {
    const random = createRandom('speckle')
    const noisy = { ...image, data: Uint8Array.from(image.data, (v) => Math.min(255, Math.max(0, Math.round(v * (1 + 0.15 * random.normal()))))) }
    const stamp = adaptiveStamp(noisy, { x: 60, y: 50 }, 10, 2)
    expect(countBitmap(stamp)).toBeGreaterThan(0.9 * Math.PI * 100)
  })

  test('the live wire follows the edge around the disk, not the straight line', () => {
    const cost = edgeCost(image)
    const path = liveWirePath(cost, imagePoint(40, 50), imagePoint(80, 50))
    expect([path[0], path.at(-1)]).toEqual([{ x: 40, y: 50 }, { x: 80, y: 50 }])
    for (const p of path) expect(Math.abs(Math.hypot(p.x - 60, p.y - 50) - 20)).toBeLessThan(2.5)
    for (let i = 1; i < path.length; i++) expect(Math.hypot((path[i] as Point).x - (path[i - 1] as Point).x, (path[i] as Point).y - (path[i - 1] as Point).y)).toBeLessThanOrEqual(2)
  })

  test('its path is the cheapest, as a plain search over the window finds it', () => {
    const random = createRandom(3)
    const data = Uint16Array.from({ length: 400 }, () => 1 + random.int(256))
    const cost = { width: 20, height: 20, data }
    const price = (path: readonly Point[]): number => path.slice(1).reduce((sum, p, i) => {
      const q = path[i] as Point
      const diagonal = Math.floor(p.x) !== Math.floor(q.x) && Math.floor(p.y) !== Math.floor(q.y)
      return sum + (diagonal ? 14 : 10) * (data[Math.floor(p.y) * 20 + Math.floor(p.x)] as number)
    }, 0)
    const best = new Float64Array(400).fill(Infinity)
    best[0] = 0
    for (let changed = true; changed;) {
      changed = false
      for (let i = 0; i < 400; i++) {
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const x = i % 20 + dx, y = Math.floor(i / 20) + dy
            if ((dx === 0 && dy === 0) || x < 0 || y < 0 || x > 19 || y > 19) continue
            const through = (best[i] as number) + (dx !== 0 && dy !== 0 ? 14 : 10) * (data[y * 20 + x] as number)
            if (through < (best[y * 20 + x] as number)) {
              best[y * 20 + x] = through
              changed = true
            }
          }
        }
      }
    }
    for (const [x, y] of [[19, 19], [0, 19], [13, 4]] as const) {
      expect(price(liveWirePath(cost, imagePoint(0.5, 0.5), imagePoint(x + 0.5, y + 0.5)))).toBe(best[y * 20 + x])
    }
  })

  test('a path of one pixel, and one at the image corner', () => {
    const cost = edgeCost(image)
    expect(liveWirePath(cost, imagePoint(5.2, 5.2), imagePoint(5.8, 5.4))).toHaveLength(2)
    expect(liveWirePath(cost, imagePoint(0, 0), imagePoint(120, 100)).at(-1)).toEqual({ x: 120, y: 100 })
  })
})

describe('polygons combined', () => {
  test('union, difference and intersection hold for every pixel', () => {
    const a = [{ outer: circle(30.2, 30.1, 14), holes: [circle(30, 30, 5)] }], b = [{ outer: circle(42, 33, 12), holes: [] }]
    const window = { left: 0, top: 0, width: 64, height: 64 }
    const both: [readonly Polygon[], (p: boolean, q: boolean) => boolean][] = [
      [unitePolygons(a, b), (p, q) => p || q], [subtractPolygons(a, b), (p, q) => p && !q], [intersectPolygons(a, b), (p, q) => p && q],
    ]
    for (const [result, rule] of both) {
      const bitmap = rasterise(result, window)
      for (let i = 0; i < bitmap.data.length; i++) {
        const centre = { x: i % 64 + 0.5, y: Math.floor(i / 64) + 0.5 }
        const inA = a.some((p) => polygonContains(p, centre)), inB = b.some((p) => polygonContains(p, centre))
        expect(bitmap.data[i]).toBe(rule(inA, inB) ? 1 : 0)
      }
    }
  })
})

describe('between key frames', () => {
  const size = { width: 120, height: 90 }

  test('the ends are the key masks themselves', () => {
    const a = disk(size, 30, 40, 10), b = disk(size, 80, 50, 20)
    expect(interpolateMasks(a, b, 0)).toBe(a)
    expect(interpolateMasks(a, b, 1)).toBe(b)
  })

  test('disks that do not overlap pass through the disk in between', () => {
    const half = interpolateMasks(disk(size, 30, 40, 10), disk(size, 80, 50, 20), 0.5)
    const expected = disk(size, 55, 45, 15)
    expect((2 * intersectionArea(half, expected)) / (maskArea(half) + maskArea(expected))).toBeGreaterThan(0.97)
  })

  test('equal masks stay, empty ones give nothing', () => {
    const a = disk(size, 30, 40, 10)
    expect(sameMask(interpolateMasks(a, a, 0.3), a)).toBe(true)
    expect(maskArea(interpolateMasks(a, emptyMask(size), 0.5))).toBe(0)
  })

  test('a mask at the image border stays within', () => {
    const bounds = maskBounds(interpolateMasks(disk(size, 2, 2, 10), disk(size, 2, 2, 16), 0.5))
    expect(bounds).toMatchObject({ left: 0, top: 0 })
    expect(Math.abs(bounds.width - 15)).toBeLessThanOrEqual(1)
  })
})

describe('consensus', () => {
  const size = { width: 32, height: 24 }
  const masks = [disk(size, 15, 12, 7), disk(size, 16, 12, 7.5), disk(size, 14.5, 11, 6), disk(size, 20, 14, 8)]

  test('majority: more than half, ties are off', () => {
    const three = [[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]].map((v) => encodeMask(Uint8Array.from(v), { width: 2, height: 2 }))
    expect([...majorityVote(three).runs]).toEqual([0, 1, 3])
    expect(maskArea(majorityVote(three.slice(0, 2)))).toBe(1)
  })

  test('STAPLE agrees with expectation maximisation done pixel by pixel', () => {
    const decoded = masks.map((m) => { const out = new Uint8Array(768); let at = 0; m.runs.forEach((run, i) => { out.fill(i % 2, at, at + run); at += run }); return out })
    const prior = decoded.reduce((s, d) => s + d.reduce((a, b) => a + b, 0), 0) / (768 * 4)
    let p = [0.99999, 0.99999, 0.99999, 0.99999], q = [...p]
    let w = new Float64Array(768)
    for (let round = 0; round < 400; round++) {
      w = Float64Array.from({ length: 768 }, (_, i) => {
        let a = prior, b = 1 - prior
        decoded.forEach((d, r) => {
          a *= d[i] === 1 ? (p[r] as number) : 1 - (p[r] as number)
          b *= d[i] === 1 ? 1 - (q[r] as number) : (q[r] as number)
        })
        return a / (a + b)
      })
      const on = w.reduce((a, b) => a + b, 0)
      p = decoded.map((d) => w.reduce((s, v, i) => s + v * (d[i] as number), 0) / on)
      q = decoded.map((d) => w.reduce((s, v, i) => s + (1 - v) * (1 - (d[i] as number)), 0) / (768 - on))
    }
    const result = staple(masks)
    expect(result.converged).toBe(true)
    result.raters.forEach((r, i) => {
      expect(r.sensitivity).toBeCloseTo(p[i] as number, 5)
      expect(r.specificity).toBeCloseTo(q[i] as number, 5)
    })
    expect(maskArea(result.consensus)).toBe(w.reduce((s, v) => s + (v >= 0.5 ? 1 : 0), 0))
  })

  test('the odd rater out gets the lowest specificity', () => {
    const { raters } = staple(masks)
    expect(raters.map((r) => r.specificity).indexOf(Math.min(...raters.map((r) => r.specificity)))).toBe(3)
  })

  test('one mask, equal masks and empty masks give themselves', () => {
    for (const mask of [masks[0] as RleMask, emptyMask(size)]) {
      expect(sameMask(staple([mask]).consensus, mask)).toBe(true)
      expect(sameMask(staple([mask, mask, mask]).consensus, mask)).toBe(true)
      expect(sameMask(majorityVote([mask, mask]), mask)).toBe(true)
    }
  })

  test('no masks, and masks of two sizes, are refused', () => {
    expect(() => staple([])).toThrow('at least one')
    expect(() => majorityVote([emptyMask(size), emptyMask({ width: 1, height: 1 })])).toThrow('two image sizes')
  })
})

test('holes are filled up to the image border', () => {
  expect([...fillHoles({ left: 0, top: 0, width: 3, height: 3, data: Uint8Array.of(1, 1, 1, 1, 0, 1, 1, 1, 1) }).data]).toEqual(Array(9).fill(1))
})
