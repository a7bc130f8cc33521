import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import {
  boundaryPixels, hausdorffAllPixels, maskAgreement, overlapCounts, overlapMetrics, pixelUnits, squaredDistanceTransform, surfaceDistances,
  type MaskPixels, type PixelSpacing,
} from '#shared/statistics/masks/index.ts'
import { maskFrom, maskPair } from './arbitraryMask.ts'

const spacing = fc.record({ row: fc.constantFrom(1, 0.5, 0.07, 2.3), column: fc.constantFrom(1, 0.25, 0.0711, 3), unit: fc.constant('mm' as const) })

/** Distances from each pixel of one set to the nearest of another, by comparing all pairs. */
function slowDistances(from: Uint32Array, to: Uint32Array, width: number, { row, column }: PixelSpacing): number[] {
  return Array.from(from, (p) => Math.min(...Array.from(to, (q) => Math.hypot(
    (Math.floor(p / width) - Math.floor(q / width)) * row, ((p % width) - (q % width)) * column))))
}

const closeTo = (a: number, b: number): void => { expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(b))) }

describe('overlap', () => {
  it('counts and metrics of a small pair', () => {
    const counts = unwrap(overlapCounts(maskFrom('##..', '##..'), maskFrom('.##.', '.##.')))
    expect(counts).toEqual({ tp: 2, fp: 2, fn: 2, tn: 2 })
    expect(overlapMetrics(counts)).toEqual({ dice: 0.5, iou: 1 / 3, precision: 0.5, recall: 0.5, specificity: 0.5, accuracy: 0.5, meanIou: 1 / 3, volumetricSimilarity: 1 })
  })
  it('any value above 0 is foreground', () => {
    const grey: MaskPixels = { width: 2, height: 1, data: Uint8Array.of(3, 0) }
    expect(unwrap(overlapCounts(grey, maskFrom('##'))).tp).toBe(1)
  })
  it('Dice is symmetric, and equals 2 IoU / (1 + IoU)', () => {
    fc.assert(fc.property(maskPair(), ([a, b]) => {
      const ab = overlapMetrics(unwrap(overlapCounts(a, b))), ba = overlapMetrics(unwrap(overlapCounts(b, a)))
      expect(ab.dice).toBe(ba.dice)
      expect(ab.precision).toBe(ba.recall)
      if (ab.dice !== null) closeTo(ab.dice, (2 * ab.iou!) / (1 + ab.iou!))
    }))
  })
  it('empty masks: both empty is undefined, one empty is no overlap', () => {
    const none = maskFrom('..', '..'), some = maskFrom('#.', '..')
    expect(unwrap(maskAgreement(none, none))).toMatchObject({ empty: 'both', dice: null, iou: null, precision: null, recall: null, specificity: 1, distances: null })
    expect(unwrap(maskAgreement(none, some))).toMatchObject({ empty: 'prediction', dice: 0, iou: 0, precision: null, recall: 0, distances: null })
    expect(unwrap(maskAgreement(some, none))).toMatchObject({ empty: 'reference', dice: 0, recall: null, distances: null })
    expect(unwrap(hausdorffAllPixels(some, none))).toBeNull()
  })
  it('masks on different grids, and impossible spacings, are refused', () => {
    expect(overlapCounts(maskFrom('##'), maskFrom('#', '#'))).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(surfaceDistances(maskFrom('##'), maskFrom('#', '#'))).toMatchObject({ ok: false, error: { code: 'length_mismatch' } })
    expect(surfaceDistances(maskFrom('#'), maskFrom('#'), { row: 0, column: 1, unit: 'mm' })).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })
})

