import { emptyAnnotation, type AnnotationData } from '#shared/contour/index.ts'
import { imagePoint, imageToScreen, screenPoint, type GreyImage, type ScreenPoint, type Size } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import {
  createEditor, NO_MODIFIERS, polygonOf, type Editor, type EditorOptions, type InputEvent, type JournalEntry, type Modifiers, type PointerButton, type ToolId,
} from '#renderer/editor/index.ts'

type Keys = Partial<Modifiers>
const withKeys = (keys: Keys): Modifiers => ({ ...NO_MODIFIERS, ...keys })

export interface DriverOptions extends Partial<EditorOptions> { readonly size?: Size; readonly image?: GreyImage; readonly tool?: ToolId }

/** An editor without a canvas, driven as a hand does: places are image pixels, turned into canvas places at the present zoom. */
export interface EditorDriver {
  readonly editor: Editor
  /** Everything written to the journal so far. */
  readonly journal: JournalEntry[]
  send(event: InputEvent): EditorDriver
  down(x: number, y: number, keys?: Keys, button?: PointerButton): EditorDriver
  move(x: number, y: number, keys?: Keys): EditorDriver
  up(x: number, y: number, keys?: Keys, button?: PointerButton): EditorDriver
  click(x: number, y: number, keys?: Keys): EditorDriver
  doubleClick(x: number, y: number): EditorDriver
  /** Presses at the first place, passes the others, releases at the last. */
  drag(path: readonly (readonly [number, number])[], keys?: Keys): EditorDriver
  /** Down and up of one key. */
  key(key: string, keys?: Keys): EditorDriver
  wheel(x: number, y: number, deltaY: number, keys?: Keys): EditorDriver
  tool(id: ToolId): EditorDriver
  state(): string
  hint(): string
  data(): AnnotationData
  /** Vertex lists of the contours of the present frame: [contour][ring] as [x, y] pairs. */
  outlines(): (readonly [number, number])[][][]
  /** How many marks undo can take back. */
  undoAll(): number
  /** Another editor made from the same start and what the journal holds, through JSON as on disk. */
  reopen(): EditorDriver
}

export function driveEditor(options: DriverOptions = {}): EditorDriver {
  const size = options.size ?? { width: 200, height: 160 }
  const annotation = options.annotation ?? emptyAnnotation(size)
  const earlier = options.journal ?? []
  const journal: JournalEntry[] = [...(earlier as JournalEntry[])]
  const editor = unwrap(createEditor({ canvas: size, ...options, annotation, journal: earlier, onJournal: (entry) => journal.push(entry) }))
  if (options.image) editor.setImage(options.frame ?? 0, options.image)
  if (options.tool) editor.setTool(options.tool)
  const at = (x: number, y: number): ScreenPoint => imageToScreen(editor.snapshot().viewport, imagePoint(x, y))
  const driver: EditorDriver = {
    editor, journal,
    send(event) {
      editor.dispatch(event)
      return driver
    },
    down: (x, y, keys = {}, button = 0) => driver.send({ type: 'pointerdown', at: at(x, y), button, modifiers: withKeys(keys) }),
    move: (x, y, keys = {}) => driver.send({ type: 'pointermove', at: at(x, y), modifiers: withKeys(keys) }),
    up: (x, y, keys = {}, button = 0) => driver.send({ type: 'pointerup', at: at(x, y), button, modifiers: withKeys(keys) }),
    click: (x, y, keys = {}) => driver.move(x, y, keys).down(x, y, keys).up(x, y, keys),
    doubleClick: (x, y) => driver.click(x, y).click(x, y).send({ type: 'doubleclick', at: at(x, y), modifiers: NO_MODIFIERS }),
    drag(path, keys = {}) {
      const [first, ...rest] = path
      const last = path.at(-1)
      if (!first || !last) throw new Error('a drag needs a place')
      driver.move(...first, keys).down(...first, keys)
      for (const [x, y] of rest) driver.move(x, y, keys)
      return driver.up(...last, keys)
    },
    key: (key, keys = {}) => driver.send({ type: 'keydown', key, repeat: false, modifiers: withKeys(keys) }).send({ type: 'keyup', key, modifiers: withKeys(keys) }),
    wheel: (x, y, deltaY, keys = {}) => driver.send({ type: 'wheel', at: at(x, y), deltaX: 0, deltaY, modifiers: withKeys(keys) }),
    tool(id) {
      editor.setTool(id)
      return driver
    },
    state: () => editor.snapshot().toolState,
    hint: () => editor.overlay().hint,
    data: () => editor.data(),
    outlines: () => editor.snapshot().annotation.contours.map((c) => {
      const polygon = polygonOf(c)
      return [polygon.outer, ...polygon.holes].map((ring) => ring.map((p) => [p.x, p.y] as const))
    }),
    undoAll() {
      let count = 0
      while (editor.snapshot().undoable !== null && count < 100_000) {
        editor.undo()
        count++
      }
      return count
    },
    reopen: () => driveEditor({ ...options, annotation, journal: JSON.parse(JSON.stringify(journal)) as unknown[] }),
  }
  return driver
}

/** The canvas's middle, for wheel and pan tests. */
export const middle = (size: Size): ScreenPoint => screenPoint(size.width / 2, size.height / 2)

/** A grey disk on a darker ground with a little deterministic texture: an image that the intensity tools can work on. */
export function diskImage(size: Size, centre: { x: number; y: number }, radius: number, inside = 60, outside = 160): GreyImage {
  const data = new Uint8Array(size.width * size.height)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const within = Math.hypot(x + 0.5 - centre.x, y + 0.5 - centre.y) < radius
      data[y * size.width + x] = (within ? inside : outside) + ((x * 7 + y * 13) % 5) - 2
    }
  }
  return { width: size.width, height: size.height, data }
}
