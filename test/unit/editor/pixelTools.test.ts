import { describe, expect, test } from 'vitest'
import { emptyAnnotation, maskFromPolygons, type AnnotationData } from '#shared/contour/index.ts'
import { intersectionArea, maskArea, sameMask, type RleMask } from '#shared/geometry/index.ts'
import { maskOf } from '#renderer/editor/index.ts'
import { diskImage, driveEditor, type EditorDriver } from '#test/support/editorDriver.ts'
import { cpuTime } from '#test/support/cpuTime.ts'

const size = { width: 200, height: 160 }
const image = diskImage(size, { x: 100, y: 80 }, 40)
const mask = (d: EditorDriver): RleMask => maskOf(d.editor.snapshot().document, 0)
const area = (d: EditorDriver): number => maskArea(mask(d))
const lesion = maskFromPolygons([{ outer: Array.from({ length: 300 }, (_, i) => ({ x: 100 + 40 * Math.cos((i * Math.PI) / 150), y: 80 + 40 * Math.sin((i * Math.PI) / 150) })), holes: [] }], size)
const dice = (a: RleMask, b: RleMask): number => (2 * intersectionArea(a, b)) / (maskArea(a) + maskArea(b))
const withContour = (rings: number[][], shape: 'polygon' | 'spline' = 'polygon'): AnnotationData =>
  ({ ...emptyAnnotation(size), frames: [{ frame: 0, contours: [{ id: 'a', label: 'lesion', shape, origin: 'imported', rings }], measurements: [], draft: null }] })
const box = [[40.3, 40.2, 120.7, 40.4, 120.1, 120.6, 40.8, 120.9]]

