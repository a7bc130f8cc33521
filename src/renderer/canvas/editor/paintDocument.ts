import { scaleDown, type Viewport } from '#shared/geometry/index.ts'
import { movingLines, type Contour, type EditorSnapshot, type Moving } from '#renderer/editor/index.ts'
import { pathOfRings } from '../overlays/paths.ts'
import { strokeEvenly, strokePath } from '../overlays/paint.ts'
import { contourPath, isMoving, stillPath } from './contourPaths.ts'
import type { EditorStyle } from './style.ts'

type Context = CanvasRenderingContext2D

/** Above this many vertices a contour is stroked once, without the halo: it is dense enough to be seen. */
const HALO_LIMIT = 4000

const vertexCount = (contour: Contour): number => contour.rings.reduce((sum, ring) => sum + ring.length, 0)

/** Strokes with a constant width on the screen. */
export function strokeLine(context: Context, path: Path2D, colour: string, width: number, view: Viewport, halo: boolean): void {
  const unit = 1 / view.scale
  if (halo) return strokePath(context, path, { colour, lineWidth: width }, unit)
  context.lineJoin = 'round'
  context.strokeStyle = colour
  context.lineWidth = width * unit
  strokeEvenly(context, path)
}

/** From here on the context is in image pixels. */
export function toImageSpace(context: Context, view: Viewport): void {
  context.translate(view.x, view.y)
  context.scale(view.scale, scaleDown(view))
}

/** The contours of the frame, less what moves under the pointer right now. */
export function paintDocument(context: Context, view: Viewport, snapshot: EditorSnapshot, moving: Moving | undefined, style: EditorStyle): void {
  if (snapshot.display.contoursHidden) return
  toImageSpace(context, view)
  for (const contour of snapshot.annotation.contours) {
    const selected = snapshot.selection.contours.includes(contour.id)
    const moved = isMoving(contour, moving)
    const width = style.lineWidth + (selected ? 0.75 : 0)
    const halo = vertexCount(contour) <= HALO_LIMIT
    if (moved) strokeLine(context, stillPath(contour, moving), style.colour, width, view, halo)
    else {
      const path = contourPath(contour)
      context.save()
      context.globalAlpha = selected ? style.selectedFill : style.fill
      context.fillStyle = style.colour
      context.fill(path, 'evenodd')
      context.restore()
      strokeLine(context, path, style.colour, width, view, halo)
    }
  }
}

/** The runs that follow the pointer. The cost is the number of moved vertices. */
export function paintMoving(context: Context, view: Viewport, snapshot: EditorSnapshot, moving: Moving, style: EditorStyle): void {
  for (const line of movingLines(snapshot.annotation, moving)) {
    strokeLine(context, pathOfRings([line.points], !line.closed), style.colour, style.lineWidth + 0.75, view, true)
  }
}
