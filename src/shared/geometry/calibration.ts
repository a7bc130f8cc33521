import { millimetrePoint, type ImagePoint, type MillimetrePoint, type Point } from './points.ts'
import { rectContains, type Rect } from './rect.ts'

/** A part of the image (one ultrasound region) with its pixel spacing in millimetres a pixel, across and down. */
export interface CalibrationRegion { readonly bounds: Rect; readonly mmPerPixelX: number; readonly mmPerPixelY: number }

/** What is known of an image's scale. Without regions there is a reason, in words for the user; where only the frames of a cine differ, each has its own (`frames`). */
export type Calibration =
  | { readonly kind: 'regions'; readonly regions: readonly CalibrationRegion[]; readonly source: string }
  | { readonly kind: 'none'; readonly reason: string; readonly frames?: readonly Calibration[] | undefined }

/** The scale of one frame: its own where frames differ, else that of all. */
export const calibrationOfFrame = (calibration: Calibration, frame: number): Calibration => (calibration.kind === 'none' ? calibration.frames?.[frame] : undefined) ?? calibration

export const uncalibrated = (reason: string): Calibration => ({ kind: 'none', reason })

/** One spacing for the whole image. A spacing that is not a positive number gives no calibration, and says so. */
export function uniformCalibration(bounds: Rect, mmPerPixelX: number, mmPerPixelY: number, source: string): Calibration {
  if (!(mmPerPixelX > 0 && mmPerPixelY > 0 && Number.isFinite(mmPerPixelX) && Number.isFinite(mmPerPixelY))) {
    return uncalibrated(`The pixel spacing (${mmPerPixelX}, ${mmPerPixelY}) is not a positive number.`)
  }
  return { kind: 'regions', regions: [{ bounds, mmPerPixelX, mmPerPixelY }], source }
}

export type Scale =
  | { readonly known: true; readonly region: CalibrationRegion }
  | { readonly known: false; readonly reason: string }

/** The one region that holds every point; otherwise why there is none. Of nested regions the smallest counts. */
export function scaleFor(points: readonly Point[], calibration: Calibration): Scale {
  if (calibration.kind === 'none') return { known: false, reason: calibration.reason }
  const holding = (ps: readonly Point[]): CalibrationRegion[] => calibration.regions.filter((r) => ps.every((p) => rectContains(r.bounds, p)))
  const area = (r: CalibrationRegion): number => r.bounds.width * r.bounds.height
  const [region] = holding(points).sort((a, b) => area(a) - area(b))
  if (region) return { known: true, region }
  const everyPointHeld = points.every((p) => holding([p]).length > 0)
  const reason = everyPointHeld ? 'It crosses from one calibrated region into another.' : 'It lies, in part, outside every calibrated region.'
  return { known: false, reason }
}

/**
 * How much taller than wide the pixels are on the patient: that of the largest calibrated region, since one image is drawn in one proportion. 1 where nothing is
 * known, and where what is said is no plausible proportion (beyond 1 to 20): an image of one line would hide that the file is wrong.
 */
export function pixelAspectFor(calibration: Calibration | null | undefined): number {
  if (calibration?.kind !== 'regions') return 1
  const [largest] = calibration.regions.toSorted((a, b) => b.bounds.width * b.bounds.height - a.bounds.width * a.bounds.height)
  const aspect = largest === undefined ? 1 : largest.mmPerPixelY / largest.mmPerPixelX
  return aspect >= 0.05 && aspect <= 20 && Math.abs(aspect - 1) > 1e-4 ? aspect : 1
}

export const toMillimetres = (p: ImagePoint | Point, region: CalibrationRegion): MillimetrePoint =>
  millimetrePoint(p.x * region.mmPerPixelX, p.y * region.mmPerPixelY)
