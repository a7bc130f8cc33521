import { interpolateMasks, simplifyRing, smoothRing, traceMask } from '#shared/contour/index.ts'
import { ringsOf } from '#shared/geometry/index.ts'
import { frameOf, maskOf, type AnnotationDocument } from '../document/document.ts'
import type { ContourRecord, Operation } from '../document/operations.ts'
import { contourToRecord, removeContourOperation } from '../document/records.ts'
import { unitsOf } from '../document/units.ts'
import type { ToolContext } from '../tools/toolState.ts'
import { targetContours } from './targets.ts'

/** Copies the selected contours (else all of the chosen label) of this frame to another one, above what is there. */
export const copyToFrame = (target: number) => (context: ToolContext): void => {
  if (target === context.frame) return
  const at = frameOf(context.document, target).contours.length
  context.commit('copy to frame', targetContours(context).map((c, i): Operation =>
    ({ op: 'addContour', frame: target, at: at + i, contour: { ...contourToRecord(c), id: context.newId(), origin: 'copied' } })))
}

/** Marks a frame as the largest cross-section; null takes the mark away. */
export const markLargestFrame = (frame: number | null) => (context: ToolContext): void => {
  const before = context.document.largestFrame
  if (before !== frame) context.commit('largest cross-section', [{ op: 'largestFrame', before, after: frame }])
}

/** Frames with a contour of the label that somebody drew, copied or imported, ascending. */
function keyFrames(document: AnnotationDocument, label: string): number[] {
  const drawn = [...document.frames].filter(([, f]) => f.contours.some((c) => c.label === label && c.origin !== 'interpolated'))
  return drawn.map(([frame]) => frame).sort((a, b) => a - b)
}

function between(context: ToolContext, from: number, to: number, frame: number): ContourRecord[] {
  const { document, options: { label } } = context
  const mask = interpolateMasks(maskOf(document, from, label), maskOf(document, to, label), (frame - from) / (to - from))
  return traceMask(mask).map((polygon) => ({
    id: context.newId(), label, shape: 'polygon', origin: 'interpolated',
    // Pixel steps are smoothed away; the line stays within half a pixel.
    rings: ringsOf(polygon).map((ring) => unitsOf(ring.length > 8 ? simplifyRing(smoothRing(ring, 1.5, 0.75), 0.15) : ring)),
  }))
}

/**
 * Fills the frames between key frames of the chosen label with interpolated contours, replacing earlier interpolated ones; drawn frames are never
 * touched.
 */
export function interpolateFrames(context: ToolContext): void {
  const { document, options: { label } } = context
  const keys = keyFrames(document, label)
  const operations: Operation[] = []
  for (let k = 0; k + 1 < keys.length; k++) {
    const from = keys[k] as number, to = keys[k + 1] as number
    for (let frame = from + 1; frame < to; frame++) {
      const { contours } = frameOf(document, frame)
      const old = contours.filter((c) => c.label === label)
      operations.push(...old.map((c) => removeContourOperation(frame, contours, c)).reverse())
      const at = contours.length - old.length
      operations.push(...between(context, from, to, frame).map((contour, i): Operation => ({ op: 'addContour', frame, at: at + i, contour })))
    }
  }
  context.commit('interpolate frames', operations)
}
