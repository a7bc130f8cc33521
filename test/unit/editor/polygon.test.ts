import { describe, expect, test } from 'vitest'
import { driveEditor } from '#test/support/editorDriver.ts'

const square = (d = driveEditor({ tool: 'polygon' })) => d.click(20, 20).click(80, 20).click(80, 70).click(20, 70)
const corners = [[20, 20], [80, 20], [80, 70], [20, 70]]

describe('the polygon tool', () => {
  test('clicks set points; a click on the first one closes', () => {
    const d = square()
    expect(d.state()).toBe('polygon/Drawing')
    d.click(22, 21)
    expect(d.state()).toBe('polygon/Idle')
    expect(d.outlines()).toEqual([[corners]])
    expect(d.editor.snapshot().selection.contours).toHaveLength(1)
  })

  test('complete: Enter and double click close', () => {
    expect(square().key('Enter').outlines()).toEqual([[corners]])
    expect(square().doubleClick(50, 90).outlines()).toEqual([[[...corners, [50, 90]]]])
  })

  test('complete with under three points, or without extent, goes on drawing', () => {
    const d = driveEditor({ tool: 'polygon' }).click(10, 10).click(50, 10).key('Enter')
    expect(d.state()).toBe('polygon/Drawing')
    d.click(90, 10).key('Enter')
    expect(d.state()).toBe('polygon/Drawing')
    expect(d.outlines()).toEqual([])
  })

  test('cancel takes the draft away, and that can be undone', () => {
    const d = square().key('Escape')
    expect(d.state()).toBe('polygon/Idle')
    expect(d.data().frames).toEqual([])
    d.editor.undo()
    expect(d.state()).toBe('polygon/Drawing')
    expect(d.key('Enter').outlines()).toEqual([[corners]])
  })

  test('interrupt keeps the draft, whatever took the user away', () => {
    const d = square().send({ type: 'interrupt' })
    expect(d.state()).toBe('polygon/Drawing')
    d.tool('select')
    expect(d.hint()).toContain('unfinished contour')
    expect(d.editor.overlay().shapes.some((s) => s.kind === 'line' && s.role === 'draft')).toBe(true)
    d.editor.setFrame(3)
    expect(d.editor.overlay().shapes).toEqual([])
    d.editor.setFrame(0)
    expect(d.tool('polygon').key('Enter').outlines()).toEqual([[corners]])
  })

  test('each click is a mark: undo and redo go point by point', () => {
    const d = square()
    const draft = () => d.editor.snapshot().annotation.draft?.ring.length ?? 0
    expect(draft()).toBe(4)
    d.editor.undo()
    d.editor.undo()
    expect(draft()).toBe(2)
    expect(d.state()).toBe('polygon/Drawing')
    d.editor.undo()
    d.editor.undo()
    expect(draft()).toBe(0)
    expect(d.state()).toBe('polygon/Idle')
    for (let i = 0; i < 4; i++) d.editor.redo()
    expect(d.key('Enter').outlines()).toEqual([[corners]])
    d.editor.undo()
    expect(draft()).toBe(4)
  })

  test('Backspace removes the last point, the first one too', () => {
    const d = square().key('Backspace').key('Enter')
    expect(d.outlines()).toEqual([[corners.slice(0, 3)]])
    d.click(10, 10).key('Backspace')
    expect(d.state()).toBe('polygon/Idle')
    d.editor.undo()
    expect(d.state()).toBe('polygon/Drawing')
  })

  test('the hint says what the next click does', () => {
    const d = driveEditor({ tool: 'polygon' })
    expect(d.hint()).toContain('first point')
    square(d)
    expect(d.move(100, 100).hint()).toContain('add a point')
    expect(d.move(21, 20).hint()).toContain('close')
  })

  test('points are kept inside the image', () => {
    const d = driveEditor({ tool: 'polygon' }).click(-30, -10).click(500, 10).click(60, 999).key('Enter')
    expect(d.outlines()).toEqual([[[[0, 0], [200, 10], [60, 160]]]])
  })

  test('a crash in mid-drawing loses no point', () => {
    const d = square().reopen().tool('polygon')
    expect(d.state()).toBe('polygon/Drawing')
    expect(d.key('Enter').outlines()).toEqual([[corners]])
  })
})
