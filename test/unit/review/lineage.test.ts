import { describe, expect, test } from 'vitest'
import type { ReviewCase, ReviewVersion } from '#shared/contract/index.ts'
import { encodeMask, maskToText, type RleMask } from '#shared/geometry/index.ts'
import { defaultPair, distanceOf, lineageOf, spacingOf } from '#renderer/features/review/lineage.ts'
import { disagreementBand, reviewOverlays } from '#renderer/features/review/overlays.ts'
import { maskRows } from '#renderer/features/review/maskRows.ts'
import type { ShownCase } from '#renderer/features/review/useReviewCase.ts'

const size = { width: 40, height: 30 }
/** A filled box as a mask. */
const box = (left: number, top: number, width: number, height: number): RleMask => {
  const data = new Uint8Array(size.width * size.height)
  for (let y = top; y < top + height; y++) data.fill(1, y * size.width + left, y * size.width + left + width)
  return encodeMask(data, size)
}
const automatic = (model: 'deeplabv3' | 'unet' | 'unetpp' | 'fusion', mask: RleMask): ReviewCase['masks'][number] => ({ model, mask: maskToText(mask), map: '', areaPx: 0, sha256: '', against: null })
const version = (id: string, mask: RleMask | null): ReviewVersion => ({
  id, decision: mask === null ? 'accepted' : 'corrected', reason: null, difficulty: null, comment: '', seconds: 1, reviewer: 'Lin', at: '', diceToFused: null, hd95ToFused: null, annotationId: null, mask: mask === null ? null : maskToText(mask), settles: null,
})
const data = (over: Partial<ReviewCase> = {}): Pick<ReviewCase, 'masks' | 'reviews' | 'reference'> => ({
  masks: [automatic('deeplabv3', box(5, 5, 10, 10)), automatic('unet', box(7, 5, 10, 10)), automatic('unetpp', box(5, 5, 10, 10)), automatic('fusion', box(6, 5, 10, 10))], reviews: [], reference: null, ...over,
})

describe('the descent of a mask', () => {
  test('networks, fused, corrections oldest first, truth last', () => {
    const list = lineageOf(data({ reviews: [version('v3', box(6, 6, 9, 9)), version('v2', null), version('v1', box(6, 5, 9, 9))], reference: maskToText(box(6, 5, 10, 10)) }))
    expect(list.map((m) => `${m.id}=${m.label}`)).toEqual(['deeplabv3=DeepLabV3', 'unet=U-Net', 'unetpp=U-Net++', 'fusion=Fused', 'v1=Correction 1', 'v3=Correction 2', 'reference=Ground truth'])
    expect(defaultPair(list)).toEqual(['fusion', 'v3'])
  })
  test('without a correction the fused mask stands against the truth, without a truth against a network', () => {
    expect(defaultPair(lineageOf(data({ reference: maskToText(box(1, 1, 3, 3)) })))).toEqual(['fusion', 'reference'])
    expect(defaultPair(lineageOf(data()))).toEqual(['deeplabv3', 'fusion'])
    expect(defaultPair([])).toBeNull()
  })
  test('Dice and HD95 of shifted boxes, in the unit of the scale', () => {
    const spacing = spacingOf({ kind: 'regions', source: 't', regions: [{ bounds: { left: 0, top: 0, ...size }, mmPerPixelX: 0.5, mmPerPixelY: 0.25 }] })
    const d = distanceOf(box(5, 5, 10, 10), box(7, 5, 10, 10), spacing)
    expect(d).toEqual({ dice: 0.8, hd95: 1, unit: 'mm' })
  })
  test('an empty mask has no distance, two empty ones no Dice', () => {
    const none = box(0, 0, 0, 0), px = spacingOf({ kind: 'none', reason: 'x' })
    expect(distanceOf(none, box(1, 1, 2, 2), px)).toEqual({ dice: 0, hd95: null, unit: 'px' })
    expect(distanceOf(none, none, px)).toEqual({ dice: null, hd95: null, unit: 'px' })
  })
})

describe('what is drawn', () => {
  test('the band is where some but not all networks say lesion', () => {
    const list = lineageOf(data())
    const band = disagreementBand(list)
    // 5..14 and 7..16: columns 5, 6 and 15, 16 in ten rows
    expect(band === null ? null : [...band.runs].filter((_, i) => i % 2 === 1).reduce((a, b) => a + b, 0)).toBe(40)
    expect(disagreementBand(lineageOf(data({ masks: [automatic('unet', box(1, 1, 4, 4)), automatic('unetpp', box(1, 1, 4, 4))] })))).toBeNull()
  })
  test('fused lies over truth, truth over networks; heat under all; what is off stays in the list', () => {
    const list = lineageOf(data({ reference: maskToText(box(6, 5, 10, 10)), reviews: [version('v1', box(6, 5, 9, 9))] }))
    const overlays = reviewOverlays(list, disagreementBand(list), { masks: new Set(['fusion']), band: false }, { label: 'U-Net', width: 1, height: 1, values: new Float32Array(1), opacity: 0.5, palette: 'viridis' })
    expect(overlays.map((o) => o.id)).toEqual(['heat', 'band', 'deeplabv3', 'unet', 'unetpp', 'reference', 'fusion', 'v1'])
    expect(overlays.filter((o) => o.visible === true).map((o) => o.id)).toEqual(['fusion'])
  })
  test('the table has the same six rows always, and a correction is held against the truth', () => {
    expect(maskRows(null).map((r) => `${r.key} ${r.label} ${r.present}`)).toEqual(['1 DeepLabV3 false', '2 U-Net false', '3 U-Net++ false', '4 Fused false', '5 Ground truth false', '6 Correction false'])
    const full = data({ reference: maskToText(box(5, 5, 10, 10)), reviews: [version('v1', box(5, 5, 10, 5))] })
    const shown = { data: { ...full, calibration: { kind: 'none', reason: '' } }, lineage: lineageOf(full), band: null, image: null } as unknown as ShownCase
    const correction = maskRows(shown).find((r) => r.id === 'correction')
    expect(correction?.against).toMatchObject({ iou: 0.5, precision: 1, recall: 0.5, unit: 'px' })
    expect(correction?.against?.dice).toBeCloseTo(2 / 3, 12)
  })
})
