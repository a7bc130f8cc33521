import { describe, expect, test } from 'vitest'
import { screenPoint, screenToImage, type ScreenPoint } from '#shared/geometry/index.ts'
import { LEVEL_PRESETS, levelTable, NO_MODIFIERS, type EditorChange } from '#renderer/editor/index.ts'
import { driveEditor } from '#test/support/editorDriver.ts'

const at = (x: number, y: number): ScreenPoint => screenPoint(x, y)
const move = (x: number, y: number) => ({ type: 'pointermove' as const, at: at(x, y), modifiers: NO_MODIFIERS })
const press = (x: number, y: number, button: 0 | 1 | 2) => ({ type: 'pointerdown' as const, at: at(x, y), button, modifiers: NO_MODIFIERS })
const lift = (x: number, y: number, button: 0 | 1 | 2) => ({ type: 'pointerup' as const, at: at(x, y), button, modifiers: NO_MODIFIERS })
const space = (type: 'keydown' | 'keyup') => type === 'keydown'
  ? { type, key: ' ', repeat: false, modifiers: NO_MODIFIERS } as const : { type, key: ' ', modifiers: NO_MODIFIERS } as const

describe('the view', () => {
  test('the wheel zooms at the pointer, to 3200 % and no further', () => {
    const d = driveEditor()
    const under = () => screenToImage(d.editor.snapshot().viewport, at(50, 40))
    const before = under()
    for (let i = 0; i < 60; i++) d.send({ type: 'wheel', at: at(50, 40), deltaX: 0, deltaY: -100, modifiers: NO_MODIFIERS })
    expect(d.editor.snapshot().viewport.scale).toBe(32)
    expect(under().x).toBeCloseTo(before.x, 6)
    expect(under().y).toBeCloseTo(before.y, 6)
  })

  test('the middle button pans, also in the middle of a stroke', () => {
    const d = driveEditor({ tool: 'polygon' }).send(press(50, 50, 1)).send(move(70, 45))
    expect(d.editor.overlay().cursor).toBe('grabbing')
    d.send(lift(70, 45, 1))
    expect(d.editor.snapshot().viewport).toMatchObject({ x: 20, y: -5 })
    expect(d.journal).toEqual([])
    const stroke = driveEditor({ tool: 'brush' }).down(50, 50).send(press(50, 50, 1)).send(move(80, 50)).send(lift(80, 50, 1))
    expect(stroke.state()).toBe('brush/Painting')
  })

  test('Space and drag pans and clicks nothing', () => {
    const d = driveEditor({ tool: 'polygon' }).key('ArrowRight').send(space('keydown'))
    d.send(press(50, 50, 0)).send(move(60, 60)).send(lift(60, 60, 0)).send(space('keyup'))
    expect(d.editor.snapshot().viewport).toMatchObject({ x: 10, y: 10 })
    expect(d.journal).toEqual([])
    d.send(press(50, 50, 0))
    expect(d.state()).toBe('polygon/Drawing')
  })

  test('the right button sets grey levels, within limits', () => {
    const d = driveEditor().send(press(50, 50, 2)).send(move(80, 70)).send(lift(80, 70, 2))
    expect(d.editor.snapshot().display).toMatchObject({ window: 285, level: 137.5 })
    d.send(press(50, 50, 2)).send(move(-5000, -5000)).send(lift(0, 0, 2))
    expect(d.editor.snapshot().display).toMatchObject({ window: 1, level: 0 })
    d.send(move(10, 10))
    expect(d.editor.snapshot().display.window).toBe(1)
  })

  test('the full range shows every grey as it is; presets are within range', () => {
    const [full] = LEVEL_PRESETS
    if (!full) throw new Error('no preset')
    expect([...levelTable(full)]).toEqual(Array.from({ length: 256 }, (_, i) => i))
    for (const preset of LEVEL_PRESETS) {
      const table = [...levelTable(preset)]
      expect(table.every((v, i) => i === 0 || v >= (table[i - 1] as number))).toBe(true)
      expect(Math.max(...table) - Math.min(...table)).toBe(255)
    }
  })

  test('fit, zoom and resize', () => {
    const d = driveEditor({ canvas: { width: 800, height: 600 } })
    expect(d.editor.snapshot().viewport.scale).toBe(3.75)
    d.editor.zoomTo(1)
    d.editor.resize({ width: 400, height: 300 })
    d.editor.fit()
    expect(d.editor.snapshot().viewport).toMatchObject({ scale: 1.875, width: 400 })
  })

  test('listeners hear once of each change, and of what changed', () => {
    const d = driveEditor({ tool: 'polygon' })
    const changes: EditorChange[] = []
    const stop = d.editor.subscribe((change) => changes.push(change))
    d.move(10, 10).down(10, 10)
    expect(changes).toHaveLength(2)
    expect(changes[0]).toMatchObject({ document: false, overlay: true, tool: false, viewport: false })
    expect(changes[1]).toMatchObject({ document: true, tool: true, selection: false })
    d.editor.setDisplay({ pixelGrid: false })
    expect(changes[2]).toMatchObject({ display: true, document: false })
    stop()
    d.editor.fit()
    expect(changes).toHaveLength(3)
  })
})
