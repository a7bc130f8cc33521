import { describe, expect, test } from 'vitest'
import { EDIT_GESTURES, effortSince, madeBy } from '#renderer/features/annotate/effort.ts'
import { habitsOf, keepHabits, keptHabits, FIRST_HABITS } from '#renderer/features/annotate/habits.ts'
import { copyToFrame, EDITS, markLargestFrame, pasteContours } from '#renderer/editor/index.ts'
import { driveEditor, diskImage } from '#test/support/editorDriver.ts'

describe('active time and tool use', () => {
  test('are those since the version, and older entries without them count nothing', () => {
    const entries = [{ seq: 1, by: 'polygon', ms: 4000 }, { seq: 2, by: 'brush', ms: 1500 }, { seq: 3 }, { seq: 4, by: 'undo', ms: 700 }, { seq: 5, by: 'brush', ms: Number.NaN }]
    expect(effortSince(entries, 1)).toEqual({ seconds: 2.2, tools: new Map([['brush', 2], ['undo', 1]]) })
    expect(effortSince(entries, 5)).toEqual({ seconds: 0, tools: new Map() })
  })

  test('every edit that needs no tool is counted by its own name', () => {
    const ring = (x: number, y: number, w: number, h: number): number[] => [x, y, x + w, y, x + w, y + h, x, y + h]
    const frames = [
      { frame: 0, measurements: [], draft: null, contours: [{ id: 'a', label: 'lesion', shape: 'polygon' as const, origin: 'drawn' as const, rings: [[...ring(20, 20, 60, 60), 20.3, 50], ring(40, 40, 10, 10)] }, { id: 'b', label: 'lesion', shape: 'polygon' as const, origin: 'drawn' as const, rings: [ring(120, 20, 10, 10)] }] },
      { frame: 3, measurements: [], draft: null, contours: [{ id: 'c', label: 'lesion', shape: 'polygon' as const, origin: 'drawn' as const, rings: [ring(20, 20, 40, 40)] }] },
    ]
    const run = (work: (d: ReturnType<typeof driveEditor>) => void): string => {
      const d = driveEditor({ annotation: { format: 1, width: 200, height: 160, frames, largestFrame: null }, frameCount: 6, image: diskImage({ width: 200, height: 160 }, { x: 80, y: 80 }, 40), tool: 'polygon' })
      work(d)
      const entry = d.journal.at(-1)
      if (entry === undefined) throw new Error('nothing was written')
      return madeBy(entry, d.editor.snapshot().tool)
    }
    for (const edit of [...EDITS.map((e) => e.edit), copyToFrame(2), markLargestFrame(0), pasteContours({ size: { width: 200, height: 160 }, contours: [{ id: 'x', label: 'lesion', shape: 'polygon', origin: 'drawn', rings: [[0, 0, 9000, 0, 9000, 9000]] }] })]) expect(EDIT_GESTURES).toContain(run((d) => d.editor.apply(edit)))
    expect(run((d) => { d.editor.select({ contours: ['a'], vertices: [], measurement: null }); d.editor.nudge(1, 0) })).toBe('nudge')
    expect(run((d) => { d.editor.select({ contours: ['a'], vertices: [], measurement: null }); d.editor.erase() })).toBe('delete')
    expect(run((d) => d.click(10, 10))).toBe('polygon')
    expect(run((d) => { d.click(10, 10); d.editor.undo() })).toBe('undo')
  })
})

describe('how a person likes to work', () => {
  const memory = () => {
    const held = new Map<string, string>()
    return { held, getItem: (k: string) => held.get(k) ?? null, setItem: (k: string, v: string) => void held.set(k, v) }
  }
  test('goes from case to case and from day to day: tool, sizes, grey levels', () => {
    const store = memory()
    const d = driveEditor({ tool: 'brush' })
    d.editor.setOptions({ brushRadius: 21, brushAdaptive: true })
    d.editor.setDisplay({ level: 55, window: 110, interpolation: 'nearest', contoursHidden: true })
    keepHabits('ana', habitsOf(d.editor.snapshot(), FIRST_HABITS), store)
    const kept = keptHabits('ana', store)
    expect(kept.tool).toBe('brush')
    expect(kept.options).toMatchObject({ brushRadius: 21, brushAdaptive: true })
    expect(kept.display).toMatchObject({ level: 55, window: 110, interpolation: 'nearest', contoursHidden: false })
    expect(keptHabits('ben', store)).toEqual({ ...FIRST_HABITS, display: { contoursHidden: false } })
  })
  test('a case does not begin with the eraser or a ruler in hand', () => {
    for (const tool of ['eraser', 'caliper', 'ellipse', 'select'] as const) expect(habitsOf(driveEditor({ tool }).editor.snapshot(), { ...FIRST_HABITS, tool: 'livewire' }).tool).toBe('livewire')
  })
  test('what is damaged counts as not said', () => {
    const store = memory()
    store.setItem('sln.habits.drawing.ana', '{"tool":"laser","options":{"brushRadius":"big","brushTolerance":9,"other":1},"display":7}')
    expect(keptHabits('ana', store)).toEqual({ tool: 'polygon', options: { brushTolerance: 9 }, display: { contoursHidden: false } })
    store.setItem('sln.habits.drawing.ana', '{')
    expect(keptHabits('ana', store)).toEqual(FIRST_HABITS)
  })
})
