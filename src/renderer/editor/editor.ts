import type { AnnotationData } from '#shared/contour/index.ts'
import {
  fitRect, fitViewport, resizeViewport, screenLength, screenPoint, screenToImage, uncalibrated, zoomAt, zoomTo,
  type Calibration, type GreyImage, type ImagePoint, type Rect, type ScreenPoint, type Size, type Viewport,
} from '#shared/geometry/index.ts'
import { err, ok, type Result } from '#shared/lib/index.ts'
import { documentFromData, documentToData, frameOf, type AnnotationDocument, type FrameAnnotation } from './document/document.ts'
import { deleteOperations, drawnOperations } from './document/edit.ts'
import type { Operation } from './document/operations.ts'
import { moveOperations, NOTHING, prunedSelection, wholeContours, type Selection } from './document/selection.ts'
import { toUnits } from './document/units.ts'
import { History } from './history/history.ts'
import { replayJournal, type JournalEntry, type JournalError } from './history/journal.ts'
import type { InputEvent, Modifiers, ToolEvent } from './input/events.ts'
import { arrowStep, clampToImage, isArrow, type KeyboardCursor } from './input/keyboardCursor.ts'
import { draftShapes } from './tools/draft/draftOverlay.ts'
import { toolById } from './tools/index.ts'
import { directLiveWire } from './tools/livewire/directLiveWire.ts'
import { measurementShapes } from './tools/measurementShapes.ts'
import { DEFAULT_OPTIONS, steppedBrush, type ToolOptions } from './tools/options.ts'
import type { CursorRole, OverlayShape, ToolOverlay } from './tools/overlay.ts'
import type { LiveWirePort, ToolContext, ToolId, ToolState } from './tools/toolState.ts'
import { DEFAULT_DISPLAY, type Display } from './view/display.ts'
import { createViewGestures } from './view/gestures.ts'

export interface EditorOptions {
  /** What the journal begins with: an empty annotation, or a stored version. */
  readonly annotation: AnnotationData
  /** The entries written since, oldest first; the history continues after them. */
  readonly journal?: readonly unknown[]
  /** Called once for each gesture, undo and redo, in order: write it to disk; show it as saved when that is done. */
  onJournal(entry: JournalEntry): void
  readonly frame?: number
  /** How many frames the case has; without it any frame may be shown. */
  readonly frameCount?: number
  readonly canvas?: Size
  readonly options?: Partial<ToolOptions>
  readonly display?: Partial<Display>
  /** The scale of a frame; none by default. */
  calibrationOf?(frame: number): Calibration
  /** Finds live-wire paths, in a worker for preference; by default at once on this thread. */
  readonly liveWire?: LiveWirePort
}

/** What changed since the last notice. `overlay` is set whenever anything did. */
export interface EditorChange {
  readonly document: boolean; readonly frame: boolean; readonly selection: boolean; readonly tool: boolean
  readonly viewport: boolean; readonly display: boolean; readonly options: boolean; readonly overlay: boolean
}

/** The present moment; values are immutable, so `===` tells whether one changed. */
export interface EditorSnapshot {
  readonly document: AnnotationDocument
  readonly frame: number
  readonly frameCount: number
  readonly annotation: FrameAnnotation
  readonly selection: Selection
  readonly tool: ToolId
  /** `tool/State`. */
  readonly toolState: string
  readonly active: boolean
  readonly options: ToolOptions
  readonly viewport: Viewport
  readonly display: Display
  readonly undoable: string | null
  readonly redoable: string | null
  /** The number of the last journal entry. */
  readonly seq: number
}

export interface Editor {
  snapshot(): EditorSnapshot
  /** Plain JSON of the document, to be stored as a version. */
  data(): AnnotationData
  dispatch(event: InputEvent): void
  setTool(tool: ToolId): void
  /** Shows another frame (0 to frameCount - 1; others are brought into range). */
  setFrame(frame: number): void
  setOptions(options: Partial<ToolOptions>): void
  setDisplay(display: Partial<Display>): void
  /** The pixels of a frame, for the tools that look at them. */
  setImage(frame: number, image: GreyImage | null): void
  select(selection: Selection): void
  undo(): void
  redo(): void
  complete(): void
  cancel(): void
  interrupt(): void
  /** Backspace and Delete: the last point of a draft, else what is selected. */
  erase(): void
  /** Moves the selected vertices, else the selected contours, by image pixels. */
  nudge(dx: number, dy: number): void
  stepBrush(steps: number): void
  resize(canvas: Size): void
  fit(rect?: Rect): void
  zoomBy(factor: number, at?: ScreenPoint): void
  zoomTo(scale: number): void
  /** Runs an edit that needs no pointer (see edits/). */
  apply(edit: (context: ToolContext) => void): void
  overlay(): ToolOverlay
  subscribe(listener: (change: EditorChange) => void): () => void
}

