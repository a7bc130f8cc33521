import { describe, expect, test } from 'vitest'
import { liveWirePath, edgeCost } from '#shared/contour/index.ts'
import { imagePoint, ringArea, uniformCalibration, type ImagePoint } from '#shared/geometry/index.ts'
import type { LiveWirePort } from '#renderer/editor/index.ts'
import { diskImage, driveEditor, type EditorDriver } from '#test/support/editorDriver.ts'

const size = { width: 200, height: 160 }
const image = diskImage(size, { x: 100, y: 80 }, 40)
const ring = (d: EditorDriver, contour = 0) => (d.outlines()[contour]?.[0] ?? []).map(([x, y]) => imagePoint(x, y))

describe('the spline tool', () => {
  const four = () => driveEditor({ tool: 'spline' }).click(60, 40).click(140, 40).click(140, 120).click(60, 120)

  test('clicks set control points; the contour is the curve through them', () => {
    const d = four().key('Enter')
    const contour = d.data().frames[0]?.contours[0]
    expect(contour).toMatchObject({ shape: 'spline', rings: [[60, 40, 140, 40, 140, 120, 60, 120]] })
    expect(ring(d).length).toBeGreaterThan(50)
    expect(ringArea(ring(d))).toBeGreaterThan(6400)
  })

  test('bending it later moves a control point', () => {
    const d = four().key('Enter').tool('select').drag([[60, 40], [50, 30]])
    expect(d.data().frames[0]?.contours[0]).toMatchObject({ shape: 'spline', rings: [[50, 30, 140, 40, 140, 120, 60, 120]] })
  })

  test('complete, cancel, interrupt', () => {
    expect(four().doubleClick(60, 120).outlines()).toHaveLength(1)
    expect(four().key('Escape').data().frames).toEqual([])
    const d = four().tool('caliper').tool('spline')
    expect(d.state()).toBe('spline/Drawing')
    expect(d.key('Backspace').key('Enter').data().frames[0]?.contours[0]?.rings[0]).toHaveLength(6)
  })

  test('the line to the pointer is the curve that a click would give', () => {
    const d = four().move(50, 80)
    const rubber = d.editor.overlay().shapes.find((s) => s.kind === 'line' && s.role === 'rubber')
    expect(rubber?.kind === 'line' && rubber.points.length).toBeGreaterThan(10)
  })

  test('a polygon begun goes on as a spline, and back again', () => {
    const d = driveEditor({ tool: 'polygon' }).click(10, 10).click(50, 10).tool('spline').click(50, 50)
    expect(d.data().frames[0]?.draft).toMatchObject({ shape: 'spline', points: [10, 10, 50, 10, 50, 50] })
    d.editor.undo()
    expect(d.data().frames[0]?.draft).toMatchObject({ shape: 'polygon', points: [10, 10, 50, 10] })
  })
})