describe('brush and eraser', () => {
  test('a stroke becomes a contour, one mark', () => {
    const d = driveEditor({ tool: 'brush', options: { brushRadius: 10 } }).drag([[50, 80], [150, 80]])
    expect(area(d)).toBeGreaterThan(2000)
    expect(Math.abs(area(d) - (100 * 20 + Math.PI * 100))).toBeLessThan(40)
    expect(d.journal.map((e) => e.gesture)).toEqual(['brush stroke'])
    d.editor.undo()
    expect(area(d)).toBe(0)
  })

  test('strokes that touch join, others stay apart', () => {
    const d = driveEditor({ tool: 'brush', options: { brushRadius: 5 } }).drag([[30, 30], [60, 30]]).drag([[30, 100], [60, 100]])
    expect(d.outlines()).toHaveLength(2)
    d.drag([[45, 30], [45, 100]])
    expect(d.outlines()).toHaveLength(1)
    d.editor.undo()
    expect(d.outlines()).toHaveLength(2)
  })

  test('the eraser splits a contour, bores holes, removes all', () => {
    const d = driveEditor({ annotation: withContour(box), tool: 'eraser', options: { brushRadius: 4 } })
    d.drag([[80, 80], [90, 80]])
    expect(d.outlines()[0]).toHaveLength(2)
    d.drag([[80, 30], [80, 130]])
    expect(d.outlines()).toHaveLength(2)
    expect(d.data().frames[0]?.contours[0]?.id).toBe('a')
    d.editor.setOptions({ brushRadius: 120 })
    d.drag([[80, 80], [90, 80]])
    expect(d.outlines()).toEqual([])
    expect(d.undoAll()).toBe(3)
    expect(d.data()).toEqual(driveEditor({ annotation: withContour(box) }).data())
  })

  test('what the brush did not touch keeps its vertices', () => {
    const d = driveEditor({ annotation: withContour(box), tool: 'brush', options: { brushRadius: 6 } }).drag([[120, 80], [126, 80]])
    const ring = d.outlines()[0]?.[0] ?? []
    const kept = (x: number, y: number): boolean => ring.some(([a, b]) => Math.abs(a - x) < 0.001 && Math.abs(b - y) < 0.001)
    for (const [x, y] of [[40.3, 40.2], [120.7, 40.4], [120.1, 120.6], [40.8, 120.9]] as const) expect(kept(x, y)).toBe(true)
    expect(ring.length).toBeLessThan(60)
    expect(JSON.stringify(d.journal[0]?.ops).length).toBeLessThan(1500)
  })

  test('grafting loses no pixel: the mask is the old one and the stroke', () => {
    const d = driveEditor({ annotation: withContour(box), tool: 'eraser', options: { brushRadius: 7 } })
    const before = mask(d)
    d.drag([[120, 60], [118, 75], [125, 90]])
    const eraserOnly = driveEditor({ tool: 'brush', options: { brushRadius: 7 } }).drag([[120, 60], [118, 75], [125, 90]])
    expect(area(d)).toBe(maskArea(before) - intersectionArea(before, mask(eraserOnly)))
    expect(intersectionArea(mask(d), mask(eraserOnly))).toBe(0)
  })

  test('a contour that is not touched is not changed; painting inside changes nothing', () => {
    const d = driveEditor({ annotation: withContour(box), tool: 'brush', options: { brushRadius: 4 } }).drag([[160, 20], [180, 20]])
    expect(d.data().frames[0]?.contours[0]).toMatchObject({ id: 'a', origin: 'imported', rings: [expect.any(Array)] })
    expect(d.data().frames[0]?.contours[0]?.rings[0]).toHaveLength(8)
    const marks = d.journal.length
    d.drag([[60, 60], [90, 90]])
    expect(d.journal).toHaveLength(marks)
  })

  test('labels are painted apart', () => {
    const d = driveEditor({ annotation: withContour(box), tool: 'brush', options: { brushRadius: 4, label: 'node' } }).drag([[60, 60], [90, 60]])
    expect(d.data().frames[0]?.contours.map((c) => c.label)).toEqual(['lesion', 'node'])
  })

  test('Alt turns the brush into the eraser and back', () => {
    const d = driveEditor({ annotation: withContour(box), tool: 'brush', options: { brushRadius: 5 } })
    const before = area(d)
    expect(area(d.drag([[80, 80], [81, 80]], { alt: true }))).toBeLessThan(before)
    expect(area(d.tool('eraser').drag([[80, 80], [81, 80]], { alt: true }))).toBe(before)
  })

  test('size by wheel with Shift; plain wheel zooms', () => {
    const d = driveEditor({ tool: 'brush', options: { brushRadius: 8 } })
    const radius = () => d.editor.snapshot().options.brushRadius
    d.wheel(100, 80, -100, { shift: true })
    expect(radius()).toBeGreaterThan(8)
    d.wheel(100, 80, 100, { shift: true }).wheel(100, 80, 100, { shift: true })
    expect(radius()).toBeLessThan(8)
    const scale = d.editor.snapshot().viewport.scale
    d.wheel(100, 80, -100)
    expect(d.editor.snapshot().viewport.scale).toBeGreaterThan(scale)
    for (let i = 0; i < 100; i++) d.editor.stepBrush(-1)
    expect(radius()).toBe(0.5)
    for (let i = 0; i < 100; i++) d.editor.stepBrush(1)
    expect(radius()).toBe(200)
  })

  for (const [how, painted] of [['complete', true], ['interrupt', true], ['cancel', false]] as const) {
    for (const tool of ['brush', 'eraser'] as const) {
      test(`${how} while the ${tool} is down`, () => {
        const d = driveEditor({ annotation: withContour(box), tool, options: { brushRadius: 9 } })
        const before = mask(d)
        d.down(120, 80).move(121, 90)
        expect(d.state()).toBe(`${tool}/Painting`)
        d.editor[how]()
        expect(sameMask(mask(d), before)).toBe(!painted)
        expect(d.state()).toBe(`${tool}/Idle`)
      })
    }
  }

  test('the adaptive brush stays in the lesion where the plain one runs over', () => {
    const path: [number, number][] = [[70, 80], [100, 55], [128, 80], [100, 105], [72, 80]]
    const plain = driveEditor({ image, tool: 'brush', options: { brushRadius: 16 } }).drag(path)
    const adaptive = driveEditor({ image, tool: 'brush', options: { brushRadius: 16, brushAdaptive: true } }).drag(path)
    const outside = (m: RleMask): number => maskArea(m) - intersectionArea(m, lesion)
    expect(outside(mask(plain))).toBeGreaterThan(100)
    expect(outside(mask(adaptive))).toBeLessThan(15)
    expect(area(adaptive)).toBeGreaterThan(2500)
  })

  test('an adaptive stroke shows its pixels while it is drawn', () => {
    const d = driveEditor({ image, tool: 'brush', options: { brushRadius: 10, brushAdaptive: true } }).down(100, 80)
    const patch = () => d.editor.overlay().shapes.find((s) => s.kind === 'patch')
    const first = patch()
    d.move(110, 90)
    const second = patch()
    expect(first?.kind === 'patch' && second?.kind === 'patch' && second.revision > first.revision).toBe(true)
  })

  test('a spline that is brushed becomes a polygon', () => {
    const d = driveEditor({ annotation: withContour([[60, 40, 140, 40, 140, 120, 60, 120]], 'spline'), tool: 'brush' }).drag([[150, 80], [160, 80]])
    expect(d.data().frames[0]?.contours).toMatchObject([{ id: 'a', shape: 'polygon', origin: 'drawn' }])
    d.editor.undo()
    expect(d.data().frames[0]?.contours[0]?.rings[0]).toHaveLength(8)
  })

  test('a stroke on 4096 x 3072 costs what it touches', () => {
    const d = driveEditor({ size: { width: 4096, height: 3072 }, tool: 'brush', options: { brushRadius: 20 } })
    d.drag([[100, 100], [400, 300]])
    // The best of three; going over the whole image at each stroke would take longer every time.
    const times = [2000, 2200, 2400].map((y) => cpuTime(() => d.drag([[3000, y], [3300, y + 300]])))
    expect(Math.min(...times)).toBeLessThan(400)
    expect(d.outlines()).toHaveLength(4)
  })
})

