import { describe, expect, test } from 'vitest'
import { emptyAnnotation, maskFromPolygons, type AnnotationData, type ContourData } from '#shared/contour/index.ts'
import { intersectionArea, maskArea, perimeter, polygonArea, sameMask } from '#shared/geometry/index.ts'
import { createRandom } from '#shared/lib/index.ts'
import {
  clearFrame, copyToFrame, dilate, erode, fillHoles, interpolateFrames, keepLargest, markLargestFrame, maskOf, polygonOf, simplify, smooth, selectContours,
} from '#renderer/editor/index.ts'
import { driveEditor, type EditorDriver } from '#test/support/editorDriver.ts'

const size = { width: 200, height: 160 }
const circle = (cx: number, cy: number, r: number, n = 60, noise = 0): number[] => {
  const random = createRandom(2)
  return Array.from({ length: n }, (_, i) => {
    const radius = r + noise * random.normal()
    return [cx + radius * Math.cos((2 * Math.PI * i) / n), cy + radius * Math.sin((2 * Math.PI * i) / n)]
  }).flat()
}
const contour = (id: string, ...rings: number[][]): ContourData => ({ id, label: 'lesion', shape: 'polygon', origin: 'imported', rings })
const open = (frames: Record<number, ContourData[]>): EditorDriver => {
  const annotation: AnnotationData = { ...emptyAnnotation(size), frames: Object.entries(frames).map(([frame, contours]) => ({ frame: Number(frame), contours, measurements: [], draft: null })) }
  return driveEditor({ annotation, frameCount: 20 })
}
const area = (d: EditorDriver, frame = 0): number => maskArea(maskOf(d.editor.snapshot().document, frame))
const polygons = (d: EditorDriver) => d.editor.snapshot().annotation.contours.map(polygonOf)
const undoesTo = (d: EditorDriver, before: AnnotationData): void => {
  expect(d.journal).toHaveLength(1)
  expect(d.reopen().data()).toEqual(d.data())
  d.editor.undo()
  expect(d.data()).toEqual(before)
}

describe('one-shot edits are one mark each', () => {
  test('fill holes', () => {
    const d = open({ 0: [contour('a', circle(80, 80, 40), circle(70, 80, 8), circle(95, 80, 5))] }), before = d.data()
    d.editor.apply(fillHoles)
    expect(d.outlines()).toHaveLength(1)
    expect(d.outlines()[0]).toHaveLength(1)
    undoesTo(d, before)
  })

  test('smooth takes the tremor and keeps the area', () => {
    const d = open({ 0: [contour('a', circle(80, 80, 40, 200, 1))] }), before = d.data(), [rough] = polygons(d)
    d.editor.apply(smooth)
    const [after] = polygons(d)
    if (!rough || !after) throw new Error('no contour')
    expect(perimeter(after.outer)).toBeLessThan(perimeter(rough.outer) * 0.95)
    expect(Math.abs(polygonArea(after) / polygonArea(rough) - 1)).toBeLessThan(0.01)
    undoesTo(d, before)
  })

  test('simplify drops vertices within its tolerance', () => {
    const d = open({ 0: [contour('a', circle(80, 80, 40, 600))] }), before = d.data()
    d.editor.apply(simplify)
    expect(d.outlines()[0]?.[0]?.length).toBeLessThan(40)
    undoesTo(d, before)
  })

  test('dilate and erode by the radius', () => {
    const d = open({ 0: [contour('a', circle(80, 80, 20, 200))] }), before = d.data(), was = area(d)
    d.editor.setOptions({ morphologyRadius: 3 })
    d.editor.apply(dilate)
    expect(Math.abs(area(d) - Math.PI * 23 ** 2)).toBeLessThan(60)
    undoesTo(d, before)
    d.editor.apply(erode)
    expect(Math.abs(area(d) - Math.PI * 17 ** 2)).toBeLessThan(60)
    expect(area(d)).toBeLessThan(was)
  })

  test('dilating joins neighbours, eroding parts them and removes what is thin', () => {
    const d = open({ 0: [contour('a', circle(60, 80, 15)), contour('b', circle(95, 80, 15))] })
    d.editor.setOptions({ morphologyRadius: 4 })
    d.editor.apply(dilate)
    expect(d.outlines()).toHaveLength(1)
    expect(d.data().frames[0]?.contours[0]?.id).toBe('a')
    d.editor.apply(erode)
    d.editor.setOptions({ morphologyRadius: 20 })
    d.editor.apply(erode)
    expect(d.outlines()).toEqual([])
    expect(d.undoAll()).toBe(3)
  })

  test('only the selected contours are edited, if any is', () => {
    const d = open({ 0: [contour('a', circle(60, 60, 15)), contour('b', circle(140, 100, 15))] })
    d.editor.select(selectContours('b'))
    d.editor.apply(dilate)
    expect(d.data().frames[0]?.contours.map((c) => c.origin)).toEqual(['imported', 'drawn'])
  })

  test('keep largest keeps what is connected, with its vertices', () => {
    const parts = [contour('a', circle(60, 80, 10)), contour('b', circle(120, 80, 15)), contour('c', circle(140, 80, 15))]
    const d = open({ 0: parts }), before = d.data()
    d.editor.apply(keepLargest)
    expect(d.data().frames[0]?.contours).toEqual(before.frames[0]?.contours.slice(1))
    undoesTo(d, before)
  })

  test('keep largest trims a contour that crosses itself', () => {
    const d = open({ 0: [contour('a', [20, 20, 60, 60, 60, 20, 20, 60, 5, 40])] })
    const parts = maskOf(d.editor.snapshot().document, 0)
    d.editor.apply(keepLargest)
    expect(area(d)).toBeLessThan(maskArea(parts))
    expect(d.outlines()).toHaveLength(1)
  })

  test('clear takes contours and draft, not measurements', () => {
    const d = open({ 0: [contour('a', circle(80, 80, 20)), contour('b', circle(140, 80, 9))] })
    d.tool('caliper').drag([[10, 10], [50, 10]]).tool('polygon').click(20, 20).click(30, 30)
    const before = d.data()
    d.editor.apply(clearFrame)
    expect(d.data().frames).toMatchObject([{ contours: [], draft: null, measurements: [{ kind: 'caliper' }] }])
    d.editor.undo()
    expect(d.data()).toEqual(before)
  })

  test('edits without anything to do leave no mark', () => {
    const d = open({})
    for (const edit of [fillHoles, smooth, simplify, dilate, erode, keepLargest, clearFrame, interpolateFrames]) d.editor.apply(edit)
    expect(d.journal).toEqual([])
  })
})

