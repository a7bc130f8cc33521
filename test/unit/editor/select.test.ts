import { describe, expect, test } from 'vitest'
import { emptyAnnotation, type AnnotationData } from '#shared/contour/index.ts'
import { movingLines } from '#renderer/editor/index.ts'
import { driveEditor, type EditorDriver } from '#test/support/editorDriver.ts'

const box = (id: string, x: number, y: number, s: number) => ({ id, label: 'lesion', shape: 'polygon' as const, origin: 'imported' as const, rings: [[x, y, x + s, y, x + s, y + s, x, y + s]] })
const annotation: AnnotationData = { ...emptyAnnotation({ width: 200, height: 160 }), frames: [{ frame: 0, contours: [box('a', 20, 20, 40), box('b', 100, 20, 40)], measurements: [], draft: null }] }
const open = (): EditorDriver => driveEditor({ annotation, tool: 'select' })
const selected = (d: EditorDriver) => d.editor.snapshot().selection
const a = (d: EditorDriver) => d.outlines()[0]?.[0]

describe('the select tool', () => {
  test('a click picks a contour, Shift picks more, Escape none', () => {
    const d = open().click(40, 40)
    expect(selected(d).contours).toEqual(['a'])
    expect(selected(d.click(120, 40, { shift: true })).contours).toEqual(['a', 'b'])
    expect(selected(d.click(120, 40, { shift: true })).contours).toEqual(['a'])
    expect(selected(d.key('Escape')).contours).toEqual([])
    expect(d.journal).toEqual([])
  })

  test('a vertex is dragged; the document changes once, at the end', () => {
    const d = open().click(40, 40).move(20, 20).down(20, 20).move(15, 12).move(10, 5)
    expect(d.state()).toBe('select/MovingVertices')
    expect(a(d)?.[0]).toEqual([20, 20])
    const { moving } = d.editor.overlay()
    expect(moving).toMatchObject({ dx: -10, dy: -15, spans: [{ contour: 'a', ring: 0, start: 0, count: 1 }] })
    expect(movingLines(d.editor.snapshot().annotation, moving ?? { spans: [], dx: 0, dy: 0 })).toEqual([{ closed: false, points: [{ x: 20, y: 60 }, { x: 10, y: 5 }, { x: 60, y: 20 }] }])
    d.up(10, 5)
    expect(a(d)).toEqual([[10, 5], [60, 20], [60, 60], [20, 60]])
    expect(d.journal).toHaveLength(1)
    expect(d.data().frames[0]?.contours[0]?.origin).toBe('drawn')
    d.editor.undo()
    expect(d.data()).toEqual(annotation)
  })

  test('a click on a vertex does not nudge it', () => {
    const d = open().click(40, 40).down(20, 20).move(21, 21).up(21, 21)
    expect(d.journal).toEqual([])
    expect(selected(d).vertices).toEqual([{ contour: 'a', ring: 0, start: 0, count: 1 }])
  })

  for (const [how, keeps] of [['complete', true], ['cancel', false], ['interrupt', true]] as const) {
    test(`${how} while a vertex is dragged ${keeps ? 'sets it down' : 'puts it back'}`, () => {
      const d = open().click(40, 40).down(20, 20).move(10, 5)
      d.editor[how]()
      expect(a(d)?.[0]).toEqual(keeps ? [10, 5] : [20, 20])
      expect(d.state()).toBe('select/Idle')
    })

    test(`${how} while a vertex is inserted ${keeps ? 'sets it down' : 'discards it'}`, () => {
      const d = open().click(40, 40).move(40, 20).down(40, 20)
      expect(d.state()).toBe('select/Inserting')
      d.move(40, 10)
      d.editor[how]()
      expect(a(d)).toHaveLength(keeps ? 5 : 4)
      expect(d.state()).toBe('select/Idle')
    })

    test(`${how} while a box is drawn ${how === 'complete' ? 'selects' : 'selects nothing'}`, () => {
      const d = open().down(10, 10).move(70, 30)
      expect(d.state()).toBe('select/Boxing')
      d.editor[how]()
      expect(selected(d).vertices).toHaveLength(how === 'complete' ? 1 : 0)
      expect(d.state()).toBe('select/Idle')
    })
  }

  test('a press on an edge inserts a vertex and drags it, as one mark', () => {
    const d = open().click(40, 40).drag([[40, 20], [40, 14], [42, 10]])
    expect(a(d)).toEqual([[20, 20], [42, 10], [60, 20], [60, 60], [20, 60]])
    expect(d.journal.map((e) => e.gesture)).toEqual(['insert vertex'])
    expect(d.key('Delete').journal).toHaveLength(2)
    expect(a(d)).toHaveLength(4)
  })

  test('a box takes vertices of all contours, or of the picked ones; they move together', () => {
    const d = open().drag([[10, 10], [150, 30]])
    expect(selected(d).vertices).toEqual([{ contour: 'a', ring: 0, start: 0, count: 2 }, { contour: 'b', ring: 0, start: 0, count: 2 }])
    d.drag([[60, 20], [60, 25]])
    expect(d.outlines().map((c) => c[0]?.map((p) => p[1]))).toEqual([[25, 25, 60, 60], [25, 25, 60, 60]])
    expect(d.journal).toHaveLength(1)
    const one = open().click(40, 40).drag([[10, 10], [150, 30]])
    expect(selected(one).vertices).toEqual([{ contour: 'a', ring: 0, start: 0, count: 2 }])
    expect(selected(one.drag([[10, 50], [70, 70]], { shift: true })).vertices).toEqual([{ contour: 'a', ring: 0, start: 0, count: 4 }])
  })

  test('Shift and click collects vertices', () => {
    const d = open().click(40, 40).click(20, 20, { shift: true }).click(60, 60, { shift: true })
    expect(selected(d).vertices).toEqual([{ contour: 'a', ring: 0, start: 0, count: 1 }, { contour: 'a', ring: 0, start: 2, count: 1 }])
    expect(selected(d.click(20, 20, { shift: true })).vertices).toHaveLength(1)
  })

  test('a whole contour is dragged by its inside', () => {
    const d = open().drag([[40, 40], [45, 50]])
    expect(a(d)).toEqual([[25, 30], [65, 30], [65, 70], [25, 70]])
    expect(d.outlines()[1]?.[0]?.[0]).toEqual([100, 20])
  })

  test('Delete takes vertices, and the contour when under three are left', () => {
    const d = open().click(40, 40).click(20, 20).key('Delete')
    expect(a(d)).toEqual([[60, 20], [60, 60], [20, 60]])
    d.click(60, 20).key('Delete')
    expect(d.outlines()).toHaveLength(1)
    d.click(120, 40).key('Backspace')
    expect(d.outlines()).toHaveLength(0)
    expect(d.undoAll()).toBe(3)
    expect(d.data()).toEqual(annotation)
  })

  test('Alt and arrows nudge what is selected', () => {
    const d = open().click(40, 40).key('ArrowRight', { alt: true }).key('ArrowDown', { alt: true, shift: true })
    expect(a(d)?.[0]).toEqual([21, 30])
  })

  test('undo while dragging gives the drag up and takes back nothing else', () => {
    const d = open().click(40, 40).drag([[20, 20], [10, 10]]).down(60, 20).move(70, 10)
    d.editor.undo()
    expect(a(d)).toEqual([[10, 10], [60, 20], [60, 60], [20, 60]])
    expect(d.journal).toHaveLength(1)
  })
})
