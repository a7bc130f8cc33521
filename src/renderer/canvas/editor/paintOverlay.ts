import { assertNever } from '#shared/lib/index.ts'
import { pixelAspectOf, scaleDown, visibleRect, type Bitmap, type ImagePoint, type Rect, type Viewport } from '#shared/geometry/index.ts'
import type { OverlayShape } from '#renderer/editor/index.ts'
import { strokeEvenly, strokePath } from '../overlays/paint.ts'
import { pathOfRings } from '../overlays/paths.ts'
import { overlayColours, type EditorStyle } from './style.ts'

type Context = CanvasRenderingContext2D
type ShapeOf<K extends OverlayShape['kind']> = Extract<OverlayShape, { kind: K }>

function paintLine(context: Context, shape: ShapeOf<'line'>, view: Viewport, style: EditorStyle): void {
  const path = pathOfRings([shape.points], !shape.closed)
  const unit = 1 / view.scale
  switch (shape.role) {
    case 'draft': return strokePath(context, path, { colour: style.colour, lineWidth: style.lineWidth + 0.5 }, unit)
    case 'rubber': return strokePath(context, path, { colour: style.colour, lineWidth: 1, dash: [5, 4] }, unit)
    case 'guide': return strokePath(context, path, { colour: overlayColours.guide, lineWidth: 1, dash: [2, 3] }, unit)
    case 'measure': return strokePath(context, path, { colour: overlayColours.measure, lineWidth: 1.5 }, unit)
    default: return assertNever(shape.role)
  }
}

/**
 * The places to draw a handle at: those in view, less the ones that would touch the last drawn one. A dense contour keeps its shape readable,
 * and 20,000 vertices cost no more than what fits on the screen.
 */
export function handlePlaces(points: readonly ImagePoint[], view: Viewport, gap: number): ImagePoint[] {
  const shown = visibleRect(view)
  const reach = gap / view.scale, down = gap / scaleDown(view)
  const out: ImagePoint[] = []
  let last: ImagePoint | undefined
  for (const p of points) {
    if (p.x < shown.left - reach || p.y < shown.top - down || p.x > shown.left + shown.width + reach || p.y > shown.top + shown.height + down) continue
    if (last && Math.abs(p.x - last.x) < reach && Math.abs(p.y - last.y) < down) continue
    out.push(p)
    last = p
  }
  return out
}

function paintHandles(context: Context, shape: ShapeOf<'handles'>, view: Viewport, style: EditorStyle): void {
  const small = shape.role === 'vertex' || shape.role === 'insert'
  const size = (small ? style.handle : style.handle + 2) / view.scale, tall = size / pixelAspectOf(view)
  const path = new Path2D()
  for (const p of shape.role === 'vertex' ? handlePlaces(shape.points, view, style.handle + 1) : shape.points) {
    if (shape.role === 'first' || shape.role === 'insert') {
      path.moveTo(p.x + size / 2, p.y)
      path.ellipse(p.x, p.y, size / 2, tall / 2, 0, 0, 2 * Math.PI)
    } else path.rect(p.x - size / 2, p.y - tall / 2, size, tall)
  }
  const filled = shape.role === 'selected' || shape.role === 'hover'
  context.fillStyle = filled ? (shape.role === 'hover' ? overlayColours.accent : '#fff') : overlayColours.handleFill
  context.strokeStyle = filled ? overlayColours.handleFill : shape.role === 'insert' ? overlayColours.accent : style.colour
  context.lineWidth = 1.25 / view.scale
  context.fill(path)
  strokeEvenly(context, path)
}

function paintDisk(context: Context, shape: ShapeOf<'disk'>, view: Viewport): void {
  const path = new Path2D()
  path.ellipse(shape.centre.x, shape.centre.y, shape.radius, shape.radius / pixelAspectOf(view), 0, 0, 2 * Math.PI)
  strokePath(context, path, { colour: shape.role === 'eraser' ? overlayColours.eraser : '#fff', lineWidth: 1 }, 1 / view.scale)
}

function paintStroke(context: Context, shape: ShapeOf<'stroke'>, style: EditorStyle): void {
  context.save()
  context.globalAlpha = 0.4
  context.lineCap = context.lineJoin = 'round'
  context.lineWidth = Math.max(0.5, 2 * shape.radius)
  context.strokeStyle = shape.role === 'eraser' ? overlayColours.eraser : style.colour
  const path = pathOfRings([shape.points], true)
  const [only] = shape.points
  if (only && shape.points.length === 1) path.lineTo(only.x + 1e-3, only.y)
  strokeEvenly(context, path)
  context.restore()
}

