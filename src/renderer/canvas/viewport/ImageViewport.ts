import Konva from 'konva'
import {
  fitRect, fitViewport, imageToScreen, panBy, pixelAspectOf, resizeViewport, scaleDown, screenPoint, screenToImage, zoomAt, zoomTo,
  type ImagePoint, type Rect, type ScreenPoint, type Viewport,
} from '#shared/geometry/index.ts'
import { paintOverlays } from '../overlays/paint.ts'
import type { OverlaySpec } from '../overlays/spec.ts'
import { createEmitter, type Emitter } from './emitter.ts'
import type { Hover, ViewportEvents } from './events.ts'
import { attachGestures } from './gestures.ts'
import { pixelAt, type LoadedImage } from './imageSource.ts'
import { gridIsSeen, paintCrosshair, paintImage, paintPixelGrid } from './paintImage.ts'
import { createWindowFilter, type WindowFilter } from './windowFilter.ts'
import { clampWindow, dragWindow, fullWindow, type WindowLevel } from './windowLevel.ts'

/** Draws on the topmost layer, in CSS pixels; called at most once a frame. */
export type Painter = (context: CanvasRenderingContext2D, view: Viewport) => void
export interface PainterHandle { invalidate(): void; remove(): void }
/** `document`: what stays while the pointer moves; `top`: what moves with it. */
export type PainterLayer = 'document' | 'top'

export interface ViewportOptions {
  /** Free space around the fitted image, in CSS pixels. */
  readonly margin?: number
  /** False: pointer, wheel and view belong to somebody else (the editor), who hears of `resize` and calls `setView`. */
  readonly gestures?: boolean
}

/**
 * An image with overlays on three Konva layers: pixels, overlays, and what moves with the pointer. Only the layer that changed is drawn again.
 * Framework-free: give it an element, call `destroy` at the end.
 */
export class ImageViewport {
  readonly #container: HTMLElement
  readonly #stage: Konva.Stage
  readonly #imageLayer = new Konva.Layer({ listening: false })
  readonly #overlayLayer = new Konva.Layer({ listening: false })
  readonly #documentLayer = new Konva.Layer({ listening: false })
  readonly #topLayer = new Konva.Layer({ listening: false })
  readonly #emitter: Emitter<ViewportEvents> = createEmitter<ViewportEvents>()
  readonly #painters: Readonly<Record<PainterLayer, Set<Painter>>> = { document: new Set(), top: new Set() }
  readonly #filter: WindowFilter
  readonly #resize: ResizeObserver
  readonly #detach: () => void
  readonly #margin: number
  readonly #ownView: boolean
  #image: LoadedImage | null = null
  #overlays: readonly OverlaySpec[] = []
  #overlaysHidden = false
  #view: Viewport = { width: 1, height: 1, scale: 1, x: 0, y: 0 }
  #fitted = true
  #window: WindowLevel = fullWindow
  #windowAtStart: WindowLevel = fullWindow
  #smooth = true
  #grid = true
  #crosshair = false
  #pointer: ScreenPoint | null = null
  wheelHandler: ((event: WheelEvent, at: ScreenPoint) => boolean) | null = null

  constructor(container: HTMLElement, options: ViewportOptions = {}) {
    this.#container = container
    this.#margin = options.margin ?? 0
    this.#ownView = options.gestures !== false
    const width = Math.max(1, container.clientWidth), height = Math.max(1, container.clientHeight)
    const mount = document.createElement('div')
    container.append(mount)
    this.#stage = new Konva.Stage({ container: mount, width, height, listening: false })
    this.#stage.add(this.#imageLayer, this.#overlayLayer, this.#documentLayer, this.#topLayer)
    this.#imageLayer.add(this.#shape((context) => this.#paintImageLayer(context)))
    this.#overlayLayer.add(this.#shape((context) => this.#paintOverlayLayer(context)))
    this.#documentLayer.add(this.#shape((context) => this.#runPainters('document', context)))
    this.#topLayer.add(this.#shape((context) => this.#paintTopLayer(context)))
    this.#view = { width, height, scale: 1, x: 0, y: 0 }
    this.#filter = createWindowFilter(container)
    this.#resize = new ResizeObserver(() => this.#onResize())
    this.#resize.observe(container)
    this.#detach = this.#ownView ? this.#attach() : () => undefined
  }