const DEFAULT_CANVAS: Size = { width: 800, height: 600 }

/** Fails where the journal is damaged or newer than this program; `error.good` entries may then be given alone. */
export function createEditor(setup: EditorOptions): Result<Editor, JournalError> {
  const base = documentFromData(setup.annotation)
  const replayed = replayJournal(base, setup.journal ?? [])
  if (!replayed.ok) return err(replayed.error)
  const history = new History(replayed.value, setup.onJournal)
  const oldIds = new Set([...base.frames.values()].flatMap((f) => [...f.contours, ...f.measurements].map((item) => item.id)))
  const images = new Map<number, GreyImage>()
  const listeners = new Set<(change: EditorChange) => void>()
  const gestures = createViewGestures()
  const liveWire = setup.liveWire ?? directLiveWire()
  const frameCount = setup.frameCount ?? Infinity
  let frame = setup.frame ?? 0
  let selection: Selection = NOTHING
  let options: ToolOptions = { ...DEFAULT_OPTIONS, ...setup.options }
  let display: Display = { ...DEFAULT_DISPLAY, ...setup.display }
  let viewport = fitViewport(setup.canvas ?? DEFAULT_CANVAS, base.size)
  let tool: ToolId = 'select'
  let cursor: KeyboardCursor | null = null
  let pointer: ImagePoint | null = null
  let ids = 0
  let acting = false

  const context: ToolContext = {
    get document() { return history.document },
    get frame() { return frame },
    get annotation() { return frameOf(history.document, frame) },
    get options() { return options },
    get selection() { return selection },
    get image() { return images.get(frame) ?? null },
    get calibration() { return setup.calibrationOf?.(frame) ?? uncalibrated('The image carries no pixel spacing.') },
    liveWire,
    reach: (cssPixels) => screenLength(viewport, cssPixels),
    commit(gesture, operations: readonly Operation[]) { history.commit(gesture, operations) },
    select(next) { selection = next },
    setOptions(next) { options = { ...options, ...next } },
    newId() {
      for (;;) {
        const id = `c${history.seq + 1}-${ids++}`
        if (!oldIds.has(id)) return id
      }
    },
    resume(asker, next) {
      if (state !== asker) return
      state = next(context)
      // An answer that came at once is part of the change under way, which tells the listeners itself.
      if (!acting) notify()
    },
  }
  let state: ToolState = toolById(tool).enter(context)
  let seen = snapshot()

  function snapshot(): EditorSnapshot {
    return {
      document: history.document, frame, frameCount, annotation: frameOf(history.document, frame), selection, tool, toolState: state.name, active: state.active,
      options, viewport, display, undoable: history.undoable, redoable: history.redoable, seq: history.seq,
    }
  }

  function notify(): void {
    selection = prunedSelection(selection, frameOf(history.document, frame))
    const now = snapshot(), before = seen
    seen = now
    const change: EditorChange = {
      document: now.document !== before.document, frame: now.frame !== before.frame, selection: now.selection !== before.selection,
      tool: now.tool !== before.tool || now.toolState !== before.toolState, viewport: now.viewport !== before.viewport,
      display: now.display !== before.display, options: now.options !== before.options, overlay: true,
    }
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

  const inImage = (at: ScreenPoint): ImagePoint => clampToImage(screenToImage(viewport, at), history.document.size)
  const send = (event: ToolEvent): void => { state = state.on(event, context) }

  function releaseKeyboard(modifiers: Modifiers): void {
    if (!cursor?.pressed) return
    cursor = { at: cursor.at, pressed: false }
    send({ type: 'up', at: cursor.at, modifiers })
  }

  /** A click of the crosshair; where the tool holds on, the virtual button stays down until the next one. */
  function pressKeyboard(modifiers: Modifiers): void {
    if (!cursor) return
    if (cursor.pressed) return releaseKeyboard(modifiers)
    send({ type: 'down', at: cursor.at, modifiers })
    cursor = { at: cursor.at, pressed: true }
    if (!state.holding) releaseKeyboard(modifiers)
  }

  function moveCursor(key: string, modifiers: Modifiers): void {
    const centre = screenToImage(viewport, screenPoint(viewport.width / 2, viewport.height / 2))
    const from = cursor?.at ?? pointer ?? centre
    const [dx, dy] = arrowStep(key, modifiers, viewport.scale)
    cursor = { at: clampToImage({ x: from.x + dx, y: from.y + dy }, history.document.size), pressed: cursor?.pressed ?? false }
    send({ type: 'move', at: cursor.at, between: [], modifiers })
  }

  function onKey(key: string, modifiers: Modifiers): void {
    if (isArrow(key)) return modifiers.alt ? nudge(key, modifiers) : moveCursor(key, modifiers)
    switch (key) {
      case 'Escape': return cancel()
      case 'Enter':
        if (cursor?.pressed) releaseKeyboard(modifiers)
        else if (state.active) state = state.complete(context)
        else pressKeyboard(modifiers)
        return
      case 'Backspace': case 'Delete': return erase()
      default: return
    }
  }

  function nudge(key: string, modifiers: Modifiers): void {
    const [dx, dy] = arrowStep(key, modifiers, viewport.scale)
    moveSelected(dx, dy)
  }

  function moveSelected(dx: number, dy: number): void {
    const annotation = context.annotation
    const spans = selection.vertices.length > 0 ? selection.vertices : wholeContours(annotation, selection.contours)
    const touched = annotation.contours.filter((c) => spans.some((s) => s.contour === c.id))
    const moves = moveOperations(frame, spans, toUnits(dx), toUnits(dy))
    if (moves.length > 0) history.commit('nudge', [...drawnOperations(frame, touched), ...moves])
  }

  function erase(): void {
    if (state.active) {
      state = state.erase?.(context) ?? state
      return
    }
    const operations = deleteOperations(frame, context.annotation, selection)
    if (history.commit('delete', operations)) selection = { ...NOTHING, contours: selection.vertices.length > 0 ? selection.contours : [] }
  }

  function cancel(): void {
    if (cursor?.pressed) cursor = { at: cursor.at, pressed: false }
    else if (!state.active) cursor = null
    state = state.cancel(context)
  }

  function interrupt(): void {
    if (cursor?.pressed) cursor = { at: cursor.at, pressed: false }
    state = state.interrupt(context)
  }

  /** A held gesture is given up; otherwise the last mark is taken back (or brought again) where it was made. */
  function travel(step: () => ReturnType<History['undo']>): void {
    if (state.holding) return cancel()
    const mark = step()
    const place = mark?.ops.find((o): o is Exclude<Operation, { op: 'largestFrame' }> => o.op !== 'largestFrame')?.frame
    if (place !== undefined) frame = place
    state = toolById(tool).enter(context)
  }

  function onPointer(event: InputEvent): void {
    switch (event.type) {
      case 'pointerdown':
        if (event.button !== 0) return
        releaseKeyboard(event.modifiers)
        cursor = null
        pointer = inImage(event.at)
        return send({ type: 'down', at: pointer, modifiers: event.modifiers })
      case 'pointermove':
        pointer = inImage(event.at)
        // While the keyboard holds the button the pointer must not drag what it did not press.
        if (cursor?.pressed) return
        cursor = null
        return send({ type: 'move', at: pointer, between: (event.coalesced ?? []).map(inImage), modifiers: event.modifiers })
      case 'pointerup':
        if (event.button === 0 && !cursor?.pressed) send({ type: 'up', at: inImage(event.at), modifiers: event.modifiers })
        return
      case 'doubleclick': return send({ type: 'double', at: inImage(event.at), modifiers: event.modifiers })
      case 'pointerleave':
        pointer = null
        return send({ type: 'leave' })
      default: return
    }
  }

  const sizesBrush = (event: InputEvent): event is Extract<InputEvent, { type: 'wheel' }> =>
    event.type === 'wheel' && (event.modifiers.shift || event.modifiers.alt) && (tool === 'brush' || tool === 'eraser')

  function dispatch(event: InputEvent): void {
    // With Shift browsers turn the wheel sideways.
    if (sizesBrush(event)) return stepBrush(-Math.sign(event.deltaY || event.deltaX))
    const tapped = event.type === 'keyup' && event.key === ' ' && gestures.spaceIsTap
    const view = gestures.handle(event, { viewport, display })
    if (view) {
      viewport = view.viewport
      display = view.display
    } else if (tapped) pressKeyboard(event.modifiers)
    else if (event.type === 'keydown') onKey(event.key, event.modifiers)
    else if (event.type === 'cancel') cancel()
    else if (event.type === 'interrupt') interrupt()
    else onPointer(event)
  }

  function stepBrush(steps: number): void {
    options = { ...options, brushRadius: steppedBrush(options.brushRadius, steps) }
  }

  function enter(change: () => void): void {
    interrupt()
    change()
    state = toolById(tool).enter(context)
    if (pointer) send({ type: 'move', at: pointer, between: [], modifiers: { shift: false, ctrl: false, alt: false, meta: false } })
  }

  function overlay(): ToolOverlay {
    const part = state.overlay(context)
    const annotation = context.annotation
    const waiting: OverlayShape[] = annotation.draft && !part.shapes.some((s) => s.kind === 'line' && s.role === 'draft') ? draftShapes(annotation.draft) : []
    const hidden = state.name === 'select/MovingHandle' ? selection.measurement : null
    const measures = annotation.measurements.filter((m) => m.id !== hidden).flatMap((m) => measurementShapes(m.kind, m.points.points(), context.calibration))
    const cross: OverlayShape[] = cursor ? [{ kind: 'crosshair', at: cursor.at, pressed: cursor.pressed }]
      : display.crosshair && pointer ? [{ kind: 'crosshair', at: pointer, pressed: false }] : []
    const grips: Readonly<Record<typeof gestures.mode, CursorRole | null>> = { none: null, 'ready to pan': cursor ? null : 'grab', pan: 'grabbing', levels: 'levels' }
    const hint = annotation.draft && !state.active ? `${part.hint} An unfinished contour waits: choose the polygon, spline or live-wire tool to go on.` : part.hint
    return { ...part, hint, shapes: [...waiting, ...measures, ...part.shapes, ...cross], cursor: grips[gestures.mode] ?? part.cursor }
  }

  return ok({
    snapshot, overlay,
    data: () => documentToData(history.document),
    dispatch: (event) => act(() => dispatch(event)),
    setTool: (next) => act(() => enter(() => { tool = next })),
    setFrame: (next) => act(() => {
      const bounded = Math.min(frameCount - 1, Math.max(0, Math.trunc(next)))
      if (bounded !== frame) enter(() => { frame = bounded; selection = NOTHING })
    }),
    setOptions: (next) => act(() => context.setOptions(next)),
    setDisplay: (next) => act(() => { display = { ...display, ...next } }),
    setImage: (at, image) => act(() => { if (image) images.set(at, image); else images.delete(at) }),
    select: (next) => act(() => { selection = next }),
    undo: () => act(() => travel(() => history.undo())),
    redo: () => act(() => travel(() => history.redo())),
    complete: () => act(() => { state = state.complete(context) }),
    cancel: () => act(cancel),
    interrupt: () => act(interrupt),
    erase: () => act(erase),
    nudge: (dx, dy) => act(() => moveSelected(dx, dy)),
    stepBrush: (steps) => act(() => stepBrush(steps)),
    resize: (canvas) => act(() => { viewport = resizeViewport(viewport, canvas) }),
    fit: (rect) => act(() => { viewport = rect ? fitRect(viewport, rect) : fitViewport(viewport, history.document.size) }),
    zoomBy: (factor, at) => act(() => { viewport = zoomAt(viewport, at ?? screenPoint(viewport.width / 2, viewport.height / 2), factor) }),
    zoomTo: (scale) => act(() => { viewport = zoomTo(viewport, screenPoint(viewport.width / 2, viewport.height / 2), scale) }),
    apply: (edit) => act(() => {
      if (state.holding) interrupt()
      edit(context)
      state = toolById(tool).enter(context)
    }),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
}
