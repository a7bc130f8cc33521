import { assertNever } from '#shared/lib/index.ts'
import type { Rect, Size, Viewport } from '#shared/geometry/index.ts'
import { heatPixels } from './heatPixels.ts'
import { maskPath, ringsPath } from './paths.ts'
import type { BoxOverlay, ContourOverlay, HeatOverlay, MaskOverlay, OverlaySpec } from './spec.ts'

type Context = CanvasRenderingContext2D

/** Where a grid of `size` lies in the image: scale and offset from grid to image. */
function placement(size: Size, image: Size, extent: Rect | undefined) {
  const box = extent ?? { left: 0, top: 0, width: image.width, height: image.height }
  return { sx: box.width / size.width, sy: box.height / size.height, x: box.left, y: box.top }
}

interface Line { readonly colour: string; readonly lineWidth?: number | undefined; readonly dash?: readonly number[] | undefined }

/**
 * Strokes with a line of one width in every direction. Where an image pixel is taller than wide on the screen the context is scaled unevenly, and a plain stroke
 * would be too.
 */
export function strokeEvenly(context: Context, path: Path2D): void {
  const m = context.getTransform()
  if (Math.abs(m.a - m.d) <= 1e-9 * m.a) return context.stroke(path)
  const flat = new Path2D()
  flat.addPath(path, m)
  const { lineWidth } = context, dash = context.getLineDash()
  context.save()
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.lineWidth = lineWidth * m.a
  context.setLineDash(dash.map((length) => length * m.a))
  context.stroke(flat)
  context.restore()
}

/** Strokes with a constant width on the screen, over a dark halo that keeps it visible on bright tissue. */
export function strokePath(context: Context, path: Path2D, line: Line, unitsPerPixel: number): void {
  const width = line.lineWidth ?? 1.5
  context.lineJoin = 'round'
  context.setLineDash((line.dash ?? []).map((length) => length * unitsPerPixel))
  context.strokeStyle = 'rgba(0, 0, 0, 0.5)'
  context.lineWidth = (width + 1.5) * unitsPerPixel
  strokeEvenly(context, path)
  context.strokeStyle = line.colour
  context.lineWidth = width * unitsPerPixel
  strokeEvenly(context, path)
  context.setLineDash([])
}

const patterns = new Map<string, HTMLCanvasElement>()

/** A tile of thin diagonal lines. */
function hatchTile(colour: string): HTMLCanvasElement {
  const known = patterns.get(colour)
  if (known) return known
  const tile = document.createElement('canvas')
  tile.width = tile.height = 6
  const context = tile.getContext('2d')
  if (context) {
    context.strokeStyle = colour
    context.lineWidth = 1
    context.beginPath()
    for (const shift of [-6, 0, 6]) {
      context.moveTo(shift - 1, 7)
      context.lineTo(shift + 7, -1)
    }
    context.stroke()
  }
  patterns.set(colour, tile)
  return tile
}

function fillPath(context: Context, path: Path2D, colour: string, opacity: number, hatch: boolean, unitsPerPixel: number): void {
  context.save()
  context.globalAlpha = opacity
  context.fillStyle = colour
  if (hatch) {
    const pattern = context.createPattern(hatchTile(colour), 'repeat')
    pattern?.setTransform(new DOMMatrix().scale(unitsPerPixel))
    if (pattern) context.fillStyle = pattern
  }
  context.fill(path, 'evenodd')
  context.restore()
}

function paintMask(context: Context, overlay: MaskOverlay, image: Size, view: Viewport): void {
  const at = placement(overlay.mask, image, overlay.extent)
  const path = maskPath(overlay.mask)
  const unit = 1 / (view.scale * at.sx)
  context.translate(at.x, at.y)
  context.scale(at.sx, at.sy)
  const fill = overlay.fill ?? (overlay.hatch ? 0.8 : 0.22)
  if (fill > 0) fillPath(context, path, overlay.colour, fill, overlay.hatch ?? false, unit)
  if (overlay.outline ?? !overlay.hatch) strokePath(context, path, overlay, unit)
}

function paintContour(context: Context, overlay: ContourOverlay, view: Viewport): void {
  const path = ringsPath(overlay.rings, overlay.open)
  if (overlay.fill) fillPath(context, path, overlay.colour, overlay.fill, false, 1 / view.scale)
  strokePath(context, path, overlay, 1 / view.scale)
}

function paintBox(context: Context, { box, ...line }: BoxOverlay, view: Viewport): void {
  const path = new Path2D()
  path.rect(box.left, box.top, box.width, box.height)
  strokePath(context, path, { ...line, lineWidth: line.lineWidth ?? 1 }, 1 / view.scale)
}

interface HeatCanvas { readonly key: string; readonly canvas: HTMLCanvasElement }
const heats = new WeakMap<HeatOverlay['values'], HeatCanvas>()

function heatCanvas(heat: HeatOverlay): HTMLCanvasElement {
  const key = `${heat.palette} ${heat.range.join(' ')} ${heat.threshold} ${heat.fade} ${heat.width}`
  const known = heats.get(heat.values)
  if (known?.key === key) return known.canvas
  const canvas = known?.canvas ?? document.createElement('canvas')
  canvas.width = heat.width
  canvas.height = heat.height
  canvas.getContext('2d')?.putImageData(new ImageData(heatPixels(heat), heat.width, heat.height), 0, 0)
  heats.set(heat.values, { key, canvas })
  return canvas
}

function paintHeat(context: Context, heat: HeatOverlay, image: Size, smooth: boolean): void {
  const at = placement(heat, image, heat.extent)
  context.globalAlpha = heat.opacity
  context.imageSmoothingEnabled = smooth
  context.imageSmoothingQuality = 'high'
  context.drawImage(heatCanvas(heat), at.x, at.y, heat.width * at.sx, heat.height * at.sy)
}

/** Draws overlays in their order. The context is in image pixels on entry; each overlay leaves it as it was. */
export function paintOverlays(context: Context, overlays: readonly OverlaySpec[], image: Size, view: Viewport, smooth: boolean): void {
  for (const overlay of overlays) {
    if (overlay.visible === false) continue
    context.save()
    switch (overlay.kind) {
      case 'mask': paintMask(context, overlay, image, view); break
      case 'contour': paintContour(context, overlay, view); break
      case 'heat': paintHeat(context, overlay, image, smooth); break
      case 'box': paintBox(context, overlay, view); break
      default: assertNever(overlay)
    }
    context.restore()
  }
}
