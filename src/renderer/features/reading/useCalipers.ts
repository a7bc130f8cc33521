import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { distance, imageToScreen, measureDistance, type Calibration, type ImagePoint } from '#shared/geometry/index.ts'
import type { ReadingMark } from '#shared/domain/index.ts'
import type { ImageViewport, PainterHandle, ViewportPointer } from '#renderer/canvas/index.ts'

export interface Caliper { readonly from: ImagePoint; readonly to: ImagePoint; readonly frame: number }
interface ShownMark { readonly label: string; readonly at: ReadingMark }
interface Options {
  readonly calibration: () => Calibration | null
  readonly frame: () => number
  readonly marks: () => readonly ShownMark[]
  readonly measured: (text: string) => void
  readonly marked: (question: string, mark: ReadingMark) => void
}

/** Shorter than this on screen (CSS pixels) it was a click, not a distance. */
const CLICK = 4
const LINE = '#4aa8ff', TEXT = '#e4e7e9'

/** In millimetres where the picture has a scale, else in pixels. */
export function caliperText(caliper: Caliper, calibration: Calibration | null): string {
  const measured = measureDistance(caliper.from, caliper.to, calibration ?? { kind: 'none', reason: 'no scale' })
  return `${measured.value.toFixed(measured.unit === 'mm' ? 2 : 1)} ${measured.unit}`
}

/**
 * Calipers and marks over the image. `mode`: nothing, distances (drag from end to end), or the id of the question whose mark the next click sets.
 * Calipers belong to the case on screen and are not stored; that one was set is noted with its length.
 */
export function useCalipers(viewport: Readonly<ShallowRef<ImageViewport | null>>, options: Options): { mode: Ref<string | null>; calipers: ShallowRef<readonly Caliper[]>; pointer(event: ViewportPointer): void; clear(): void; redraw(): void } {
  const mode = ref<string | null>(null)
  const calipers = shallowRef<readonly Caliper[]>([])
  const drawing = shallowRef<Caliper | null>(null)
  let painter: PainterHandle | null = null
  const redraw = (): void => painter?.invalidate()

  const label = (context: CanvasRenderingContext2D, text: string, x: number, y: number): void => {
    context.font = '500 12px Roboto, sans-serif'
    const width = context.measureText(text).width
    context.fillStyle = 'rgb(12 13 14 / 86%)'
    context.fillRect(x + 8, y - 20, width + 10, 18)
    context.fillStyle = TEXT
    context.fillText(text, x + 13, y - 7)
  }
  watch(viewport, (now) => {
    painter?.remove()
    painter = now?.addPainter((context, view) => {
      context.strokeStyle = LINE
      context.lineWidth = 1.5
      for (const caliper of [...calipers.value, ...(drawing.value === null ? [] : [drawing.value])]) {
        if (caliper.frame !== options.frame()) continue
        const a = imageToScreen(view, caliper.from), b = imageToScreen(view, caliper.to)
        context.beginPath()
        context.moveTo(a.x, a.y)
        context.lineTo(b.x, b.y)
        for (const end of [a, b]) { context.moveTo(end.x - 5, end.y); context.lineTo(end.x + 5, end.y); context.moveTo(end.x, end.y - 5); context.lineTo(end.x, end.y + 5) }
        context.stroke()
        label(context, caliperText(caliper, options.calibration()), b.x, b.y)
      }
      for (const { label: text, at } of options.marks()) {
        if (at.frame !== options.frame()) continue
        const p = imageToScreen(view, { x: at.x, y: at.y } as ImagePoint)
        context.beginPath()
        context.arc(p.x, p.y, 7, 0, Math.PI * 2)
        context.moveTo(p.x - 11, p.y); context.lineTo(p.x - 4, p.y); context.moveTo(p.x + 4, p.y); context.lineTo(p.x + 11, p.y)
        context.moveTo(p.x, p.y - 11); context.lineTo(p.x, p.y - 4); context.moveTo(p.x, p.y + 4); context.lineTo(p.x, p.y + 11)
        context.stroke()
        label(context, text, p.x + 4, p.y)
      }
    }) ?? null
  })
  watch([calipers, drawing], redraw)
  watch(mode, (now) => viewport.value?.setCursor(now === null ? '' : 'crosshair'))
  onBeforeUnmount(() => painter?.remove())

  function finish(caliper: Caliper): void {
    drawing.value = null
    const scale = viewport.value?.view.scale ?? 1
    if (distance(caliper.from, caliper.to) * scale < CLICK) return
    calipers.value = [...calipers.value, caliper]
    options.measured(caliperText(caliper, options.calibration()))
  }
  return {
    mode, calipers, redraw,
    pointer({ type, image, inside, event }) {
      if (mode.value === null) return
      if (mode.value !== 'caliper') {
        if (type !== 'down' || !inside || event.button !== 0) return
        const question = mode.value
        mode.value = null
        options.marked(question, { x: Math.round(image.x * 10) / 10, y: Math.round(image.y * 10) / 10, frame: options.frame() })
        return
      }
      if (type === 'down' && inside && event.button === 0) drawing.value = { from: image, to: image, frame: options.frame() }
      else if (drawing.value !== null && type === 'move') drawing.value = { ...drawing.value, to: image }
      else if (drawing.value !== null && (type === 'up' || type === 'cancel')) finish({ ...drawing.value, to: image })
    },
    clear() {
      calipers.value = []
      drawing.value = null
      mode.value = null
    },
  }
}
