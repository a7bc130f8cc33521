/**
 * The annotation editor without a canvas: a document, its history, and tools as state machines. No DOM, no framework.
 *
 * How a canvas adapter uses it
 *   const editor = unwrap(createEditor({ annotation, journal, onJournal, canvas: { width, height } }))
 *   - Input: turn DOM events into InputEvent (places in CSS pixels from the canvas's corner) and call editor.dispatch. Send 'interrupt' on blur,
 *     'cancel' on pointercancel, 'doubleclick' on dblclick. Capture the pointer on pointerdown; prevent the context menu. Pass keydown and keyup
 *     of the reserved keys (commands/chord.ts: Escape, Enter, Space, arrows, Delete, Backspace); all other keys go through the command registry.
 *   - Output: editor.subscribe(change => ...), then draw in the next animation frame. Four layers:
 *       1 image: snapshot().viewport (screen = image * scale + (x, y)), snapshot().display (levelTable, interpolation, pixel grid from GRID_SCALE on);
 *       2 contours: for each contour of snapshot().annotation polygonOf(contour) (even-odd rings; cached by contour identity: redraw a contour only
 *         when the object changed). Redraw on change.document, change.frame, change.viewport, change.selection;
 *       3 moving: while overlay().moving is set, layer 2 leaves out the edges that touch its spans (redraw it once when `moving.spans` appears,
 *         changes identity or goes) and this layer draws movingLines(annotation, moving) at each change. A vertex of a 20,000-vertex contour then
 *         costs a handful of points a frame. For splines draw splineRing of the moved control points or just the lines;
 *       4 overlay: overlay().shapes, overlay().cursor, and overlay().hint in the status line. Handle sizes are the adapter's, in CSS pixels.
 *   - Pixels: editor.setImage(frame, grey) for live-wire, adaptive brush and flood. A LiveWirePort that asks a worker (edgeCost and liveWirePath of
 *     shared/contour run there as they stand) keeps the search off the main thread; answers may come late or, when overtaken, never.
 *   - Saving: onJournal is called once for each gesture; write it with its seq, and show 'saved' when the highest seq is on disk.
 *     To reopen, pass the same annotation and all entries in order.
 */
export { createEditor } from './editor.ts'
export type { Editor, EditorChange, EditorOptions, EditorSnapshot } from './types.ts'
export {
  documentFromData, documentToData, emptyDocument, findContour, frameOf, maskOf, polygonOf,
  type AnnotationDocument, type Contour, type Draft, type FrameAnnotation, type Measurement, type Shape,
} from './document/document.ts'
export { VertexRing } from './document/vertexRing.ts'
export { invertOperation, type Operation } from './document/operations.ts'
export { applyOperation, applyOperations, OperationMismatch } from './document/apply.ts'
export { movingLines, type MovingLine } from './document/movingLines.ts'
export { hitAt, type Hit } from './document/hitTest.ts'
export { NOTHING, selectContours, type Selection, type VertexSpan } from './document/selection.ts'
export { JOURNAL_FORMAT, replayJournal, type JournalEntry, type JournalError, type Mark, type Replayed } from './history/journal.ts'
export { NO_MODIFIERS, type InputEvent, type Modifiers, type PointerButton } from './input/events.ts'
export { TOOLS } from './tools/index.ts'
export type { LiveWirePort, Tool, ToolContext, ToolId } from './tools/toolState.ts'
export { DEFAULT_OPTIONS, MAX_BRUSH, MIN_BRUSH, type ToolOptions } from './tools/options.ts'
export type { CursorRole, LineRole, Moving, OverlayShape, ToolOverlay } from './tools/overlay.ts'
export { directLiveWire } from './tools/livewire/directLiveWire.ts'
export { formatMeasured, whyPixels } from './tools/measurementShapes.ts'
export { DEFAULT_DISPLAY, GRID_SCALE, LEVEL_PRESETS, levelTable, type Display, type LevelPreset } from './view/display.ts'
export {
  EDITS, clearFrame, copiedContours, copyToFrame, dilate, erode, fillHoles, interpolateFrames, keepLargest, markLargestFrame, pasteContours, simplify, smooth, type CopiedContours,
} from './edits/index.ts'
export { chordOf, isReserved, parseChord, RESERVED_KEYS, type Chord } from './commands/chord.ts'
export {
  createCommandRegistry, GLOBAL, type Command, type CommandEntry, type CommandError, type CommandRegistry, type Remaps, type Scope,
} from './commands/registry.ts'
export { ANNOTATE, EDITOR_COMMANDS, type EditorCommandContext } from './commands/editorCommands.ts'