describe('frames', () => {
  test('contours are copied to another frame', () => {
    const d = open({ 0: [contour('a', circle(80, 80, 20))] })
    d.editor.apply(copyToFrame(4))
    const [first, second] = d.data().frames
    expect(second).toMatchObject({ frame: 4, contours: [{ origin: 'copied', rings: first?.contours[0]?.rings }] })
    expect(second?.contours[0]?.id).not.toBe('a')
    d.editor.setFrame(9)
    d.editor.undo()
    expect(d.data().frames).toHaveLength(1)
    expect(d.editor.snapshot().frame).toBe(4)
  })

  test('the largest cross-section is marked and unmarked', () => {
    const d = open({})
    d.editor.apply(markLargestFrame(3))
    expect(d.data().largestFrame).toBe(3)
    d.editor.apply(markLargestFrame(3))
    expect(d.journal).toHaveLength(1)
    d.editor.undo()
    expect(d.data().largestFrame).toBeNull()
  })

  test('frames between key frames are filled, and filled anew when a key frame changes', () => {
    const d = open({ 0: [contour('a', circle(60, 80, 20, 120))], 4: [contour('b', circle(100, 80, 30, 120))] })
    d.editor.apply(interpolateFrames)
    expect(d.data().frames.map((f) => f.frame)).toEqual([0, 1, 2, 3, 4])
    const expected = maskFromPolygons([{ outer: circle(80, 80, 25, 200).flatMap((v, i, all) => (i % 2 === 0 ? [{ x: v, y: all[i + 1] as number }] : [])), holes: [] }], size)
    const middle = maskOf(d.editor.snapshot().document, 2)
    expect((2 * intersectionArea(middle, expected)) / (maskArea(middle) + maskArea(expected))).toBeGreaterThan(0.97)
    expect(d.data().frames[2]?.contours[0]?.origin).toBe('interpolated')

    d.editor.setFrame(2)
    d.tool('select').drag([[80, 80], [85, 80]])
    expect(d.data().frames[2]?.contours[0]?.origin).toBe('drawn')
    const drawn = maskOf(d.editor.snapshot().document, 2)
    d.editor.apply(interpolateFrames)
    expect(sameMask(maskOf(d.editor.snapshot().document, 2), drawn)).toBe(true)
    expect(d.reopen().data()).toEqual(d.data())
    d.undoAll()
    expect(d.data().frames.map((f) => f.frame)).toEqual([0, 4])
  })
})
