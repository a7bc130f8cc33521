import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bitmapBounds, bitmapFromMask, countBitmap, decodeMask, emptyMask, encodeMask, fromBase64, intersectionArea, intersectMasks, invertMask, maskArea, maskBounds,
  maskFromBitmap, maskFromBytes, maskFromText, maskToBytes, maskToText, sameMask, subtractMasks, toBase64, uniteMasks,
} from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'

const masks = fc.tuple(fc.integer({ min: 1, max: 17 }), fc.integer({ min: 1, max: 13 })).chain(([width, height]) =>
  fc.record({
    size: fc.constant({ width, height }),
    a: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height }),
    b: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height }),
  }))

describe('a run-length mask', () => {
  test('decodes to what was encoded, with one canonical form', () => {
    fc.assert(fc.property(masks, ({ size, a }) => {
      const mask = encodeMask(Uint8Array.from(a), size)
      expect([...decodeMask(mask)]).toEqual(a)
      expect(mask.runs.slice(1).every((run) => run > 0)).toBe(true)
      expect(mask.runs.reduce((x, y) => x + y, 0)).toBe(size.width * size.height)
    }))
  })

  test('any byte but 0 is on, and a wrong length throws', () => {
    expect([...encodeMask(Uint8Array.of(0, 255, 7, 0), { width: 2, height: 2 }).runs]).toEqual([1, 2, 1])
    expect(() => encodeMask(new Uint8Array(3), { width: 2, height: 2 })).toThrow('3 bytes')
  })

  test('combines as sets do, in canonical form', () => {
    fc.assert(fc.property(masks, ({ size, a, b }) => {
      const p = encodeMask(Uint8Array.from(a), size), q = encodeMask(Uint8Array.from(b), size)
      const check = (rule: (x: number, y: number) => boolean): number[] => a.map((x, i) => (rule(x, b[i] as number) ? 1 : 0))
      const canonical = (values: number[]) => encodeMask(Uint8Array.from(values), size)
      expect(sameMask(uniteMasks(p, q), canonical(check((x, y) => x + y > 0)))).toBe(true)
      expect(sameMask(intersectMasks(p, q), canonical(check((x, y) => x * y > 0)))).toBe(true)
      expect(sameMask(subtractMasks(p, q), canonical(check((x, y) => x > y)))).toBe(true)
      expect(sameMask(invertMask(invertMask(p)), p)).toBe(true)
      expect(maskArea(uniteMasks(p, q)) + intersectionArea(p, q)).toBe(maskArea(p) + maskArea(q))
    }))
  })

  test('masks of two image sizes are refused', () => {
    expect(() => uniteMasks(emptyMask({ width: 2, height: 3 }), emptyMask({ width: 3, height: 2 }))).toThrow('2 x 3')
  })

  test('bytes and text give the very mask back; damage is a typed error', () => {
    fc.assert(fc.property(masks, ({ size, a }) => {
      const mask = encodeMask(Uint8Array.from(a), size)
      expect(sameMask(unwrap(maskFromBytes(maskToBytes(mask))), mask)).toBe(true)
      expect(sameMask(unwrap(maskFromText(maskToText(mask))), mask)).toBe(true)
    }))
    const text = maskToText(encodeMask(Uint8Array.of(0, 1, 1, 0), { width: 2, height: 2 }))
    expect(maskFromText(text.slice(4))).toMatchObject({ ok: false, error: { code: 'mask-format' } })
    expect(maskFromText('????')).toMatchObject({ ok: false })
    expect(maskFromBytes(Uint8Array.of(9, 1, 1, 1))).toMatchObject({ ok: false, error: { message: expect.stringContaining('format 9') } })
    expect(maskFromBytes(Uint8Array.of(1, 2, 2, 3))).toMatchObject({ ok: false, error: { message: expect.stringContaining('2 x 2') } })
    expect(maskFromBytes(Uint8Array.of(1, 2, 2, 0x84))).toMatchObject({ ok: false })
  })

  test('a window and the whole image are two views of it', () => {
    fc.assert(fc.property(masks, ({ size, a }) => {
      const mask = encodeMask(Uint8Array.from(a), size)
      const window = bitmapFromMask(mask)
      expect(sameMask(maskFromBitmap(window, size), mask)).toBe(true)
      expect(countBitmap(window)).toBe(maskArea(mask))
      if (maskArea(mask) > 0) expect(bitmapBounds(window)).toEqual(maskBounds(mask))
      const larger = bitmapFromMask(mask, { left: -2, top: -3, width: size.width + 5, height: size.height + 4 })
      expect(sameMask(maskFromBitmap(larger, size), mask)).toBe(true)
    }))
  })

  test('base64 agrees with the platform', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect([...(fromBase64(toBase64(bytes)) ?? [])]).toEqual([...bytes])
    }))
  })
})
