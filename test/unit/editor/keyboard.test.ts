import { describe, expect, test } from 'vitest'
import { ringArea } from '#shared/geometry/index.ts'
import { diskImage, driveEditor, type EditorDriver } from '#test/support/editorDriver.ts'

const size = { width: 200, height: 160 }
const image = diskImage(size, { x: 100, y: 80 }, 40)
/** Moves the crosshair by whole pixels with the arrow keys alone, ten at a time where it can. */
const go = (d: EditorDriver, dx: number, dy: number): EditorDriver => {
  for (const [distance, plus, minus] of [[dx, 'ArrowRight', 'ArrowLeft'], [dy, 'ArrowDown', 'ArrowUp']] as const) {
    const key = distance > 0 ? plus : minus
    for (let i = 0; i < Math.floor(Math.abs(distance) / 10); i++) d.key(key, { shift: true })
    for (let i = 0; i < Math.abs(distance) % 10; i++) d.key(key)
  }
  return d
}
const area = (d: EditorDriver): number => ringArea((d.outlines()[0]?.[0] ?? []).map(([x, y]) => ({ x, y })))
const cross = (d: EditorDriver) => d.editor.overlay().shapes.find((s) => s.kind === 'crosshair')

describe('drawing by keyboard alone', () => {
  test('arrows move a crosshair from the middle, by one and by ten pixels, and stay in the image', () => {
    const d = go(driveEditor({ tool: 'polygon' }), 13, -2)
    expect(cross(d)).toMatchObject({ at: { x: 113, y: 78 }, pressed: false })
    go(d, 500, 0)
    expect(cross(d)).toMatchObject({ at: { x: 200, y: 78 } })
  })

  test('a polygon: Space sets points, Enter closes', () => {
    const d = driveEditor({ tool: 'polygon' })
    for (const [dx, dy] of [[-40, -40], [80, 0], [0, 80], [-80, 0]] as const) go(d, dx, dy).key(' ')
    expect(d.key('Enter').outlines()).toEqual([[[[60, 40], [140, 40], [140, 120], [60, 120]]]])
  })

  test('Enter clicks where nothing is begun', () => {
    const d = go(driveEditor({ tool: 'polygon' }), 10, 0).key('Enter')
    expect(d.state()).toBe('polygon/Drawing')
  })

  test('spline and live wire', () => {
    // Four points on a circle: a Catmull-Rom curve through them encloses 87 % of it; the wire follows the disk's edge.
    for (const [tool, tolerance] of [['spline', 0.14], ['livewire', 0.03]] as const) {
      const d = driveEditor({ tool, image })
      go(d, -40, 0).key(' ')
      for (const [dx, dy] of [[40, -40], [40, 40], [-40, 40]] as const) go(d, dx, dy).key(' ')
      d.key('Enter')
      expect(Math.abs(area(d) / (Math.PI * 1600) - 1)).toBeLessThan(tolerance)
    }
  })

  test('freehand and brush: Space presses, arrows draw, Space lifts', () => {
    const freehand = go(driveEditor({ tool: 'freehand' }), -30, -30).key(' ')
    expect(cross(freehand)).toMatchObject({ pressed: true })
    for (const [dx, dy] of [[60, 0], [0, 60], [-60, 0], [0, -50]] as const) go(freehand, dx, dy)
    freehand.key(' ')
    expect(freehand.state()).toBe('freehand/Idle')
    expect(Math.abs(area(freehand) - 3600)).toBeLessThan(150)

    const brush = go(driveEditor({ tool: 'brush', options: { brushRadius: 5 } }), -20, 0).key(' ')
    go(brush, 40, 0).key('Enter')
    expect(Math.abs(area(brush) - (400 + Math.PI * 25))).toBeLessThan(25)
    go(brush.tool('eraser'), -20, 0).key(' ').key(' ')
    expect(brush.journal.at(-1)?.gesture).toBe('eraser stroke')
  })

  test('flood', () => {
    expect(area(go(driveEditor({ tool: 'flood', image }), 1, 0).key(' ').key(' '))).toBeGreaterThan(4900)
  })

  test('caliper and ellipse', () => {
    const caliper = go(driveEditor({ tool: 'caliper' }), -20, 0).key(' ')
    go(caliper, 40, 0).key(' ')
    expect(caliper.data().frames[0]?.measurements).toMatchObject([{ points: [80, 80, 120, 80] }])
    const ellipse = go(driveEditor({ tool: 'ellipse' }), -20, 0).key(' ')
    go(ellipse, 40, 0).key(' ')
    go(ellipse, -20, 10).key(' ')
    expect(ellipse.data().frames[0]?.measurements).toMatchObject([{ kind: 'ellipse', points: [80, 80, 120, 80, 100, 90] }])
  })

  test('a vertex is picked up, carried and set down; Escape puts it back', () => {
    const d = driveEditor({ tool: 'polygon' }).click(60, 40).click(140, 40).click(140, 120).key('Enter').tool('select')
    go(d.move(60, 40), 0, 0)
    d.key('ArrowLeft').key('ArrowRight').key(' ')
    expect(d.state()).toBe('select/MovingVertices')
    go(d, -5, -5).key(' ')
    expect(d.outlines()[0]?.[0]?.[0]).toEqual([55, 35])
    d.key(' ')
    go(d, 20, 20).key('Escape')
    expect(cross(d)).toMatchObject({ pressed: false })
    expect(d.outlines()[0]?.[0]?.[0]).toEqual([55, 35])
  })

  test('the pointer moves freely while the keyboard holds, and takes over when pressed', () => {
    const d = go(driveEditor({ tool: 'freehand' }), -30, -30).key(' ')
    go(d, 60, 0)
    d.move(10, 150)
    expect(d.state()).toBe('freehand/Drawing')
    go(d, 0, 60)
    d.down(20, 20)
    expect(d.outlines()).toHaveLength(1)
    expect(d.state()).toBe('freehand/Drawing')
    expect(cross(d)).toBeUndefined()
  })

  test('whatever ends a held gesture lets the virtual button go', () => {
    const ends: ((d: EditorDriver) => void)[] = [
      (d) => d.editor.undo(), (d) => d.editor.setTool('select'), (d) => d.editor.setFrame(1), (d) => d.editor.complete(), (d) => d.editor.cancel(), (d) => d.editor.interrupt(),
    ]
    for (const end of ends) {
      const d = go(driveEditor({ tool: 'brush' }), 5, 0).key(' ')
      expect(cross(d)).toMatchObject({ pressed: true })
      end(d)
      expect(cross(d)).toMatchObject({ pressed: false })
      expect(d.editor.snapshot().active).toBe(false)
    }
  })

  test('steps are a quarter of a pixel when pixels are large', () => {
    const d = driveEditor({ tool: 'polygon' })
    d.editor.zoomTo(16)
    d.key('ArrowRight')
    expect(cross(d)).toMatchObject({ at: { x: 100.25, y: 80 } })
  })

  test('Space without the crosshair is for panning and clicks nothing', () => {
    const d = driveEditor({ tool: 'polygon' }).move(50, 50).key(' ')
    expect(d.journal).toEqual([])
  })
})
