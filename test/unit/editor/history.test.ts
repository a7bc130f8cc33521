import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyToFrame, createEditor, documentFromData, documentToData, EDITS, markLargestFrame, replayJournal, TOOLS } from '#renderer/editor/index.ts'
import { emptyAnnotation } from '#shared/contour/index.ts'
import { driveEditor, diskImage, type EditorDriver } from '#test/support/editorDriver.ts'

const size = { width: 120, height: 90 }
const x = fc.integer({ min: 0, max: 120 }), y = fc.integer({ min: 0, max: 90 })
const keys = fc.record({ shift: fc.boolean(), alt: fc.boolean() })

type Action = (d: EditorDriver) => void
const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(x, y, keys).map(([px, py, k]): Action => (d) => { d.click(px, py, k) }) },
  { weight: 4, arbitrary: fc.tuple(fc.array(fc.tuple(x, y), { minLength: 2, maxLength: 6 }), keys).map(([path, k]): Action => (d) => { d.drag(path, k) }) },
  { weight: 3, arbitrary: fc.constantFrom(...TOOLS.map((t) => t.id)).map((id): Action => (d) => { d.tool(id) }) },
  { weight: 3, arbitrary: fc.constantFrom('Enter', 'Escape', 'Delete', 'Backspace', ' ', 'ArrowLeft', 'ArrowDown').map((key): Action => (d) => { d.key(key) }) },
  { weight: 1, arbitrary: fc.constant<Action>((d) => { d.key('ArrowRight', { alt: true }) }) },
  { weight: 2, arbitrary: fc.constantFrom<Action>((d) => d.editor.undo(), (d) => d.editor.redo(), (d) => d.editor.interrupt(), (d) => d.editor.cancel(), (d) => d.editor.complete()) },
  { weight: 2, arbitrary: fc.constantFrom(...EDITS.map((e) => e.edit), copyToFrame(2), markLargestFrame(1), markLargestFrame(null)).map((edit): Action => (d) => { d.editor.apply(edit) }) },
  { weight: 1, arbitrary: fc.record({ brushAdaptive: fc.boolean(), brushRadius: fc.integer({ min: 1, max: 20 }), label: fc.constantFrom('lesion', 'node') }).map((o): Action => (d) => { d.editor.setOptions(o) }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 }).map((frame): Action => (d) => { d.editor.setFrame(frame) }) },
  { weight: 1, arbitrary: fc.tuple(x, y, fc.integer({ min: -400, max: 400 })).map(([px, py, delta]): Action => (d) => { d.wheel(px, py, delta) }) },
)

describe('undo, redo and the journal', () => {
  test('any sequence of edits undone and redone gives equal documents, and so does its journal', { timeout: 60_000 }, () => {
    fc.assert(fc.property(fc.array(actions, { maxLength: 60, size: 'max' }), (steps) => {
      const d = driveEditor({ size, image: diskImage(size, { x: 60, y: 45 }, 25) })
      d.tool('polygon').click(20, 20).click(70, 20).click(70, 70).key('Enter').tool('select')
      for (const step of steps) step(d)
      d.editor.interrupt()
      const end = d.data()
      expect(d.reopen().data()).toEqual(end)
      const redoable = d.editor.snapshot().redoable
      const depth = d.undoAll()
      expect(d.data()).toEqual(emptyAnnotation(size))
      const undone = d.reopen()
      expect(undone.data()).toEqual(emptyAnnotation(size))
      for (let i = 0; i < depth; i++) {
        d.editor.redo()
        undone.editor.redo()
      }
      expect(d.data()).toEqual(end)
      expect(d.editor.snapshot().redoable).toBe(redoable)
      expect(undone.data()).toEqual(end)
      expect(documentToData(documentFromData(end))).toEqual(end)
    }), { numRuns: 200 })
  })

  test('undo goes beyond any ring of fifty, and past a reopening', () => {
    const d = driveEditor({ size, tool: 'polygon' })
    for (let i = 0; i < 300; i++) d.click(5 + (i * 37) % 110, 5 + (i * 53) % 80)
    expect(d.reopen().undoAll()).toBe(300)
  })

  test('entries are numbered from 1, undo and redo among them', () => {
    const d = driveEditor({ size, tool: 'polygon' }).click(10, 10).click(50, 10)
    d.editor.undo()
    d.editor.redo()
    d.editor.undo()
    d.editor.undo()
    d.editor.undo()
    expect(d.journal.map((e) => [e.v, e.seq, e.kind])).toEqual([[1, 1, 'do'], [1, 2, 'do'], [1, 3, 'undo'], [1, 4, 'redo'], [1, 5, 'undo'], [1, 6, 'undo']])
    const again = d.reopen()
    expect(again.editor.snapshot()).toMatchObject({ undoable: null, redoable: 'first point', seq: 6 })
    again.editor.redo()
    expect(again.journal.at(-1)).toMatchObject({ seq: 7, kind: 'redo' })
  })

  test('a new edit after undo drops the future', () => {
    const d = driveEditor({ size, tool: 'polygon' }).click(10, 10).click(50, 10)
    d.editor.undo()
    expect(d.editor.snapshot().redoable).toBe('point')
    d.click(30, 60)
    expect(d.editor.snapshot().redoable).toBeNull()
  })

  test('undo shows the frame where the edit was', () => {
    const d = driveEditor({ size, tool: 'polygon' }).click(10, 10)
    d.editor.setFrame(5)
    d.editor.undo()
    expect(d.editor.snapshot().frame).toBe(0)
  })

  test('a damaged tail costs only itself, and a newer format is refused', () => {
    const d = driveEditor({ size, tool: 'polygon' }).click(10, 10).click(50, 10).click(50, 60)
    const base = documentFromData(emptyAnnotation(size))
    const damaged = replayJournal(base, [...d.journal.slice(0, 2), { ...d.journal[2], ops: [{ op: 'move' }] }])
    expect(damaged).toMatchObject({ ok: false, error: { code: 'journal-damaged', good: 2 } })
    if (damaged.ok) throw new Error('accepted')
    expect(documentToData(damaged.error.replayed.document).frames[0]?.draft?.points).toEqual([10, 10, 50, 10])
    expect(replayJournal(base, [d.journal[0], d.journal[2]])).toMatchObject({ ok: false, error: { good: 1 } })
    expect(replayJournal(base, ['text'])).toMatchObject({ ok: false, error: { good: 0 } })
    const newer = createEditor({ annotation: emptyAnnotation(size), journal: [{ ...d.journal[0], v: 2 }], onJournal: () => {} })
    expect(newer).toMatchObject({ ok: false, error: { code: 'journal-version' } })
  })

  test('an id is never given twice, even across stored versions', () => {
    const first = driveEditor({ size, tool: 'polygon' }).click(10, 10).click(50, 10).click(50, 60).key('Enter')
    const second = driveEditor({ size, annotation: first.data(), tool: 'polygon' }).click(70, 10).click(90, 10).click(90, 60).key('Enter')
    expect(new Set(second.data().frames[0]?.contours.map((c) => c.id)).size).toBe(2)
  })
})
