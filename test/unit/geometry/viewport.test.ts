import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitRect, fitViewport, imagePoint, imageToScreen, MAX_SCALE, panBy, resizeViewport, screenPoint, screenToImage, visibleRect, zoomAt, zoomTo } from '#shared/geometry/index.ts'

const number = fc.double({ min: -5000, max: 5000, noNaN: true })
const viewports = fc.record({ scale: fc.double({ min: 1 / 32, max: 32, noNaN: true }), x: number, y: number, width: fc.constant(800), height: fc.constant(600) })

describe('the viewport', () => {
  test('screen and image are inverse', () => {
    fc.assert(fc.property(viewports, number, number, (v, x, y) => {
      const back = imageToScreen(v, screenToImage(v, screenPoint(x, y)))
      expect(back.x).toBeCloseTo(x, 6)
      expect(back.y).toBeCloseTo(y, 6)
    }))
  })

  test('zooming keeps what lies under the pointer, up to 3200 % and no further', () => {
    fc.assert(fc.property(viewports, number, number, fc.double({ min: 0.01, max: 100, noNaN: true }), (v, x, y, factor) => {
      const pointer = screenPoint(x, y)
      const before = screenToImage(v, pointer), zoomed = zoomAt(v, pointer, factor), after = screenToImage(zoomed, pointer)
      expect(Math.abs(after.x - before.x) * zoomed.scale).toBeLessThan(1e-5)
      expect(Math.abs(after.y - before.y) * zoomed.scale).toBeLessThan(1e-5)
      expect(zoomed.scale).toBeLessThanOrEqual(MAX_SCALE)
    }))
    expect(zoomTo({ scale: 1, x: 0, y: 0, width: 10, height: 10 }, screenPoint(0, 0), 1000).scale).toBe(32)
  })

  test('fit shows the whole image in the middle', () => {
    const v = fitViewport({ width: 800, height: 600 }, { width: 4096, height: 3072 }, 10)
    expect(v.scale).toBeCloseTo(580 / 3072, 12)
    const corner = imageToScreen(v, imagePoint(4096, 3072)), origin = imageToScreen(v, imagePoint(0, 0))
    expect(origin.x).toBeCloseTo(800 - corner.x, 9)
    expect(origin.y).toBeCloseTo(10, 9)
    const part = fitRect(v, { left: 100, top: 50, width: 20, height: 20 }, 0)
    expect(screenToImage(part, screenPoint(400, 300))).toEqual(imagePoint(110, 60))
  })

  test('pan and resize move what they should', () => {
    const v = fitViewport({ width: 100, height: 100 }, { width: 50, height: 50 })
    expect(screenToImage(panBy(v, 10, 4), screenPoint(60, 54))).toEqual(screenToImage(v, screenPoint(50, 50)))
    const wide = resizeViewport(v, { width: 300, height: 200 })
    expect(screenToImage(wide, screenPoint(150, 100))).toEqual(screenToImage(v, screenPoint(50, 50)))
    expect(visibleRect(v)).toEqual({ left: -0, top: -0, width: 50, height: 50 })
  })
})
