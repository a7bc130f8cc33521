import type { AnnotationData } from '#shared/contour/index.ts'
import type { Calibration, GreyImage, Rect, ScreenPoint, Size, Viewport } from '#shared/geometry/index.ts'
import type { AnnotationDocument, FrameAnnotation } from './document/document.ts'
import type { Selection } from './document/selection.ts'
import type { JournalEntry } from './history/journal.ts'
import type { InputEvent } from './input/events.ts'
import type { ToolOptions } from './tools/options.ts'
import type { ToolOverlay } from './tools/overlay.ts'
import type { LiveWirePort, ToolContext, ToolId } from './tools/toolState.ts'
import type { Display } from './view/display.ts'

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
  readonly document: boolean
  readonly frame: boolean
  readonly selection: boolean
  readonly tool: boolean
  readonly viewport: boolean
  readonly display: boolean
  readonly options: boolean
  readonly overlay: boolean
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
  /** A gesture is under way. */
  readonly active: boolean
  readonly options: ToolOptions
  readonly viewport: Viewport
  readonly display: Display
  /** The gesture that undo would take back, and the one that redo would bring. */
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
  /** The whole image, or a rectangle of it, as large as fits. */
  fit(rect?: Rect): void
  zoomBy(factor: number, at?: ScreenPoint): void
  zoomTo(scale: number): void
  /** Runs an edit that needs no pointer (see edits/). */
  apply(edit: (context: ToolContext) => void): void
  overlay(): ToolOverlay
  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: EditorChange) => void): () => void
}