describe('distances', () => {
  it('the boundary is the foreground with a background or outside 4-neighbour', () => {
    expect([...boundaryPixels(maskFrom('.....', '.###.', '.###.', '.###.', '.....'))]).toEqual([6, 7, 8, 11, 13, 16, 17, 18])
    expect([...boundaryPixels(maskFrom('###', '###', '###'))]).toEqual([0, 1, 2, 3, 5, 6, 7, 8])
  })
  it('a square moved by three pixels lies three pixels away, in mm by the spacing', () => {
    const a = maskFrom('##......', '##......'), b = maskFrom('...##...', '...##...')
    expect(unwrap(surfaceDistances(a, b))).toMatchObject({ unit: 'px', hausdorff: 3, hd95: { pooled: 3 } })
    expect(unwrap(surfaceDistances(a, b, { row: 5, column: 0.5, unit: 'mm' }))).toMatchObject({ unit: 'mm', hausdorff: 1.5 })
  })
  it('the distance transform equals comparing all pairs, also with different steps along rows and columns', () => {
    fc.assert(fc.property(maskPair(), spacing, ([a], s) => {
      const grid = { width: a.width, height: a.height, row: s.row, column: s.column }
      const fast = squaredDistanceTransform(a.data, grid)
      const sites = Uint32Array.from(a.data.keys()).filter((i) => a.data[i]! > 0)
      if (sites.length === 0) {
        expect([...fast].every((d) => d === Infinity)).toBe(true)
        return
      }
      const slow = slowDistances(Uint32Array.from(a.data.keys()), sites, a.width, s)
      fast.forEach((d, i) => { closeTo(Math.sqrt(d), slow[i]!) })
    }))
  })
  it('surface distances equal comparing all pairs', () => {
    fc.assert(fc.property(maskPair(), spacing, ([a, b], s) => {
      const found = unwrap(surfaceDistances(a, b, s))
      const ea = boundaryPixels(a), eb = boundaryPixels(b)
      if (ea.length === 0 || eb.length === 0) {
        expect(found).toBeNull()
        return
      }
      const ab = slowDistances(ea, eb, a.width, s), ba = slowDistances(eb, ea, a.width, s)
      const meanOf = (x: number[]): number => x.reduce((t, v) => t + v, 0) / x.length
      closeTo(found!.hausdorff, Math.max(...ab, ...ba))
      closeTo(found!.assd.pooled, meanOf([...ab, ...ba]))
      closeTo(found!.assd.meanOfDirected, (meanOf(ab) + meanOf(ba)) / 2)
      expect(found!.hd95.maxOfDirected).toBeLessThanOrEqual(found!.hausdorff)
      expect(found!.boundaryPixels).toEqual({ prediction: ab.length, reference: ba.length })
    }))
  })
  it('are symmetric and 0 for equal masks, on boundaries and over all pixels', () => {
    fc.assert(fc.property(maskPair(), spacing, ([a, b], s) => {
      const ab = unwrap(surfaceDistances(a, b, s)), ba = unwrap(surfaceDistances(b, a, s)), aa = unwrap(surfaceDistances(a, a, s))
      if (aa) expect([aa.hausdorff, aa.hd95.pooled, aa.assd.pooled]).toEqual([0, 0, 0])
      if (!ab) {
        expect(ba).toBeNull()
        return
      }
      expect([ba!.hausdorff, ba!.hd95.maxOfDirected]).toEqual([ab.hausdorff, ab.hd95.maxOfDirected])
      closeTo(ba!.assd.pooled, ab.assd.pooled)
      // Neither bounds the other: a disc in the hole of a ring is farther from it at its centre than at its edge.
      expect(unwrap(hausdorffAllPixels(a, b, s))).toBe(unwrap(hausdorffAllPixels(b, a, s)))
      expect(unwrap(hausdorffAllPixels(a, a, s))).toBe(0)
    }))
  })
  it('scale with the spacing', () => {
    fc.assert(fc.property(maskPair(), ([a, b]) => {
      const px = unwrap(surfaceDistances(a, b, pixelUnits)), mm = unwrap(surfaceDistances(a, b, { row: 0.5, column: 0.5, unit: 'mm' }))
      if (px) expect(mm!.hausdorff).toBe(px.hausdorff / 2)
    }))
  })
  it('finds a lone far pixel that HD95 forgives', () => {
    const row = (c: string): string => c.repeat(40)
    const a = maskFrom(row('#'), row('#'), ...Array.from({ length: 18 }, () => row('.')))
    const b = { ...a, data: a.data.slice() }
    b.data[19 * 40] = 1
    const d = unwrap(surfaceDistances(b, a))!
    expect(d.hausdorff).toBe(18)
    expect(d.hd95.maxOfDirected).toBe(0)
  })
})
