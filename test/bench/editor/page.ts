/** In Chromium: one vertex of a 20,000-vertex contour on a 4096 x 3072 image moved a little in every frame, by the editor and by bare drawing. */
import Konva from 'konva'
import { emptyAnnotation, type AnnotationData } from '#shared/contour/index.ts'
import { fitViewport, imagePoint } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { EditorCanvas, imageFromBitmap } from '#renderer/canvas/index.ts'
import { createEditor, NOTHING, type Editor } from '#renderer/editor/index.ts'

const size = { width: 4096, height: 3072 }
const VERTICES = 20_000
const room = document.getElementById('room') as HTMLElement
const canvasSize = { width: 1440, height: 900 }

/** A lesion's outline with fine lobes; its first vertex is the one at the right. */
const ring = Array.from({ length: VERTICES }, (_, i) => {
  const angle = (2 * Math.PI * i) / VERTICES, r = 1 + 0.06 * Math.sin(9 * angle) + 0.004 * Math.sin(400 * angle)
  return [2048 + 1300 * r * Math.cos(angle), 1536 + 1000 * r * Math.sin(angle)]
}).flat()

async function speckle(): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(size.width, size.height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  const pixels = context.createImageData(size.width, size.height)
  let seed = 1
  for (let i = 0; i < pixels.data.length; i += 4) {
    seed = (seed * 1664525 + 1013904223) >>> 0
    pixels.data[i] = pixels.data[i + 1] = pixels.data[i + 2] = 40 + (seed >>> 25)
    pixels.data[i + 3] = 255
  }
  context.putImageData(pixels, 0, 0)
  return createImageBitmap(canvas)
}

export interface Frames { readonly name: string; readonly milliseconds: readonly number[] }

/** Times from frame to frame while `work` runs once in each. The first frames are left out: caches fill. */
function framesOf(name: string, work: (frame: number) => void, frames: number, warmUp = 30): Promise<Frames> {
  return new Promise((resolve) => {
    const milliseconds: number[] = []
    let last = 0, count = 0
    const step = (): void => {
      const now = performance.now()
      if (count > warmUp) milliseconds.push(now - last)
      last = now
      if (milliseconds.length >= frames) return resolve({ name, milliseconds })
      work(count++)
      requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })
}

let editor: Editor | null = null
let shown: EditorCanvas | null = null
const bench = {
  idle: (frames: number) => framesOf('nothing', () => undefined, frames),
  async openEditor(): Promise<{ x: number; y: number }> {
    const annotation: AnnotationData = { ...emptyAnnotation(size), frames: [{ frame: 0, contours: [{ id: 'a', label: 'lesion', shape: 'polygon', origin: 'drawn', rings: [ring] }], measurements: [], draft: null }] }
    editor = unwrap(createEditor({ annotation, onJournal: () => undefined, canvas: canvasSize }))
    shown = new EditorCanvas(room, editor)
    shown.setImage(await imageFromBitmap(await speckle()))
    editor.setTool('select')
    editor.select({ ...NOTHING, contours: ['a'] })
    const { viewport } = editor.snapshot()
    return { x: (ring[0] as number) * viewport.scale + viewport.x, y: (ring[1] as number) * viewport.scale + viewport.y }
  },
  /** Between a real press and a real release: one pointer move a frame, as the browser would send it. */
  drag(from: { x: number; y: number }, frames: number): Promise<Frames> {
    const box = room.getBoundingClientRect()
    return framesOf('editor', (i) => {
      room.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + from.x + 20 * Math.sin(i / 9), clientY: box.top + from.y + 20 * Math.cos(i / 9), pointerId: 1, buttons: 1, bubbles: true }))
    }, frames)
  },
  state: () => editor?.snapshot().toolState ?? '',
  /** How far the first vertex went, and whether any other did: the benchmark must have moved one. */
  moved(): { first: number; others: number } {
    const points = editor?.snapshot().annotation.contours[0]?.rings[0]?.points() ?? []
    const off = points.map((p, i) => Math.hypot(p.x - (ring[2 * i] as number), p.y - (ring[2 * i + 1] as number)))
    return { first: off[0] ?? 0, others: Math.max(...off.slice(1)) }
  },
  closeEditor(): void {
    shown?.destroy()
    room.replaceChildren()
  },
  /** A Konva.Line of 20,000 points on a layer of its own, its image on another that is not drawn again. */
  async konva(frames: number): Promise<Frames> {
    const view = fitViewport(canvasSize, size)
    const stage = new Konva.Stage({ container: room as HTMLDivElement, ...canvasSize })
    const below = new Konva.Layer({ listening: false }), above = new Konva.Layer({ listening: false })
    stage.add(below, above)
    const place = { x: view.x, y: view.y, scaleX: view.scale, scaleY: view.scale }
    const bitmap = await speckle()
    below.add(new Konva.Image({ image: bitmap, ...place }))
    const points = ring.slice()
    const line = new Konva.Line({ points, closed: true, stroke: '#ff6ec7', strokeWidth: 1.5, strokeScaleEnabled: false, ...place })
    above.add(line)
    stage.draw()
    const found = await framesOf('Konva.Line', (i) => {
      points[0] = (ring[0] as number) + 40 * Math.sin(i / 9)
      line.points(points)
      above.batchDraw()
    }, frames)
    stage.destroy()
    bitmap.close()
    return found
  },
  /** The least that drawing the whole line again can cost: a path on a bare canvas. */
  async path(frames: number): Promise<Frames> {
    const view = fitViewport(canvasSize, size)
    const canvas = document.createElement('canvas')
    Object.assign(canvas, canvasSize)
    room.append(canvas)
    const context = canvas.getContext('2d') as CanvasRenderingContext2D
    const start = imagePoint(ring[0] as number, ring[1] as number)
    const found = await framesOf('bare canvas path', (i) => {
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, canvas.width, canvas.height)
      context.setTransform(view.scale, 0, 0, view.scale, view.x, view.y)
      context.beginPath()
      context.moveTo(start.x + 40 * Math.sin(i / 9), start.y)
      for (let k = 2; k < ring.length; k += 2) context.lineTo(ring[k] as number, ring[k + 1] as number)
      context.closePath()
      context.strokeStyle = '#ff6ec7'
      context.lineWidth = 1.5 / view.scale
      context.stroke()
    }, frames)
    canvas.remove()
    return found
  },
}
export type Bench = typeof bench
Object.assign(window, { bench, ready: true })
