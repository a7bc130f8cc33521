import { traceMask } from '#shared/contour/index.ts'
import { feretAxes, maskArea, maskBounds, scaleFor, toMillimetres, type Calibration, type RleMask } from '#shared/geometry/index.ts'
import { maskOf, type AnnotationDocument } from '#renderer/editor/index.ts'

/** `drawn`: somebody drew, copied or brought a contour there; `filled`: only interpolated ones are there. */
export interface FrameMark { readonly drawn: boolean; readonly filled: boolean; readonly largest: boolean }

export const frameMarks = (document: AnnotationDocument, count: number): FrameMark[] =>
  Array.from({ length: Number.isFinite(count) ? count : 1 }, (_, i) => {
    const contours = document.frames.get(i)?.contours ?? []
    const drawn = contours.some((c) => c.origin !== 'interpolated')
    return { drawn, filled: contours.length > 0 && !drawn, largest: document.largestFrame === i }
  })

/** What a frame of the strip is, in words. */
export const frameWords = (mark: FrameMark, frame: number): string =>
  [`Frame ${frame + 1}`, mark.drawn ? 'drawn' : mark.filled ? 'interpolated' : '', mark.largest ? 'largest cross-section' : ''].filter((word) => word !== '').join(', ')

/** The frame whose mask is stored: the one marked as the largest cross-section, else the drawn one with the largest area, else the first. */
export function frameToStore(document: AnnotationDocument): number {
  if (document.largestFrame !== null) return document.largestFrame
  let best = 0, area = 0
  for (const [frame, { contours }] of document.frames) {
    if (contours.length === 0) continue
    const pixels = maskArea(maskOf(document, frame))
    if (pixels > area) [best, area] = [frame, pixels]
  }
  return best
}

/** The area in words: square millimetres where one calibrated region holds the lesion, else pixels with the reason. */
export function areaText(mask: RleMask, calibration: Calibration): string {
  const pixels = maskArea(mask)
  if (pixels === 0) return 'no area drawn'
  const r = maskBounds(mask)
  const scale = scaleFor([{ x: r.left, y: r.top }, { x: r.left + r.width, y: r.top + r.height }], calibration)
  return scale.known ? `${(pixels * scale.region.mmPerPixelX * scale.region.mmPerPixelY).toFixed(2)} mm²` : `${pixels} px (${scale.reason})`
}

/** Long and short axis of everything drawn on a frame, from the mask as the agreement report has them: in millimetres where one calibrated region holds it; nothing where nothing is drawn. */
export function axesText(mask: RleMask, calibration: Calibration): string {
  const points = traceMask(mask).flatMap((polygon) => polygon.outer)
  const scale = scaleFor(points, calibration)
  const axes = feretAxes(scale.known ? points.map((p) => toMillimetres(p, scale.region)) : points)
  if (axes === undefined) return ''
  return scale.known ? `${axes.long.length.toFixed(2)} × ${axes.short.length.toFixed(2)} mm` : `${axes.long.length.toFixed(1)} × ${axes.short.length.toFixed(1)} px`
}
