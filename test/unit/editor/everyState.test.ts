import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { AnnotationData } from '#shared/contour/index.ts'
import { root } from '#test/support/studies.ts'
import { diskImage, driveEditor, type EditorDriver } from '#test/support/editorDriver.ts'
import { TOOLS, type LiveWirePort } from '#renderer/editor/index.ts'

const SIZE = { width: 200, height: 160 }
const image = diskImage(SIZE, { x: 90, y: 80 }, 35)
const square: AnnotationData = {
  format: 1, ...SIZE, largestFrame: null,
  frames: [{ frame: 0, draft: null, contours: [{ id: 'a', label: 'lesion', shape: 'polygon', origin: 'drawn', rings: [[50, 50, 150, 50, 150, 120, 50, 120]] }], measurements: [{ id: 'm', kind: 'caliper', points: [10, 10, 40, 10] }] }],
}
/** A worker that never answers. */
const silent: LiveWirePort = { path: () => undefined }

type Way = 'complete' | 'cancel' | 'interrupt'
interface Reached { readonly begin: () => EditorDriver; readonly after: Readonly<Record<Way, string>>; /** What the gesture may leave behind, by how it ends. */ readonly keeps: Readonly<Record<Way, boolean>> }
const selected = (): EditorDriver => {
  const d = driveEditor({ annotation: square, tool: 'select', image })
  d.editor.select({ contours: ['a'], vertices: [], measurement: null })
  return d
}
const pick = (tool: 'polygon' | 'spline' | 'livewire' | 'caliper' | 'ellipse' | 'freehand' | 'brush' | 'eraser' | 'flood', liveWire?: LiveWirePort): EditorDriver =>
  driveEditor({ annotation: square, tool, image, ...(liveWire ? { liveWire } : {}), options: { brushRadius: 6 } })
const three = (d: EditorDriver): EditorDriver => d.click(20, 100).click(40, 100).click(40, 140)