  on<K extends keyof ViewportEvents>(type: K, listener: (event: ViewportEvents[K]) => void): () => void {
    return this.#emitter.on(type, listener)
  }

  get image(): LoadedImage | null { return this.#image }
  get view(): Viewport { return this.#view }
  get window(): WindowLevel { return this.#window }
  get smooth(): boolean { return this.#smooth }
  get crosshair(): boolean { return this.#crosshair }

  /** Shows an image. The view is fitted unless `keepView` and the size is the same. */
  setImage(image: LoadedImage | null, { keepView = false } = {}): void {
    const sameSize = image !== null && this.#image !== null && image.width === this.#image.width && image.height === this.#image.height
    this.#image = image
    if (image && this.#ownView && !(keepView && sameSize)) this.fit()
    this.#redraw()
  }

  /** The overlays in drawing order. Give a new array when one changed. */
  setOverlays(overlays: readonly OverlaySpec[]): void {
    this.#overlays = overlays
    this.#drawOverlays()
  }

  /** Hides all overlays (while a key is held), keeping them. */
  hideOverlays(hidden: boolean): void {
    this.#overlaysHidden = hidden
    this.#drawOverlays()
    this.#topLayer.batchDraw()
  }

  get overlaysHidden(): boolean { return this.#overlaysHidden }

  setWindow(window: WindowLevel): void {
    this.#window = clampWindow(window)
    this.#filter.apply(this.#imageLayer.getNativeCanvasElement(), this.#window)
    this.#emitter.emit('window', this.#window)
  }

  setSmooth(smooth: boolean): void {
    this.#smooth = smooth
    this.#imageLayer.batchDraw()
    this.#drawOverlays()
  }

  setPixelGrid(grid: boolean): void {
    this.#grid = grid
    this.#drawOverlays()
  }

  setCrosshair(crosshair: boolean): void {
    this.#crosshair = crosshair
    this.#topLayer.batchDraw()
  }

  setView(view: Viewport): void {
    this.#fitted = false
    this.#setView(view)
  }

  fit(): void {
    if (!this.#image) return
    this.#fitted = true
    this.#setView(fitViewport(this.#view, this.#image, this.#margin, pixelAspectOf(this.#view)))
  }

  /** How much taller than wide the pixels are on the patient: the image is drawn in its true proportions. The view is fitted anew if it was. */
  setPixelAspect(pixelAspect: number): void {
    if (pixelAspect === pixelAspectOf(this.#view)) return
    const fitted = this.#fitted
    this.#view = { ...this.#view, pixelAspect }
    if (fitted && this.#image) this.fit()
    else this.#setView(this.#view)
  }

  /** A part of the image as large as fits. */
  fitTo(rect: Rect, margin = 24): void { this.setView(fitRect(this.#view, rect, margin)) }
  /** One image pixel a CSS pixel. */
  actual(): void { this.setView(zoomTo(this.#view, this.#middle(), 1)) }
  zoomBy(factor: number, at: ScreenPoint = this.#middle()): void { this.setView(zoomAt(this.#view, at, factor)) }
  zoomIn(): void { this.zoomBy(1.25) }
  zoomOut(): void { this.zoomBy(0.8) }
  panBy(dx: number, dy: number): void { this.setView(panBy(this.#view, dx, dy)) }

  toImage(point: ScreenPoint): ImagePoint { return screenToImage(this.#view, point) }
  toScreen(point: ImagePoint): ScreenPoint { return imageToScreen(this.#view, point) }

  addPainter(painter: Painter, layer: PainterLayer = 'top'): PainterHandle {
    this.#painters[layer].add(painter)
    const invalidate = (): void => { (layer === 'top' ? this.#topLayer : this.#documentLayer).batchDraw() }
    invalidate()
    return { invalidate, remove: () => { this.#painters[layer].delete(painter); invalidate() } }
  }

  /** Where the crosshair and the readout follow; for hosts with `gestures: false`. */
  trackPointer(at: ScreenPoint | null): void {
    this.#pointer = at
    if (this.#crosshair) this.#topLayer.batchDraw()
    this.#emitter.emit('hover', at ? this.#hoverAt(this.toImage(at)) : null)
  }

  setCursor(cursor: string): void { this.#container.style.cursor = cursor }

  destroy(): void {
    this.#detach()
    this.#resize.disconnect()
    this.#filter.remove()
    this.#stage.container().remove()
    this.#stage.destroy()
  }

  #middle(): ScreenPoint { return screenPoint(this.#view.width / 2, this.#view.height / 2) }

  #setView(view: Viewport): void {
    this.#view = view
    this.#redraw()
    this.#emitter.emit('view', view)
  }

  #redraw(): void {
    this.#imageLayer.batchDraw()
    this.#drawOverlays()
    this.#documentLayer.batchDraw()
    this.#topLayer.batchDraw()
  }

  /** An empty layer is taken away: the browser would blend it into every frame of a drag. */
  #drawOverlays(): void {
    this.#overlayLayer.visible((this.#overlays.length > 0 && !this.#overlaysHidden) || (this.#grid && gridIsSeen(this.#view)))
    this.#overlayLayer.batchDraw()
  }

  #onResize(): void {
    const width = Math.max(1, this.#container.clientWidth), height = Math.max(1, this.#container.clientHeight)
    if (width === this.#view.width && height === this.#view.height) return
    this.#stage.size({ width, height })
    this.#emitter.emit('resize', { width, height })
    if (!this.#ownView) return
    const fitted = this.#fitted
    this.#view = resizeViewport(this.#view, { width, height })
    if (fitted && this.#image) this.fit()
    else this.#setView(this.#view)
  }

  #shape(paint: (context: CanvasRenderingContext2D) => void): Konva.Shape {
    return new Konva.Shape({ listening: false, perfectDrawEnabled: false, sceneFunc: (context) => paint(context._context) })
  }

  #paintImageLayer(context: CanvasRenderingContext2D): void {
    if (!this.#image) return
    paintImage(context, this.#image, this.#view, this.#smooth, this.#imageLayer.getCanvas().getPixelRatio())
  }

  #paintOverlayLayer(context: CanvasRenderingContext2D): void {
    if (!this.#image) return
    if (this.#grid) paintPixelGrid(context, this.#image, this.#view)
    if (this.#overlaysHidden) return
    context.save()
    context.translate(this.#view.x, this.#view.y)
    context.scale(this.#view.scale, scaleDown(this.#view))
    paintOverlays(context, this.#overlays, this.#image, this.#view, this.#smooth)
    context.restore()
  }

  #paintTopLayer(context: CanvasRenderingContext2D): void {
    this.#runPainters('top', context)
    if (this.#crosshair && this.#pointer) paintCrosshair(context, this.#view, this.#pointer)
  }

  #runPainters(layer: PainterLayer, context: CanvasRenderingContext2D): void {
    for (const painter of this.#painters[layer]) {
      context.save()
      painter(context, this.#view)
      context.restore()
    }
  }

  #hoverAt(point: ImagePoint): Hover | null {
    const value = this.#image && pixelAt(this.#image, point.x, point.y)
    return value ? { x: Math.floor(point.x), y: Math.floor(point.y), value } : null
  }

  #attach(): () => void {
    return attachGestures(this.#container, {
      zoom: (at, factor) => this.zoomBy(factor, at),
      pan: (dx, dy) => this.panBy(dx, dy),
      windowDrag: (dx, dy, phase) => {
        if (phase === 'start') this.#windowAtStart = this.#window
        else if (dx !== 0 || dy !== 0) this.setWindow(dragWindow(this.#windowAtStart, dx, dy))
      },
      wheel: (event, at) => this.wheelHandler?.(event, at) ?? false,
      panning: (mode) => this.setCursor(mode === 'on' ? 'grabbing' : mode === 'ready' ? 'grab' : ''),
      input: (event, at) => this.#onInput(event, at),
    })
  }

  #onInput(event: PointerEvent, at: ScreenPoint): void {
    const image = this.toImage(at)
    const type = ({ pointerdown: 'down', pointerup: 'up', pointercancel: 'cancel', pointerleave: 'leave' } as const)[event.type] ?? 'move'
    const inside = this.#image !== null && image.x >= 0 && image.y >= 0 && image.x < this.#image.width && image.y < this.#image.height
    this.trackPointer(type === 'leave' ? null : at)
    this.#emitter.emit('pointer', { type, image, screen: at, inside, event })
  }
}
