import { fitRect, fitViewport, pixelAspectOf, resizeViewport, screenPoint, zoomAt, zoomTo, type ScreenPoint, type Viewport } from '#shared/geometry/index.ts'
import { err, ok, type Result } from '#shared/lib/index.ts'
import { composeOverlay } from './composeOverlay.ts'
import { documentFromData, documentToData } from './document/document.ts'
import { prunedSelection } from './document/selection.ts'
import { replayJournal, type JournalError } from './history/journal.ts'
import { InputRouter } from './input/router.ts'
import { Session } from './session.ts'
import type { Editor, EditorChange, EditorOptions, EditorSnapshot } from './types.ts'

function snapshotOf(session: Session): EditorSnapshot {
  const { history, frame, frameCount, annotation, selection, tool, state, options, viewport, display } = session
  return {
    document: history.document, frame, frameCount, annotation, selection, tool, toolState: state.name, active: state.active, options, viewport, display,
    undoable: history.undoable, redoable: history.redoable, seq: history.seq,
  }
}

const changeBetween = (before: EditorSnapshot, now: EditorSnapshot): EditorChange => ({
  document: now.document !== before.document,
  frame: now.frame !== before.frame,
  selection: now.selection !== before.selection,
  tool: now.tool !== before.tool || now.toolState !== before.toolState,
  viewport: now.viewport !== before.viewport,
  display: now.display !== before.display,
  options: now.options !== before.options,
  overlay: true,
})

const centreOf = (v: Viewport): ScreenPoint => screenPoint(v.width / 2, v.height / 2)

/** Fails where the journal is damaged or newer than this program; the first `error.good` entries may then be given alone. */
export function createEditor(setup: EditorOptions): Result<Editor, JournalError> {
  const base = documentFromData(setup.annotation)
  const replayed = replayJournal(base, setup.journal ?? [])
  if (!replayed.ok) return err(replayed.error)
  const listeners = new Set<(change: EditorChange) => void>()
  let acting = false
  // An answer that comes at once is part of the change under way, which tells the listeners itself.
  const session = new Session(setup, base, replayed.value, () => { if (!acting) notify() })
  const router = new InputRouter(session)
  let seen = snapshotOf(session)

  function notify(): void {
    session.selection = prunedSelection(session.selection, session.annotation)
    const before = seen
    seen = snapshotOf(session)
    const change = changeBetween(before, seen)
    for (const listener of listeners) listener(change)
  }

  /** Runs one change from outside and tells the listeners once. */
  function act(change: () => void): void {
    acting = true
    try {
      change()
    } finally {
      acting = false
    }
    notify()
  }
  /** The same for what ends a gesture: the keyboard's button must not stay down after it. */
  const end = (change: () => void): void => act(() => {
    router.letGo()
    change()
  })
  const look = (next: (v: Viewport) => Viewport): void => act(() => { session.viewport = next(session.viewport) })

  return ok({
    snapshot: () => snapshotOf(session),
    overlay: () => composeOverlay(session, router),
    data: () => documentToData(session.history.document),
    dispatch: (event) => act(() => router.dispatch(event)),
    setTool: (tool) => end(() => session.switchTo(() => { session.tool = tool })),
    setFrame: (frame) => end(() => session.setFrame(frame)),
    setOptions: (options) => act(() => session.context.setOptions(options)),
    setDisplay: (display) => act(() => { session.display = { ...session.display, ...display } }),
    setImage: (frame, image) => act(() => { if (image) session.images.set(frame, image); else session.images.delete(frame) }),
    select: (selection) => act(() => { session.selection = selection }),
    undo: () => end(() => session.travel('undo')),
    redo: () => end(() => session.travel('redo')),
    complete: () => end(() => session.complete()),
    cancel: () => act(() => router.cancel()),
    interrupt: () => act(() => router.interrupt()),
    erase: () => act(() => session.erase()),
    nudge: (dx, dy) => act(() => session.nudge(dx, dy)),
    stepBrush: (steps) => act(() => session.stepBrush(steps)),
    resize: (canvas) => look((v) => resizeViewport(v, canvas)),
    fit: (rect) => look((v) => (rect ? fitRect(v, rect) : fitViewport(v, base.size, 0, pixelAspectOf(v)))),
    zoomBy: (factor, at) => look((v) => zoomAt(v, at ?? centreOf(v), factor)),
    zoomTo: (scale) => look((v) => zoomTo(v, centreOf(v), scale)),
    apply: (edit) => end(() => session.apply(edit)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
}