/** Every state in which a gesture is under way, how a hand gets there, and where each ending leads. */
const ACTIVE: Readonly<Record<string, Reached>> = {
  'polygon/Drawing': { begin: () => three(pick('polygon')), after: { complete: 'polygon/Idle', cancel: 'polygon/Idle', interrupt: 'polygon/Drawing' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'spline/Drawing': { begin: () => three(pick('spline')), after: { complete: 'spline/Idle', cancel: 'spline/Idle', interrupt: 'spline/Drawing' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'livewire/Drawing': { begin: () => three(pick('livewire')), after: { complete: 'livewire/Idle', cancel: 'livewire/Idle', interrupt: 'livewire/Drawing' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'livewire/Waiting': { begin: () => pick('livewire', silent).click(20, 100).click(60, 130), after: { complete: 'livewire/Drawing', cancel: 'livewire/Drawing', interrupt: 'livewire/Drawing' }, keeps: { complete: true, cancel: true, interrupt: true } },
  'freehand/Drawing': { begin: () => pick('freehand').down(20, 100).move(40, 100).move(40, 140).move(22, 138), after: { complete: 'freehand/Idle', cancel: 'freehand/Idle', interrupt: 'freehand/Idle' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'brush/Painting': { begin: () => pick('brush').down(20, 140).move(40, 140), after: { complete: 'brush/Idle', cancel: 'brush/Idle', interrupt: 'brush/Idle' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'eraser/Painting': { begin: () => pick('eraser').down(50, 80).move(52, 90), after: { complete: 'eraser/Idle', cancel: 'eraser/Idle', interrupt: 'eraser/Idle' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'flood/Previewing': { begin: () => pick('flood').down(20, 20), after: { complete: 'flood/Idle', cancel: 'flood/Idle', interrupt: 'flood/Idle' }, keeps: { complete: true, cancel: false, interrupt: false } },
  'caliper/Measuring': { begin: () => pick('caliper').down(20, 100).move(90, 100), after: { complete: 'caliper/Idle', cancel: 'caliper/Idle', interrupt: 'caliper/Idle' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'ellipse/FirstAxis': { begin: () => pick('ellipse').down(20, 100).move(90, 100), after: { complete: 'ellipse/OtherAxis', cancel: 'ellipse/Idle', interrupt: 'ellipse/Idle' }, keeps: { complete: false, cancel: false, interrupt: false } },
  'ellipse/OtherAxis': { begin: () => pick('ellipse').drag([[20, 100], [90, 100]]).move(55, 120), after: { complete: 'ellipse/Idle', cancel: 'ellipse/Idle', interrupt: 'ellipse/Idle' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'select/MovingVertices': { begin: () => selected().down(50, 50).move(40, 44), after: { complete: 'select/Idle', cancel: 'select/Idle', interrupt: 'select/Idle' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'select/Inserting': { begin: () => selected().down(100, 50).move(100, 40), after: { complete: 'select/Idle', cancel: 'select/Idle', interrupt: 'select/Idle' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'select/MovingHandle': { begin: () => selected().down(40, 10).move(60, 22), after: { complete: 'select/Idle', cancel: 'select/Idle', interrupt: 'select/Idle' }, keeps: { complete: true, cancel: false, interrupt: true } },
  'select/Boxing': { begin: () => selected().down(180, 40).move(120, 140), after: { complete: 'select/Idle', cancel: 'select/Idle', interrupt: 'select/Idle' }, keeps: { complete: false, cancel: false, interrupt: false } },
}

/** The names of active states as the sources give them; tools that share a state file give it their own name. */
function namedInSources(): string[] {
  const folder = join(root, 'src/renderer/editor/tools')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && !f.endsWith('toolState.ts'))
  return files.flatMap((f) => [...readFileSync(join(folder, f), 'utf8').matchAll(/(?:held|drawing)\((['`])(.+?)\1\)/g)].flatMap((m) => {
    const name = m[2] as string
    if (name.startsWith('${kind.id}')) return ['polygon', 'spline'].map((id) => name.replace('${kind.id}', id))
    return name.startsWith('${tool}') ? ['brush', 'eraser'].map((id) => name.replace('${tool}', id)) : [name]
  })).sort()
}

describe('every state of every tool', () => {
  test('is in the table below', () => expect(Object.keys(ACTIVE).sort()).toEqual(namedInSources()))
  test('every tool is', () => expect([...new Set(Object.keys(ACTIVE).map((name) => name.split('/')[0]))].sort()).toEqual(TOOLS.map((t) => t.id).sort()))

  for (const [name, { begin, after, keeps }] of Object.entries(ACTIVE)) {
    for (const way of ['complete', 'cancel', 'interrupt'] as const) {
      test(`${name}: ${way}`, () => {
        const d = begin()
        expect(d.state()).toBe(name)
        expect(d.editor.snapshot().active).toBe(true)
        const acknowledged = d.journal.length
        d.editor[way]()
        expect(d.state()).toBe(after[way])
        const changed = !isDeepStrictEqual(d.data(), square)
        expect(changed).toBe(keeps[way])
        // Whatever the ending, what was in the journal is still in it, the history leads back, and a reopening gives the same drawing.
        expect(d.journal.length).toBeGreaterThanOrEqual(acknowledged)
        expect(d.reopen().data()).toEqual(d.data())
        const end = d.data()
        let steps = 0
        while (d.editor.snapshot().undoable !== null) {
          d.editor.undo()
          steps++
        }
        expect(d.data()).toEqual(square)
        for (; steps > 0; steps--) d.editor.redo()
        expect(d.data()).toEqual(end)
      })
    }
    test(`${name}: another tool, another frame, a lost pointer`, () => {
      for (const away of [(d: EditorDriver) => d.tool(name.startsWith('select') ? 'polygon' : 'select'), (d: EditorDriver) => (d.editor.setFrame(1), d), (d: EditorDriver) => d.send({ type: 'cancel' })]) {
        const d = away(begin())
        expect(d.editor.snapshot().toolState).not.toMatch(/Painting|Moving|Inserting|Boxing|Previewing|Measuring|Axis/)
        expect(d.reopen().data()).toEqual(d.data())
      }
    })
  }

  test('idle states have nothing to end: each ending changes nothing and writes nothing', () => {
    for (const { id } of TOOLS) {
      for (const way of ['complete', 'cancel', 'interrupt'] as const) {
        const d = driveEditor({ annotation: square, tool: id, image })
        d.editor[way]()
        expect(d.state()).toBe(`${id}/Idle`)
        expect(d.journal).toEqual([])
        expect(d.data()).toEqual(square)
      }
    }
  })
})
