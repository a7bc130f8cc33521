import type { Editor, EditorChange, EditorSnapshot, ToolOverlay } from '#renderer/editor/index.ts'
import type { Hover } from '../viewport/events.ts'
import { ImageViewport, type PainterHandle } from '../viewport/ImageViewport.ts'
import type { LoadedImage } from '../viewport/imageSource.ts'
import type { OverlaySpec } from '../overlays/spec.ts'
import { attachDomInput } from './domInput.ts'
import { paintDocument, paintMoving, toImageSpace } from './paintDocument.ts'
import { paintOverlayShapes } from './paintOverlay.ts'
import { cssCursor, defaultEditorStyle, type EditorStyle } from './style.ts'

export interface EditorCanvasOptions {
  readonly style?: Partial<EditorStyle>
  readonly onHover?: (hover: Hover | null) => void
  /** After every change, at most once a frame: what the status line and the option line show. */
  readonly onChange?: (snapshot: EditorSnapshot, overlay: ToolOverlay) => void
}

/**
 * Draws an editor over its image and feeds it the DOM's events. The editor owns view, display and tools; this class owns pixels only.
 * Layers: image, reference overlays, the document (drawn again only when it, the view or the selection changed), and what moves with the pointer.
 */
export class EditorCanvas {
  readonly viewport: ImageViewport
  readonly #editor: Editor
  readonly #detach: readonly (() => void)[]
  readonly #document: PainterHandle
  readonly #top: PainterHandle
  readonly #options: EditorCanvasOptions
  #style: EditorStyle
  #snapshot: EditorSnapshot
  #overlay: ToolOverlay
  #scheduled = 0

  constructor(container: HTMLElement, editor: Editor, options: EditorCanvasOptions = {}) {
    this.#editor = editor
    this.#options = options
    this.#style = { ...defaultEditorStyle, ...options.style }
    this.viewport = new ImageViewport(container, { gestures: false })
    editor.resize({ width: Math.max(1, container.clientWidth), height: Math.max(1, container.clientHeight) })
    editor.fit()
    this.#snapshot = editor.snapshot()
    this.#overlay = editor.overlay()
    this.#document = this.viewport.addPainter((context, view) => paintDocument(context, view, this.#snapshot, this.#overlay.moving, this.#style), 'document')
    this.#top = this.viewport.addPainter((context, view) => {
      if (this.#snapshot.display.contoursHidden) return
      toImageSpace(context, view)
      if (this.#overlay.moving) paintMoving(context, view, this.#snapshot, this.#overlay.moving, this.#style)
      paintOverlayShapes(context, this.#overlay.shapes, view, this.#style)
    })
    this.#detach = [
      attachDomInput(container, (event) => editor.dispatch(event), { onHover: (at) => this.viewport.trackPointer(at) }),
      editor.subscribe((change) => this.#onChange(change)),
      this.viewport.on('resize', (size) => editor.resize(size)),
      this.viewport.on('hover', (hover) => options.onHover?.(hover)),
    ]
    this.#showDisplay()
    this.viewport.setView(this.#snapshot.viewport)
    this.#tell()
  }

  /** The image of the present frame. The editor's document says how large it must be. */
  setImage(image: LoadedImage | null): void { this.viewport.setImage(image, { keepView: true }) }
  setOverlays(overlays: readonly OverlaySpec[]): void { this.viewport.setOverlays(overlays) }

  setStyle(style: Partial<EditorStyle>): void {
    this.#style = { ...this.#style, ...style }
    this.#document.invalidate()
    this.#top.invalidate()
  }

  /** Ends the drawing; the gesture under way is interrupted, which keeps what can be kept. */
  destroy(): void {
    this.#editor.interrupt()
    for (const detach of this.#detach) detach()
    cancelAnimationFrame(this.#scheduled)
    this.viewport.destroy()
  }

  #onChange(change: EditorChange): void {
    const moved = this.#overlay.moving?.spans
    this.#snapshot = this.#editor.snapshot()
    this.#overlay = this.#editor.overlay()
    if (change.viewport) this.viewport.setView(this.#snapshot.viewport)
    if (change.display) this.#showDisplay()
    if (change.document || change.frame || change.selection || change.display || moved !== this.#overlay.moving?.spans) this.#document.invalidate()
    this.#top.invalidate()
    this.viewport.setCursor(cssCursor[this.#overlay.cursor])
    this.#tell()
  }

  #showDisplay(): void {
    const { display } = this.#snapshot
    const { viewport } = this
    if (viewport.window.centre !== display.level || viewport.window.width !== display.window) viewport.setWindow({ centre: display.level, width: display.window })
    if (viewport.smooth !== (display.interpolation === 'smooth')) viewport.setSmooth(display.interpolation === 'smooth')
    viewport.setPixelGrid(display.pixelGrid)
    viewport.hideOverlays(display.contoursHidden)
  }

  #tell(): void {
    if (!this.#options.onChange || this.#scheduled !== 0) return
    this.#scheduled = requestAnimationFrame(() => {
      this.#scheduled = 0
      this.#options.onChange?.(this.#snapshot, this.#overlay)
    })
  }
}
