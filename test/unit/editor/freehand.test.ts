import { describe, expect, test } from 'vitest'
import { ringArea } from '#shared/geometry/index.ts'
import { maskOf } from '#renderer/editor/index.ts'
import { maskArea } from '#shared/geometry/index.ts'
import { driveEditor, type EditorDriver } from '#test/support/editorDriver.ts'

const circle = (cx: number, cy: number, r: number, n = 90): [number, number][] =>
  Array.from({ length: n + 1 }, (_, i) => [cx + r * Math.cos((2 * Math.PI * i) / n), cy + r * Math.sin((2 * Math.PI * i) / n)])
const area = (d: EditorDriver): number => maskArea(maskOf(d.editor.snapshot().document, 0))
const begin = (): EditorDriver => {
  const d = driveEditor({ tool: 'freehand' })
  const [first, ...rest] = circle(100, 80, 30).slice(0, 60)
  d.down(...(first as [number, number]))
  for (const p of rest) d.move(...p)
  return d
}

describe('the freehand tool', () => {
  test('a drag becomes one smoothed contour and one mark', () => {
    const d = driveEditor({ tool: 'freehand' }).drag(circle(100, 80, 30))
    expect(d.outlines()).toHaveLength(1)
    const [ring] = d.outlines()[0] ?? []
    expect(Math.abs(ringArea((ring ?? []).map(([x, y]) => ({ x, y }))) / (Math.PI * 900) - 1)).toBeLessThan(0.01)
    expect(ring?.length).toBeLessThan(90)
    expect(d.journal).toHaveLength(1)
    d.editor.undo()
    expect(d.outlines()).toEqual([])
  })

  test('cancel leaves nothing, complete and interrupt keep what was drawn', () => {
    expect(begin().state()).toBe('freehand/Drawing')
    expect(begin().key('Escape').journal).toEqual([])
    expect(begin().key('Enter').outlines()).toHaveLength(1)
    const d = begin().send({ type: 'interrupt' })
    expect(d.outlines()).toHaveLength(1)
    expect(d.state()).toBe('freehand/Idle')
    expect(begin().tool('select').outlines()).toHaveLength(1)
  })

  test('a click without a drag draws nothing', () => {
    const d = driveEditor({ tool: 'freehand' }).click(50, 50)
    expect(d.journal).toEqual([])
    expect(d.state()).toBe('freehand/Idle')
  })

  test('coalesced places are part of the line', () => {
    const d = driveEditor({ tool: 'freehand' })
    d.editor.setOptions({ freehandSmoothing: 0 })
    const at = (x: number, y: number) => ({ x, y }) as never
    d.down(20, 20).send({ type: 'pointermove', at: at(60, 60), coalesced: [at(60, 20)], modifiers: { shift: false, ctrl: false, alt: false, meta: false } }).up(20, 60)
    // The triangle without the coalesced corner would be a line. Centres on the slanted left side count: 40 + 39 + ... + 1.
    expect(area(d)).toBe(820)
  })

  test('Shift adds to and Alt takes away from what is drawn', () => {
    const d = driveEditor({ tool: 'freehand' }).drag(circle(80, 80, 30))
    const before = area(d)
    d.drag(circle(110, 80, 20), { shift: true })
    expect(d.outlines()).toHaveLength(1)
    const more = area(d)
    expect(more).toBeGreaterThan(before + 400)
    d.drag(circle(80, 80, 8), { alt: true })
    expect(d.outlines()[0]).toHaveLength(2)
    expect(more - area(d)).toBeGreaterThan(180)
    expect(d.journal).toHaveLength(3)
  })
})