describe('the live wire', () => {
  const around = (d: EditorDriver) => d.click(60, 80).click(100, 40).click(140, 80).click(100, 120)

  test('follows the edge between clicks and closes along it', () => {
    const d = around(driveEditor({ image, tool: 'livewire' })).click(60, 80)
    expect(d.state()).toBe('livewire/Idle')
    for (const p of ring(d)) expect(Math.abs(Math.hypot(p.x - 100, p.y - 80) - 40)).toBeLessThan(2.5)
    expect(Math.abs(ringArea(ring(d)) / (Math.PI * 1600) - 1)).toBeLessThan(0.05)
    expect(d.journal.map((e) => e.gesture)).toEqual(['first point', 'live wire', 'live wire', 'live wire', 'live wire'])
  })

  test('shows the path to the pointer', () => {
    const d = driveEditor({ image, tool: 'livewire' }).click(60, 80).move(140, 80)
    const rubber = d.editor.overlay().shapes.find((s) => s.kind === 'line' && s.role === 'rubber')
    expect(rubber?.kind === 'line' && rubber.points.length).toBeGreaterThan(40)
  })

  test('undo takes back one stretch; Backspace one point', () => {
    const d = around(driveEditor({ image, tool: 'livewire' }))
    const count = () => d.editor.snapshot().annotation.draft?.ring.length ?? 0
    const before = count()
    d.editor.undo()
    expect(count()).toBeLessThan(before - 3)
    const less = count()
    d.key('Backspace')
    expect(count()).toBe(less - 1)
    expect(d.state()).toBe('livewire/Drawing')
  })

  test('complete closes, cancel discards, interrupt keeps', () => {
    expect(around(driveEditor({ image, tool: 'livewire' })).key('Enter').outlines()).toHaveLength(1)
    expect(around(driveEditor({ image, tool: 'livewire' })).key('Escape').data().frames).toEqual([])
    const d = around(driveEditor({ image, tool: 'livewire' })).tool('select').tool('livewire')
    expect(d.state()).toBe('livewire/Drawing')
    expect(d.key('Enter').outlines()).toHaveLength(1)
  })

  test('without pixels it draws straight lines and says so', () => {
    const d = driveEditor({ tool: 'livewire' })
    expect(d.hint()).toContain('not loaded')
    expect(ring(around(d).key('Enter'))).toEqual([[60, 80], [100, 40], [140, 80], [100, 120]].map(([x, y]) => ({ x, y })))
  })

  describe('with a worker that answers later', () => {
    const later = () => {
      const cost = edgeCost(image)
      const waiting: (() => void)[] = []
      const liveWire: LiveWirePort = { path: (_image, _frame, from, to, done: (p: readonly ImagePoint[]) => void) => { waiting.push(() => done(liveWirePath(cost, from, to))) } }
      const d = driveEditor({ image, tool: 'livewire', liveWire }).click(60, 80)
      return { d, waiting, answerAll: () => { for (const answer of waiting.splice(0)) answer() } }
    }

    test('a click waits for its path', () => {
      const { d, answerAll } = later()
      d.click(100, 40)
      expect(d.state()).toBe('livewire/Waiting')
      expect(d.editor.snapshot().annotation.draft?.ring.length).toBe(1)
      let notices = 0
      d.editor.subscribe((change) => { if (change.document) notices++ })
      answerAll()
      expect(d.state()).toBe('livewire/Drawing')
      expect(notices).toBe(1)
      expect(d.editor.snapshot().annotation.draft?.ring.length).toBeGreaterThan(5)
    })

    test('an overtaken answer does not replace a newer one', () => {
      const { d, waiting } = later()
      d.move(100, 40).move(140, 80)
      for (const answer of waiting.splice(0).reverse()) answer()
      const rubber = d.editor.overlay().shapes.find((s) => s.kind === 'line' && s.role === 'rubber')
      expect(rubber?.kind === 'line' && rubber.points.at(-1)).toEqual({ x: 140, y: 80 })
    })

    test('stale answers are dropped', () => {
      const { d, answerAll } = later()
      d.move(100, 40).move(90, 45).send({ type: 'pointerleave' }).tool('select')
      answerAll()
      expect(d.state()).toBe('select/Idle')
    })

    test('cancel forgets the click, complete and interrupt take the straight line; a late answer changes nothing', () => {
      for (const [how, points] of [['cancel', 1], ['complete', 2], ['interrupt', 2]] as const) {
        const { d, answerAll } = later()
        d.click(100, 40)
        d.editor[how]()
        answerAll()
        expect(d.editor.snapshot().annotation.draft?.ring.length).toBe(points)
        expect(d.state()).toBe('livewire/Drawing')
      }
    })

    test('undo while waiting takes back what was there before', () => {
      const { d, answerAll } = later()
      d.click(100, 40)
      d.editor.undo()
      answerAll()
      expect(d.data().frames).toEqual([])
      expect(d.state()).toBe('livewire/Idle')
    })
  })
})