describe('flood', () => {
  test('a press takes what is as bright as here', () => {
    const d = driveEditor({ image, tool: 'flood' }).click(100, 80)
    expect(dice(mask(d), lesion)).toBeGreaterThan(0.99)
    expect(d.journal.map((e) => e.gesture)).toEqual(['flood'])
  })

  test('dragging sideways changes the tolerance, which stays', () => {
    const d = driveEditor({ image, tool: 'flood' }).down(100, 80).move(160, 80)
    const shown = d.editor.overlay().shapes.find((s) => s.kind === 'text')
    expect(shown?.kind === 'text' && shown.text).toBe('± 36')
    d.up(160, 80)
    expect(d.editor.snapshot().options.floodTolerance).toBe(36)
  })

  test('between thresholds; with Alt it takes away', () => {
    const d = driveEditor({ image, tool: 'flood', options: { floodMode: 'range', floodLow: 0, floodHigh: 100 } }).click(100, 80)
    expect(dice(mask(d), lesion)).toBeGreaterThan(0.99)
    d.click(100, 80, { alt: true })
    expect(area(d)).toBe(0)
  })

  test('complete keeps, cancel and interrupt leave nothing of the preview', () => {
    for (const [how, marks] of [['complete', 1], ['cancel', 0], ['interrupt', 0]] as const) {
      const d = driveEditor({ image, tool: 'flood' }).down(100, 80)
      expect(d.state()).toBe('flood/Previewing')
      d.editor[how]()
      expect(d.journal).toHaveLength(marks)
      expect(d.state()).toBe('flood/Idle')
    }
  })

  test('without pixels nothing happens, and the hint says why', () => {
    const d = driveEditor({ tool: 'flood' }).click(100, 80)
    expect(d.journal).toEqual([])
    expect(d.hint()).toContain('not loaded')
  })
})
