import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { imagePoint, pixelSizeOfLines, type ScaleLine } from '#shared/geometry/index.ts'

const line = (x0: number, y0: number, x1: number, y1: number, mm: number): ScaleLine => ({ from: imagePoint(x0, y0), to: imagePoint(x1, y1), mm })

describe('the size of a pixel from lines of known length', () => {
  test('one line: square pixels', () => {
    expect(pixelSizeOfLines(line(10, 10, 40, 50, 25))).toEqual({ ok: true, value: { x: 0.5, y: 0.5 } })
  })
  test('one line across and one down: each direction by itself', () => {
    expect(pixelSizeOfLines(line(0, 5, 100, 5, 10), line(7, 0, 7, 200, 40))).toEqual({ ok: true, value: { x: 0.1, y: 0.2 } })
  })
  test('two oblique lines give the size that both were drawn at', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0.2, max: 5, noNaN: true }), fc.integer({ min: 60, max: 400 }), fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 25 }), fc.integer({ min: 60, max: 400 }), (x, aspect, dx, dy, cx, cy) => {
      const y = x * aspect
      const made = pixelSizeOfLines(line(3, 400, 3 + dx, 400 - dy, Math.hypot(dx * x, dy * y)), line(9, 2, 9 + cx, 2 + cy, Math.hypot(cx * x, cy * y)))
      expect(made.ok).toBe(true)
      if (made.ok) {
        expect(made.value.x / x).toBeCloseTo(1, 6)
        expect(made.value.y / y).toBeCloseTo(1, 6)
      }
    }))
  })
  test('what gives no scale is refused in words', () => {
    const fault = (...lines: [ScaleLine, ScaleLine?]): string => {
      const made = pixelSizeOfLines(...lines)
      return made.ok ? '' : made.error
    }
    expect(fault(line(0, 0, 19, 0, 10))).toMatch(/19\.0 pixels long; one of at least 20/)
    expect(fault(line(0, 0, 100, 0, 10), line(0, 0, 0, 12, 3))).toMatch(/12\.0 pixels long/)
    expect(fault(line(0, 0, 100, 0, 10), line(0, 50, 100, 60, 10))).toMatch(/point the same way \(6 degrees apart\)/)
    expect(fault(line(0, 0, 100, 60, 10), line(0, 0, 10, 100, 100))).toMatch(/no size of a pixel makes both lines/)
    expect(fault(line(0, 0, 20, 0, 900))).toMatch(/45\.0 mm a pixel/)
    expect(fault(line(0, 0, 100, 0, 1), line(0, 0, 0, 100, 30))).toMatch(/30 times longer than wide/)
    expect(fault(line(0, 0, Number.NaN, 0, 1))).toMatch(/pixels long/)
    expect(fault(line(0, 0, 100, 0, 0))).toMatch(/longer than 0 mm/)
  })
})