interface PatchCanvas { readonly canvas: OffscreenCanvas; readonly key: string }
const patches = new WeakMap<Uint8Array, PatchCanvas>()

function rgbOf(hex: string): readonly [number, number, number] {
  return [parseInt(hex.slice(1, 3), 16), parseInt(hex.slice(3, 5), 16), parseInt(hex.slice(5, 7), 16)]
}

/** The provisional mask of a stroke as an image; painted again only when its revision changed. */
function patchCanvas(bitmap: Bitmap, revision: number, hex: string): OffscreenCanvas {
  const key = `${revision} ${hex}`
  const known = patches.get(bitmap.data)
  if (known?.key === key) return known.canvas
  const canvas = known?.canvas ?? new OffscreenCanvas(bitmap.width, bitmap.height)
  const [r, g, b] = rgbOf(hex)
  const image = new ImageData(bitmap.width, bitmap.height)
  for (let i = 0; i < bitmap.data.length; i++) if (bitmap.data[i]) image.data.set([r, g, b, 110], 4 * i)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  patches.set(bitmap.data, { canvas, key })
  return canvas
}

function paintPatch(context: Context, { bitmap, revision, role }: ShapeOf<'patch'>, style: EditorStyle): void {
  if (bitmap.width < 1 || bitmap.height < 1) return
  context.imageSmoothingEnabled = false
  context.drawImage(patchCanvas(bitmap, revision, role === 'eraser' ? overlayColours.eraser : style.colour), bitmap.left, bitmap.top)
}

function paintBox(context: Context, rect: Rect, view: Viewport): void {
  context.fillStyle = 'rgba(74, 168, 255, 0.12)'
  context.fillRect(rect.left, rect.top, rect.width, rect.height)
  context.strokeStyle = overlayColours.accent
  context.lineWidth = 1 / view.scale
  const path = new Path2D()
  path.rect(rect.left, rect.top, rect.width, rect.height)
  strokeEvenly(context, path)
}

function paintCross(context: Context, { at, pressed }: ShapeOf<'crosshair'>, view: Viewport): void {
  const shown = visibleRect(view)
  const gap = 9 / view.scale, tall = 9 / scaleDown(view)
  const path = new Path2D()
  path.moveTo(shown.left, at.y)
  path.lineTo(at.x - gap, at.y)
  path.moveTo(at.x + gap, at.y)
  path.lineTo(shown.left + shown.width, at.y)
  path.moveTo(at.x, shown.top)
  path.lineTo(at.x, at.y - tall)
  path.moveTo(at.x, at.y + tall)
  path.lineTo(at.x, shown.top + shown.height)
  context.strokeStyle = pressed ? overlayColours.accent : 'rgba(74, 168, 255, 0.62)'
  context.lineWidth = (pressed ? 2 : 1) / view.scale
  strokeEvenly(context, path)
}

function paintText(context: Context, { at, text }: ShapeOf<'text'>, view: Viewport): void {
  context.save()
  context.translate(at.x, at.y)
  context.scale(1 / view.scale, 1 / scaleDown(view))
  context.font = '500 12px Roboto, Arial, sans-serif'
  const width = context.measureText(text).width
  context.fillStyle = 'rgba(12, 13, 14, 0.86)'
  context.fillRect(8, -9, width + 10, 18)
  context.fillStyle = '#e4e7e9'
  context.fillText(text, 13, 4)
  context.restore()
}

/** What the tool shows above the document. The context is in image pixels. */
export function paintOverlayShapes(context: Context, shapes: readonly OverlayShape[], view: Viewport, style: EditorStyle): void {
  for (const shape of shapes) {
    context.save()
    switch (shape.kind) {
      case 'line': paintLine(context, shape, view, style); break
      case 'handles': paintHandles(context, shape, view, style); break
      case 'disk': paintDisk(context, shape, view); break
      case 'stroke': paintStroke(context, shape, style); break
      case 'patch': paintPatch(context, shape, style); break
      case 'box': paintBox(context, shape.rect, view); break
      case 'crosshair': paintCross(context, shape, view); break
      case 'text': paintText(context, shape, view); break
      default: assertNever(shape)
    }
    context.restore()
  }
}
