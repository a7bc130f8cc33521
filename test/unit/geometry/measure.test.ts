import { describe, expect, test } from 'vitest'
import { ellipsePerimeter, measureDistance, measureEllipse, measurePolygon, uncalibrated, uniformCalibration, type Calibration } from '#shared/geometry/index.ts'

const whole = { left: 0, top: 0, width: 1000, height: 800 }
const anisotropic = uniformCalibration(whole, 0.1, 0.2, 'DICOM region 0')
const twoRegions: Calibration = {
  kind: 'regions', source: 'DICOM',
  regions: [
    { bounds: { left: 0, top: 0, width: 500, height: 800 }, mmPerPixelX: 0.1, mmPerPixelY: 0.1 },
    { bounds: { left: 500, top: 0, width: 500, height: 800 }, mmPerPixelX: 0.3, mmPerPixelY: 0.3 },
  ],
}
const at = (x: number, y: number) => ({ x, y })

describe('measures in millimetres', () => {
  test('anisotropic pixels are scaled before a length is taken', () => {
    expect(measureDistance(at(0, 0), at(30, 20), anisotropic)).toEqual({ value: 5, unit: 'mm' })
  })

  test('without calibration there are pixels and the reason', () => {
    expect(measureDistance(at(0, 0), at(3, 4), uncalibrated('The file is a PNG.'))).toEqual({ value: 5, unit: 'px', reason: 'The file is a PNG.' })
    expect(uniformCalibration(whole, 0, 0.1, 'x')).toMatchObject({ kind: 'none' })
  })

  test('a line across two regions, or outside all, is not given in millimetres', () => {
    expect(measureDistance(at(10, 10), at(20, 10), twoRegions)).toEqual({ value: 1, unit: 'mm' })
    expect(measureDistance(at(600, 10), at(610, 10), twoRegions)).toMatchObject({ unit: 'mm', value: expect.closeTo(3, 12) })
    expect(measureDistance(at(400, 10), at(600, 10), twoRegions)).toMatchObject({ unit: 'px', value: 200, reason: expect.stringContaining('crosses') })
    expect(measureDistance(at(-5, 10), at(10, 10), twoRegions)).toMatchObject({ unit: 'px', reason: expect.stringContaining('outside') })
  })

  test('of nested regions the inner one counts', () => {
    const nested: Calibration = { kind: 'regions', source: 's', regions: [{ bounds: whole, mmPerPixelX: 1, mmPerPixelY: 1 }, { bounds: { left: 10, top: 10, width: 20, height: 20 }, mmPerPixelX: 0.5, mmPerPixelY: 0.5 }] }
    expect(measureDistance(at(12, 12), at(22, 12), nested)).toEqual({ value: 5, unit: 'mm' })
    expect(measureDistance(at(12, 12), at(32, 12), nested)).toEqual({ value: 20, unit: 'mm' })
  })

  test('a polygon with a hole', () => {
    const outer = [at(0, 0), at(100, 0), at(100, 100), at(0, 100)], hole = [at(10, 10), at(20, 10), at(20, 20), at(10, 20)]
    const measures = measurePolygon({ outer, holes: [hole] }, anisotropic)
    expect(measures.area).toMatchObject({ unit: 'mm²', value: expect.closeTo(10 * 20 - 2, 9) })
    expect(measures.perimeter).toMatchObject({ unit: 'mm', value: expect.closeTo(60, 9) })
    expect(measures.longAxis.value).toBeCloseTo(Math.hypot(10, 20), 9)
    expect(measurePolygon({ outer, holes: [] }, uncalibrated('no')).area).toEqual({ value: 10_000, unit: 'px²', reason: 'no' })
  })
})

describe('an ellipse', () => {
  test('a circle on square pixels', () => {
    const m = measureEllipse(at(0, 50), at(100, 50), at(50, 100), uncalibrated('no'))
    expect(m.area.value).toBeCloseTo(Math.PI * 2500, 9)
    expect(m.perimeter.value).toBeCloseTo(2 * Math.PI * 50, 9)
    expect(m.otherAxis.value).toBeCloseTo(100, 9)
  })

  test('a circle drawn at a slant on anisotropic pixels has the scaled axes', () => {
    const c = Math.SQRT1_2 * 50
    const m = measureEllipse(at(500 - c, 400 - c), at(500 + c, 400 + c), at(500 + c, 400 - c), anisotropic)
    expect(m.axis).toMatchObject({ unit: 'mm', value: expect.closeTo(20, 9) })
    expect(m.otherAxis.value).toBeCloseTo(10, 9)
    expect(m.area.value).toBeCloseTo(Math.PI * 10 * 5, 9)
  })

  test("Ramanujan's perimeter agrees with the integral", () => {
    const [a, b] = [7, 3]
    const n = 100_000
    let sum = 0
    for (let i = 0; i < n; i++) sum += Math.hypot(a * Math.sin((2 * Math.PI * (i + 0.5)) / n), b * Math.cos((2 * Math.PI * (i + 0.5)) / n)) * ((2 * Math.PI) / n)
    expect(ellipsePerimeter({ a: at(-a, 0), b: at(a, 0), halfWidth: b })).toBeCloseTo(sum, 4)
  })
})
