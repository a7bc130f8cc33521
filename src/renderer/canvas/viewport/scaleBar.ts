import { scaleFor, screenToImage, screenPoint, type Calibration, type Viewport } from '#shared/geometry/index.ts'

export interface ScaleBar { readonly pixels: number; readonly millimetres: number; readonly label: string }

/** The largest 1, 2 or 5 times a power of ten that is not above `limit`. */
export function niceLength(limit: number): number {
  if (!(limit > 0)) return 0
  const power = 10 ** Math.floor(Math.log10(limit))
  for (const step of [5, 2, 1]) if (step * power <= limit * (1 + 1e-9)) return step * power
  return power
}

/** A horizontal bar of a round length for the middle of the view, or null where the scale is not known there. */
export function scaleBarFor(view: Viewport, calibration: Calibration, widest = 120): ScaleBar | null {
  const centre = screenToImage(view, screenPoint(view.width / 2, view.height / 2))
  const scale = scaleFor([centre], calibration)
  if (!scale.known) return null
  const pixelsPerMm = view.scale / scale.region.mmPerPixelX
  const millimetres = niceLength(widest / pixelsPerMm)
  return { millimetres, pixels: millimetres * pixelsPerMm, label: millimetres >= 1 ? `${millimetres} mm` : `${Math.round(millimetres * 1000)} µm` }
}
