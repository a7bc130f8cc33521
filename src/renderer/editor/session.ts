import { fitViewport, pixelAspectFor, type GreyImage, type ImagePoint, type Size, type Viewport } from '#shared/geometry/index.ts'
import { createContext } from './context.ts'
import { frameOf, type AnnotationDocument, type FrameAnnotation } from './document/document.ts'
import { deleteOperations, drawnOperations } from './document/edit.ts'
import type { Operation } from './document/operations.ts'
import { moveOperations, NOTHING, wholeContours, type Selection } from './document/selection.ts'
import { toUnits } from './document/units.ts'
import { History } from './history/history.ts'
import type { Replayed } from './history/journal.ts'
import { NO_MODIFIERS, type ToolEvent } from './input/events.ts'
import { toolById } from './tools/index.ts'
import { DEFAULT_OPTIONS, steppedBrush, type ToolOptions } from './tools/options.ts'
import type { ToolContext, ToolId, ToolState } from './tools/toolState.ts'
import type { EditorOptions } from './types.ts'
import { DEFAULT_DISPLAY, type Display } from './view/display.ts'

const DEFAULT_CANVAS: Size = { width: 800, height: 600 }

/** Every id in a document: new ones must differ from these. */
const idsIn = (document: AnnotationDocument): Set<string> =>
  new Set([...document.frames.values()].flatMap((f) => [...f.contours, ...f.measurements].map((item) => item.id)))

/** All that changes while an image is edited, and the moves of the tool's state machine. Knows nothing of listeners, keys or screen places. */
export class Session {
  readonly history: History
  readonly context: ToolContext
  readonly images = new Map<number, GreyImage>()
  readonly frameCount: number
  frame: number
  selection: Selection = NOTHING
  options: ToolOptions
  display: Display
  viewport: Viewport
  tool: ToolId = 'select'
  state: ToolState
  /** Where the pointer is over the image, if it is. */
  pointer: ImagePoint | null = null

  constructor(setup: EditorOptions, base: AnnotationDocument, start: Replayed, onLateChange: () => void) {
    this.history = new History(start, (entry) => setup.onJournal(entry))
    this.frameCount = setup.frameCount ?? Infinity
    this.frame = setup.frame ?? 0
    this.options = { ...DEFAULT_OPTIONS, ...setup.options }
    this.display = { ...DEFAULT_DISPLAY, ...setup.display }
    this.viewport = fitViewport(setup.canvas ?? DEFAULT_CANVAS, base.size, 0, pixelAspectFor(setup.calibrationOf?.(this.frame)))
    this.context = createContext(this, setup, idsIn(base), onLateChange)
    this.state = toolById(this.tool).enter(this.context)
  }

  get annotation(): FrameAnnotation { return frameOf(this.history.document, this.frame) }

  send(event: ToolEvent): void { this.state = this.state.on(event, this.context) }
  complete(): void { this.state = this.state.complete(this.context) }
  cancel(): void { this.state = this.state.cancel(this.context) }
  interrupt(): void { this.state = this.state.interrupt(this.context) }

  /** Lets the tool look at the document anew: drafts come and go with undo and with frames. */
  enter(): void { this.state = toolById(this.tool).enter(this.context) }

  /** Changes tool or frame; what was under way is interrupted first. */
  switchTo(change: () => void): void {
    this.interrupt()
    change()
    this.enter()
    if (this.pointer) this.send({ type: 'move', at: this.pointer, between: [], modifiers: NO_MODIFIERS })
  }

  setFrame(next: number): void {
    const bounded = Math.min(this.frameCount - 1, Math.max(0, Math.trunc(next)))
    if (bounded === this.frame) return
    this.switchTo(() => {
      this.frame = bounded
      this.selection = NOTHING
    })
  }

  /** A held gesture is given up; otherwise the last mark is taken back (or brought again), where it was made. */
  travel(way: 'undo' | 'redo'): void {
    if (this.state.holding) return this.cancel()
    const mark = way === 'undo' ? this.history.undo() : this.history.redo()
    const place = mark?.ops.find((o): o is Exclude<Operation, { op: 'largestFrame' }> => o.op !== 'largestFrame')?.frame
    if (place !== undefined) this.frame = place
    this.enter()
  }

  /** Backspace and Delete. */
  erase(): void {
    if (this.state.active) {
      this.state = this.state.erase?.(this.context) ?? this.state
      return
    }
    const operations = deleteOperations(this.frame, this.annotation, this.selection)
    if (!this.history.commit('delete', operations)) return
    this.selection = { ...NOTHING, contours: this.selection.vertices.length > 0 ? this.selection.contours : [] }
  }

  /** Moves the selected vertices, else the selected contours, by image pixels. */
  nudge(dx: number, dy: number): void {
    const { annotation, selection, frame } = this
    const spans = selection.vertices.length > 0 ? selection.vertices : wholeContours(annotation, selection.contours)
    const touched = annotation.contours.filter((c) => spans.some((s) => s.contour === c.id))
    const moves = moveOperations(frame, spans, toUnits(dx), toUnits(dy))
    if (moves.length > 0) this.history.commit('nudge', [...drawnOperations(frame, touched), ...moves])
  }

  apply(edit: (context: ToolContext) => void): void {
    if (this.state.holding) this.interrupt()
    edit(this.context)
    this.enter()
  }

  stepBrush(steps: number): void {
    this.options = { ...this.options, brushRadius: steppedBrush(this.options.brushRadius, steps) }
  }
}
