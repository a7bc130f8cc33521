import { fillHoles, growRange, growSimilar } from '#shared/contour/index.ts'
import { bitmapBounds, growRect, intersectRects, rectOfSize, rewindow, type Bitmap, type GreyImage, type ImagePoint } from '#shared/geometry/index.ts'
import { paint } from '../../edits/paint.ts'
import type { ToolOptions } from '../options.ts'
import { held, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** CSS pixels of drag for one grey value of tolerance. */
const DRAG_RATE = 3

/** The region in its own bounds, without the holes that speckle leaves. */
function regionAt(image: GreyImage, seed: ImagePoint, options: ToolOptions, tolerance: number): Bitmap {
  const grown = options.floodMode === 'similar' ? growSimilar(image, seed, tolerance) : growRange(image, seed, options.floodLow, options.floodHigh)
  return fillHoles(rewindow(grown, intersectRects(growRect(bitmapBounds(grown), 1), rectOfSize(image))))
}

/** The button is held: the region is shown, dragging sideways changes the tolerance, releasing keeps it. */
export function Previewing(seed: ImagePoint, taking: boolean, image: GreyImage, context: ToolContext): ToolState {
  const { options } = context
  let tolerance = options.floodTolerance, revision = 0
  let region = regionAt(image, seed, options, tolerance)
  const widen = (to: ImagePoint, reach: number): void => {
    const next = Math.max(0, Math.round(options.floodTolerance + (to.x - seed.x) / reach / DRAG_RATE))
    if (next === tolerance || options.floodMode === 'range') return
    tolerance = next
    region = regionAt(image, seed, options, tolerance)
    revision++
  }
  const finish = (now: ToolContext): ToolState => {
    if (tolerance !== options.floodTolerance) now.setOptions({ floodTolerance: tolerance })
    paint(now, 'flood', region, taking ? 0 : 1)
    return Idle()
  }
  const state: ToolState = {
    ...held('flood/Previewing'),
    on(event, now) {
      if (event.type === 'move') widen(event.at, now.reach(1))
      return event.type === 'up' ? finish(now) : state
    },
    complete: finish,
    cancel: () => Idle(),
    // The region was only a preview: nothing of it was promised.
    interrupt: () => Idle(),
    overlay: () => ({
      shapes: [
        { kind: 'patch', bitmap: region, revision, role: taking ? 'eraser' : 'brush' },
        { kind: 'text', at: seed, text: options.floodMode === 'similar' ? `± ${tolerance}` : `${options.floodLow} to ${options.floodHigh}` },
      ],
      cursor: 'crosshair', hint: 'Drag sideways to change the tolerance; release to take the region; Escape discards.',
    }),
  }
  return state
}
