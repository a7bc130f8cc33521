import { describe, expect, test } from 'vitest'
import { adaptiveStamp, stampStroke } from '#shared/contour/index.ts'
import { createBitmap, fitViewport, imagePoint, imageToScreen, pixelAspectFor, screenDistance, screenPoint, screenToImage, uncalibrated, uniformCalibration, visibleRect, zoomAt, type Calibration } from '#shared/geometry/index.ts'
import { dilate, erode, simplify, smooth } from '#renderer/editor/index.ts'
import { driveEditor, diskImage } from '#test/support/editorDriver.ts'

const SIZE = { width: 200, height: 160 }
const whole = { left: 0, top: 0, ...SIZE }
/** Pixels three times as tall as wide. */
const tall: Calibration = uniformCalibration(whole, 0.1, 0.3, 'test')
const withRing = (ring: number[]) => ({ format: 1 as const, ...SIZE, largestFrame: null, frames: [{ frame: 0, measurements: [], draft: null, contours: [{ id: 'a', label: 'lesion', shape: 'polygon' as const, origin: 'drawn' as const, rings: [ring] }] }] })
const square = withRing([50, 50, 150, 50, 150, 110, 50, 110])
const drive = (options: Parameters<typeof driveEditor>[0] = {}) => driveEditor({ size: SIZE, canvas: { width: 400, height: 960 }, calibrationOf: () => tall, ...options })

