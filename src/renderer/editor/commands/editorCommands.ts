import type { Editor } from '../types.ts'
import { copyToFrame, EDITS, markLargestFrame, selectAll, stepContour, stepVertex } from '../edits/index.ts'
import { TOOLS } from '../tools/index.ts'
import type { ToolId } from '../tools/toolState.ts'
import { LEVEL_PRESETS, type Display } from '../view/display.ts'
import type { Command } from './registry.ts'

/** What an editor command needs: the editor in view. The shell's own context may hold more. */
export interface EditorCommandContext { readonly editor: Editor }
type EditorCommand = Command<EditorCommandContext>

export const ANNOTATE = 'annotate'

const TOOL_KEYS: Readonly<Record<ToolId, string>> = {
  select: 'V', polygon: 'P', freehand: 'F', spline: 'S', livewire: 'L', brush: 'B', eraser: 'E', flood: 'G', caliper: 'C', ellipse: 'O',
}
const EDIT_KEYS: Readonly<Record<string, readonly string[]>> = {
  fillHoles: ['H'], smooth: ['M'], simplify: ['Shift+M'], dilate: ['D'], erode: ['Shift+D'], keepLargest: ['K'], interpolate: ['I'],
  clear: ['Mod+Shift+X'],
}

type Run = (editor: Editor) => void
type When = (editor: Editor) => boolean

const command = (group: string, id: string, title: string, keys: readonly string[], run: Run, when?: When): EditorCommand => ({
  id, title, group, scope: ANNOTATE, keys, run: ({ editor }) => run(editor), ...(when ? { when: ({ editor }) => when(editor) } : {}),
})

const hasContours = (editor: Editor): boolean => editor.snapshot().annotation.contours.length > 0
const brushing = (editor: Editor): boolean => ['brush', 'eraser'].includes(editor.snapshot().tool)
const show = (change: (display: Display) => Partial<Display>) => (editor: Editor): void => editor.setDisplay(change(editor.snapshot().display))
const goTo = (step: number) => (editor: Editor): void => editor.setFrame(editor.snapshot().frame + step)
const canGo = (step: number) => (editor: Editor): boolean => {
  const { frame, frameCount } = editor.snapshot()
  return frame + step >= 0 && frame + step < frameCount
}
const copies = (step: 1 | -1) => (editor: Editor): void => editor.apply(copyToFrame(editor.snapshot().frame + step))

const toolCommands = TOOLS.map((tool) => command('Tools', `tool.${tool.id}`, tool.title, [TOOL_KEYS[tool.id]], (editor) => editor.setTool(tool.id)))

const editCommands = EDITS.map(({ id, title, edit }) =>
  command('Edit', `edit.${id}`, title, EDIT_KEYS[id] ?? [], (editor) => editor.apply(edit), id === 'interpolate' ? undefined : hasContours))

const historyCommands = [
  command('Edit', 'edit.undo', 'Undo', ['Mod+Z'], (e) => e.undo(), (e) => e.snapshot().undoable !== null || e.snapshot().active),
  command('Edit', 'edit.redo', 'Redo', ['Mod+Shift+Z', 'Mod+Y'], (e) => e.redo(), (e) => e.snapshot().redoable !== null),
]

const selectionCommands = [
  command('Select', 'select.all', 'Select all contours', ['Mod+A'], (e) => e.apply(selectAll), hasContours),
  command('Select', 'select.nextContour', 'Next contour', [';'], (e) => e.apply(stepContour(1)), hasContours),
  command('Select', 'select.nextVertex', 'Next vertex', ['.'], (e) => e.apply(stepVertex(1)), hasContours),
  command('Select', 'select.previousVertex', 'Previous vertex', [','], (e) => e.apply(stepVertex(-1)), hasContours),
]

const brushCommands = [
  command('Brush', 'brush.smaller', 'Smaller brush', ['['], (e) => e.stepBrush(-1), brushing),
  command('Brush', 'brush.larger', 'Larger brush', [']'], (e) => e.stepBrush(1), brushing),
  command('Brush', 'brush.adaptive', 'Brush follows edges', ['A'], (e) => e.setOptions({ brushAdaptive: !e.snapshot().options.brushAdaptive })),
]

const viewCommands: EditorCommand[] = [
  command('View', 'view.zoomIn', 'Zoom in', ['+', '='], (e) => e.zoomBy(1.25)),
  command('View', 'view.zoomOut', 'Zoom out', ['-'], (e) => e.zoomBy(0.8)),
  command('View', 'view.fit', 'Whole image', ['0'], (e) => e.fit()),
  command('View', 'view.actualSize', 'Actual size (100 %)', ['1'], (e) => e.zoomTo(1)),
  command('View', 'view.interpolation', 'Smooth or sharp pixels', ['N'],
    show((d) => ({ interpolation: d.interpolation === 'smooth' ? 'nearest' : 'smooth' }))),
  command('View', 'view.pixelGrid', 'Pixel grid', ['#'], show((d) => ({ pixelGrid: !d.pixelGrid }))),
  command('View', 'view.crosshair', 'Crosshair', ['X'], show((d) => ({ crosshair: !d.crosshair }))),
  {
    ...command('View', 'view.hideContours', 'Hide contours while held', ['Tab'], (e) => e.setDisplay({ contoursHidden: true })),
    release: ({ editor }) => editor.setDisplay({ contoursHidden: false }),
  },
  ...LEVEL_PRESETS.map(({ id, title, level, window }, i) =>
    command('View', `view.levels.${id}`, `Grey levels: ${title}`, [`Alt+${i + 1}`], (e) => e.setDisplay({ level, window }))),
]

const frameCommands = [
  command('Frames', 'frame.next', 'Next frame', ['PageDown'], goTo(1), canGo(1)),
  command('Frames', 'frame.previous', 'Previous frame', ['PageUp'], goTo(-1), canGo(-1)),
  command('Frames', 'frame.markLargest', 'Mark as largest cross-section', ['*'], (e) => {
    const { document, frame } = e.snapshot()
    e.apply(markLargestFrame(document.largestFrame === frame ? null : frame))
  }),
  command('Frames', 'frame.copyToNext', 'Copy contours to the next frame', ['Mod+PageDown'], copies(1), (e) => hasContours(e) && canGo(1)(e)),
  command('Frames', 'frame.copyToPrevious', 'Copy contours to the previous frame', ['Mod+PageUp'], copies(-1), (e) => hasContours(e) && canGo(-1)(e)),
]

/** Every command of the editor with its default keys, ready for CommandRegistry.register. */
export const EDITOR_COMMANDS: readonly EditorCommand[] = [
  ...toolCommands, ...historyCommands, ...editCommands, ...selectionCommands, ...brushCommands, ...viewCommands, ...frameCommands,
]
