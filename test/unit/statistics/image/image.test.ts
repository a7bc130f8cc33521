import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { boundingBox, channelMoments, cosineLearningRate, crop, minMax, nearestIndexMap, resizeNearest, zScore, type Raster } from '#shared/statistics/image/index.ts'
import { maskFrom } from '../masks/arbitraryMask.ts'

const sizes = fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }))
const raster: fc.Arbitrary<Raster> = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }))
  .chain(([width, height, channels]) => fc.array(fc.integer({ min: 0, max: 255 }), { minLength: width * height * channels, maxLength: width * height * channels })
    .map((data) => ({ width, height, channels, data })))

describe('crop', () => {
  const mask = maskFrom('......', '..##..', '.##...', '....#.', '......')
  it('takes the smallest rectangle, inclusive, with a margin cut at the edge', () => {
    expect(boundingBox(mask)).toEqual({ top: 1, left: 1, bottom: 3, right: 4 })
    expect(boundingBox(mask, 3)).toEqual({ top: 0, left: 0, bottom: 4, right: 5 })
    expect(boundingBox(maskFrom('...'))).toBeNull()
  })
  it('copies the pixels of the box, all channels', () => {
    const image: Raster = { width: 3, height: 2, channels: 2, data: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }
    expect(crop(image, { top: 0, left: 1, bottom: 1, right: 2 })).toEqual({ width: 2, height: 2, channels: 2, data: Float64Array.of(2, 3, 4, 5, 8, 9, 10, 11) })
    expect(() => crop(image, { top: 0, left: 0, bottom: 2, right: 2 })).toThrow(/not inside/)
  })
})

describe('nearest-neighbour resize', () => {
  it('both rules, by hand', () => {
    expect([...nearestIndexMap(5, 3, 'floor')]).toEqual([0, 1, 3])
    expect([...nearestIndexMap(5, 3, 'half_pixel')]).toEqual([0, 2, 4])
    expect([...nearestIndexMap(2, 5, 'floor')]).toEqual([0, 0, 0, 1, 1])
    expect([...nearestIndexMap(2, 5, 'half_pixel')]).toEqual([0, 0, 1, 1, 1])
  })
  it('indices are ascending, in range, and the identity for equal sizes; half_pixel is symmetric', () => {
    fc.assert(fc.property(sizes, fc.constantFrom('floor' as const, 'half_pixel' as const), ([from, to], rule) => {
      const map = nearestIndexMap(from, to, rule)
      for (let i = 0; i < to; i++) {
        expect(map[i]).toBeGreaterThanOrEqual(i > 0 ? map[i - 1]! : 0)
        expect(map[i]).toBeLessThan(from)
        // Exact rational comparison: map[i] <= position < map[i] + 1.
        const position = rule === 'floor' ? 2n * BigInt(i) * BigInt(from) : BigInt(2 * i + 1) * BigInt(from)
        expect(BigInt(map[i]!)).toBe(position / (2n * BigInt(to)))
      }
      expect([...nearestIndexMap(from, from, rule)]).toEqual(Array.from({ length: from }, (_, i) => i))
    }), { numRuns: 60 })
  })
  it('only copies values', () => {
    fc.assert(fc.property(raster, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (image, w, h) => {
      const out = resizeNearest(image, w, h, 'floor')
      const seen = new Set(Array.from(image.data))
      expect(out.data.length).toBe(w * h * image.channels)
      expect(Array.from(out.data).every((v) => seen.has(v))).toBe(true)
    }))
  })
})

describe('scaling', () => {
  it('z-score: mean 0 and population SD 1 per channel, 0 for a constant one', () => {
    fc.assert(fc.property(raster, (image) => {
      const before = channelMoments(image), after = channelMoments(zScore(image))
      after.forEach(({ mean, populationSd }, k) => {
        expect(Math.abs(mean)).toBeLessThan(1e-12)
        expect(populationSd).toBeCloseTo(before[k]!.populationSd === 0 ? 0 : 1, 12)
      })
    }))
  })
  it('the SD has the divisor n', () => {
    const [m] = channelMoments({ width: 4, height: 1, channels: 1, data: [2, 4, 4, 6] })
    expect(m!.mean).toBe(4)
    expect(m!.populationSd).toBe(Math.sqrt(2))
    expect(m!.sampleSd).toBeCloseTo(Math.sqrt(8 / 3), 14)
    expect(channelMoments({ width: 1, height: 1, channels: 1, data: [7] })[0]!.sampleSd).toBeNull()
  })
  it('min-max: over all channels together; constant becomes 0', () => {
    expect(minMax({ width: 1, height: 2, channels: 2, data: [10, 20, 30, 50] })).toMatchObject({ min: 10, max: 50, image: { data: Float64Array.of(0, 0.25, 0.5, 1) } })
    expect([...minMax({ width: 2, height: 1, channels: 1, data: [9, 9] }).image.data as Float64Array]).toEqual([0, 0])
    expect(() => minMax({ width: 0, height: 0, channels: 1, data: [] })).toThrow(/no pixels/)
  })
})

describe('cosine learning rate', () => {
  it('runs from the highest to the lowest rate over T + 1 epochs', () => {
    const eta = unwrap(cosineLearningRate({ highest: 0.01, lowest: 0.001, epochs: 90 }))
    expect(eta.length).toBe(91)
    expect([0, 45, 90].map((t) => eta[t]!.toFixed(12))).toEqual(['0.010000000000', '0.005500000000', '0.001000000000'])
    expect([...eta].every((x, i) => i === 0 || x < eta[i - 1]!)).toBe(true)
  })
  it('refuses impossible schedules', () => {
    expect(cosineLearningRate({ highest: 1, lowest: 0, epochs: 0 })).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
    expect(cosineLearningRate({ highest: NaN, lowest: 0, epochs: 5 })).toMatchObject({ ok: false })
  })
})