describe('pixels that are not square', () => {
  test('the proportion is that of the largest region; what is unknown or implausible is drawn square', () => {
    expect(pixelAspectFor(tall)).toBeCloseTo(3, 12)
    expect(pixelAspectFor(uncalibrated('none'))).toBe(1)
    expect(pixelAspectFor(null)).toBe(1)
    expect(pixelAspectFor(uniformCalibration(whole, 0.001, 90, 'test'))).toBe(1)
    const regions = [{ bounds: { left: 0, top: 0, width: 10, height: 10 }, mmPerPixelX: 1, mmPerPixelY: 5 }, { bounds: whole, mmPerPixelX: 0.2, mmPerPixelY: 0.1 }]
    expect(pixelAspectFor({ kind: 'regions', source: 'test', regions })).toBe(0.5)
  })

  test('the whole image fits in its true proportions, and places go there and back', () => {
    const view = fitViewport({ width: 400, height: 960 }, SIZE, 0, 3)
    expect(view).toMatchObject({ scale: 2, x: 0, y: 0, pixelAspect: 3 })
    const p = screenToImage(view, screenPoint(123, 456))
    expect([p.x, p.y]).toEqual([61.5, 76])
    expect(imageToScreen(view, p)).toEqual({ x: 123, y: 456 })
    expect(visibleRect(view)).toMatchObject({ width: 200, height: 160 })
    const near = zoomAt(view, screenPoint(123, 456), 4)
    expect(imageToScreen(near, p).y).toBeCloseTo(456, 9)
    expect(screenDistance(view, imagePoint(0, 0), imagePoint(0, 10))).toBe(60)
  })

  test('a click is as near to a vertex as it looks', () => {
    const annotation = { format: 1 as const, ...SIZE, largestFrame: null, frames: [{ frame: 0, measurements: [], draft: null, contours: [{ id: 'a', label: 'lesion', shape: 'polygon' as const, origin: 'drawn' as const, rings: [[50, 50, 150, 50, 150, 110, 50, 110]] }] }] }
    const picked = (x: number, y: number): string => {
      const d = drive({ annotation, tool: 'select' })
      d.editor.select({ contours: ['a'], vertices: [], measurement: null })
      return d.down(x, y).state()
    }
    // 3 pixels across are 6 on the screen: on the vertex. 3 pixels down are 18: beside everything.
    expect(picked(47, 50)).toBe('select/MovingVertices')
    expect(picked(50, 47)).toBe('select/Boxing')
    // The line above and beside: 1 pixel down is 6 on the screen, 2 pixels across are 4.
    expect(picked(100, 48.6)).toBe('select/Boxing')
    expect(picked(48, 80)).toBe('select/Inserting')
  })

  test('a polygon closes on its first point by what is seen', () => {
    const begun = () => drive({ tool: 'polygon' }).click(50, 50).click(120, 50).click(120, 90)
    expect(begun().click(50, 53).state()).toBe('polygon/Drawing')
    expect(begun().click(53, 50).state()).toBe('polygon/Idle')
  })

  test('the brush is round on the patient: as many millimetres down as across', () => {
    const d = drive({ tool: 'brush', options: { brushRadius: 12 } }).click(100, 80)
    const points = d.outlines()[0]?.[0] ?? []
    const extent = (axis: 0 | 1): number => Math.max(...points.map((p) => p[axis])) - Math.min(...points.map((p) => p[axis]))
    expect(extent(0) * 0.1).toBeCloseTo(2.4, 0)
    expect(extent(1) * 0.3).toBeCloseTo(2.4, 0)
    expect(extent(0) / extent(1)).toBeGreaterThan(2.5)
  })

  test('so is the adaptive one, and a brush thinner than a pixel is tall still marks what it passes', () => {
    const flat = { width: 80, height: 60, data: new Uint8Array(80 * 60).fill(90) }
    const stamp = adaptiveStamp(flat, { x: 40, y: 30 }, 12, 10, 3)
    expect([stamp.width, stamp.height].map((n) => n > 0)).toEqual([true, true])
    const set = { columns: new Set<number>(), rows: new Set<number>() }
    stamp.data.forEach((value, i) => { if (value) { set.columns.add(i % stamp.width); set.rows.add(Math.floor(i / stamp.width)) } })
    expect(set.columns.size).toBe(24)
    expect(set.rows.size).toBe(8)
    const line = createBitmap({ left: 0, top: 0, width: 20, height: 20 })
    stampStroke(line, [{ x: 2.9, y: 5.1 }, { x: 12.9, y: 5.1 }], 1, 1, 3)
    expect(line.data.some((value) => value === 1)).toBe(true)
  })

  test('a drag needs as much of the screen down as across before it counts', () => {
    const measured = (x: number, y: number): number => drive({ tool: 'caliper' }).drag([[100, 80], [x, y]]).data().frames[0]?.measurements.length ?? 0
    expect(measured(101, 80)).toBe(0)
    expect(measured(100, 81)).toBe(1)
  })

  test('dilate and erode go as many millimetres down as across', () => {
    const box = (radius: number) => drive({ annotation: square, options: { morphologyRadius: radius } })
    const extents = (d: ReturnType<typeof drive>): number[] => {
      const points = d.outlines().flat(2)
      return [0, 1].map((axis) => Math.max(...points.map((p) => p[axis as 0 | 1])) - Math.min(...points.map((p) => p[axis as 0 | 1])))
    }
    const grown = box(6), shrunk = box(6)
    grown.editor.apply(dilate)
    shrunk.editor.apply(erode)
    // 6 pixels across are 0.6 mm, as are 2 pixels down.
    expect(extents(grown).map(Math.round)).toEqual([112, 64])
    expect(extents(shrunk).map(Math.round)).toEqual([88, 56])
  })

  test('smoothing and simplifying weigh a bump by its millimetres, whichever way it points', () => {
    // A square of 9 mm on the patient with a bump of 0.9 mm on the right side and on the lower one.
    const bumps = [60, 50, 150, 50, 150, 64, 159, 65, 150, 66, 150, 80, 108, 80, 105, 83, 102, 80, 60, 80]
    const left = (edit: typeof smooth, options: object): [number, number] => {
      const d = drive({ annotation: withRing(bumps), options })
      d.editor.apply(edit)
      const points = d.outlines()[0]?.[0] ?? []
      return [(Math.max(...points.map((p) => p[0])) - 150) * 0.1, (Math.max(...points.map((p) => p[1])) - 80) * 0.3]
    }
    const [right, lower] = left(smooth, { smoothSigma: 4 })
    expect(right).toBeLessThan(0.8)
    expect(Math.abs(right - lower)).toBeLessThan(0.02)
    expect(left(simplify, { simplifyTolerance: 9.5 })).toEqual([0, 0])
    const kept = left(simplify, { simplifyTolerance: 8.5 })
    expect(kept.every((v) => Math.abs(v - 0.9) < 0.01)).toBe(true)
  })

  test('side-by-side views: each with its own scale, across both in pixels with the reason in the status line', () => {
    const views: Calibration = { kind: 'regions', source: 'test', regions: [{ bounds: { left: 0, top: 0, width: 100, height: 160 }, mmPerPixelX: 0.1, mmPerPixelY: 0.1 }, { bounds: { left: 100, top: 0, width: 100, height: 160 }, mmPerPixelX: 0.2, mmPerPixelY: 0.2 }] }
    const measured = (from: [number, number], to: [number, number]): { texts: string[]; hint: string } => {
      const d = driveEditor({ size: SIZE, canvas: SIZE, calibrationOf: () => views, tool: 'caliper' }).drag([from, to])
      return { texts: d.editor.overlay().shapes.flatMap((s) => (s.kind === 'text' ? [s.text] : [])), hint: d.hint() }
    }
    expect(measured([20, 80], [60, 80])).toEqual({ texts: ['4.00 mm'], hint: expect.not.stringContaining('in pixels') })
    expect(measured([120, 80], [160, 80]).texts).toEqual(['8.00 mm'])
    const across = measured([80, 80], [120, 80])
    expect(across.texts).toEqual(['40.0 px'])
    expect(across.hint).toContain('Measured in pixels: it crosses from one calibrated region into another.')
  })

  test('square pixels are as they were', () => {
    const d = driveEditor({ size: SIZE, canvas: SIZE, image: diskImage(SIZE, { x: 100, y: 80 }, 40) })
    expect(d.editor.snapshot().viewport).toEqual({ width: 200, height: 160, scale: 1, x: 0, y: 0 })
  })
})