describe('caliper and ellipse', () => {
  const calibrationOf = () => uniformCalibration({ left: 0, top: 0, ...size }, 0.1, 0.1, 'test')
  const measures = (d: EditorDriver) => d.data().frames[0]?.measurements ?? []
  const texts = (d: EditorDriver) => d.editor.overlay().shapes.flatMap((s) => (s.kind === 'text' ? [s.text] : []))

  test('a caliper by drag, and by two clicks', () => {
    const d = driveEditor({ tool: 'caliper', calibrationOf }).drag([[20, 20], [50, 60]])
    expect(measures(d)).toMatchObject([{ kind: 'caliper', points: [20, 20, 50, 60] }])
    expect(texts(d)).toEqual(['5.00 mm'])
    d.click(100, 100)
    expect(d.state()).toBe('caliper/Measuring')
    d.click(100, 130)
    expect(measures(d)).toHaveLength(2)
    expect(d.undoAll()).toBe(2)
  })

  test('without calibration the caliper shows pixels', () => {
    expect(texts(driveEditor({ tool: 'caliper' }).drag([[20, 20], [50, 60]]))).toEqual(['50.0 px'])
  })

  for (const [how, kept] of [['complete', 1], ['interrupt', 1], ['cancel', 0]] as const) {
    test(`${how} while measuring`, () => {
      const d = driveEditor({ tool: 'caliper' }).down(20, 20).move(60, 20)
      d.editor[how]()
      expect(measures(d)).toHaveLength(kept)
      expect(d.state()).toBe('caliper/Idle')
    })

    test(`${how} in the second axis of an ellipse`, () => {
      const d = driveEditor({ tool: 'ellipse' }).drag([[60, 80], [140, 80]]).move(100, 60)
      expect(d.state()).toBe('ellipse/OtherAxis')
      d.editor[how]()
      expect(measures(d)).toHaveLength(kept)
      expect(d.state()).toBe('ellipse/Idle')
    })
  }

  test('complete, cancel and interrupt in the first axis of an ellipse', () => {
    const begin = () => driveEditor({ tool: 'ellipse' }).down(60, 80).move(140, 80)
    expect(begin().key('Enter').state()).toBe('ellipse/OtherAxis')
    expect(begin().key('Escape').state()).toBe('ellipse/Idle')
    expect(begin().send({ type: 'interrupt' }).journal).toEqual([])
  })

  test('an ellipse gives both axes and the area', () => {
    const d = driveEditor({ tool: 'ellipse', calibrationOf }).drag([[60, 80], [140, 80]]).click(100, 60)
    expect(measures(d)).toMatchObject([{ kind: 'ellipse', points: [60, 80, 140, 80, 100, 60] }])
    expect(texts(d)).toEqual(['8.00 mm × 4.00 mm, 25.13 mm²'])
  })

  test('its ends are dragged and it is deleted with the select tool', () => {
    const d = driveEditor({ tool: 'caliper' }).drag([[20, 20], [50, 60]]).tool('select').down(50, 60).move(80, 100)
    expect(d.state()).toBe('select/MovingHandle')
    d.up(80, 100)
    expect(measures(d)).toMatchObject([{ points: [20, 20, 80, 100] }])
    d.down(20, 20).move(30, 30).key('Escape')
    expect(measures(d)).toMatchObject([{ points: [20, 20, 80, 100] }])
    d.up(30, 30).down(20, 20).move(30, 30).send({ type: 'interrupt' })
    expect(measures(d)).toMatchObject([{ points: [30, 30, 80, 100] }])
    d.key('Delete')
    expect(measures(d)).toEqual([])
    expect(d.undoAll()).toBe(4)
  })

  test('ends outside the calibrated region are measured in pixels', () => {
    const half = () => uniformCalibration({ left: 0, top: 0, width: 100, height: 160 }, 0.1, 0.1, 'test')
    expect(texts(driveEditor({ tool: 'caliper', calibrationOf: half }).drag([[20, 20], [180, 20]]))).toEqual(['160.0 px'])
  })
})
