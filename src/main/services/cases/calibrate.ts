import { Failure } from '#shared/contract/errors.ts'
import { uniformCalibration, type Calibration } from '#shared/geometry/index.ts'
import { imageById } from '#main/database/queries/cases.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { OpenStudy } from '../context.ts'

export const MANUAL = 'manual, two points'
interface Place { readonly x: number; readonly y: number }
/** Ends of a line on a known scale, in pixels, and its length; `bounds` where the scale is that of a part of the picture only (side-by-side views). */
export interface TwoPoints { readonly imageId: string; readonly from: Place; readonly to: Place; readonly mm: number; readonly reason: string; readonly bounds?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number } | undefined }

/**
 * Calibrates a picture by two points whose distance is known; its pixels are taken as square. The log has who, the old scale, the new one and why.
 * Fails where the line is too short to give two digits, or the result is no ultrasound scale (2 um to 10 mm a pixel).
 */
export function calibrateByHand(study: OpenStudy, actor: string, input: TwoPoints): Calibration {
  const image = imageById(study.db.read, input.imageId)
  if (image === undefined) throw new Failure('not_found', 'there is no such image')
  const bounds = input.bounds ?? { left: 0, top: 0, width: image.width, height: image.height }
  const within = (p: Place): boolean => p.x >= bounds.left && p.y >= bounds.top && p.x <= bounds.left + bounds.width && p.y <= bounds.top + bounds.height
  if (bounds.left < 0 || bounds.top < 0 || bounds.left + bounds.width > image.width || bounds.top + bounds.height > image.height) throw new Failure('invalid_input', 'the part of the picture lies outside it')
  if (!within(input.from) || !within(input.to)) throw new Failure('invalid_input', 'both ends of the line must lie in the picture, or in the part of it that is calibrated')
  const pixels = Math.hypot(input.to.x - input.from.x, input.to.y - input.from.y)
  if (pixels < 20) throw new Failure('invalid_input', `the line is ${pixels.toFixed(1)} pixels long; one of at least 20 is needed for a scale worth having`)
  const mm = input.mm / pixels
  if (!(mm >= 0.002 && mm <= 10)) throw new Failure('invalid_input', `${input.mm} mm over ${pixels.toFixed(1)} pixels gives ${mm.toPrecision(3)} mm a pixel, which no ultrasound image has`)
  const calibration = uniformCalibration(bounds, mm, mm, `${MANUAL} (${input.mm} mm over ${pixels.toFixed(1)} px)`)
  study.db.write(actor, (tx) => {
    tx.update('image', { id: image.id }, { calibration: canonicalJson(calibration) })
    tx.audit({ action: 'image.calibrate', subject: 'image', id: image.id, old: image.calibration, new: canonicalJson(calibration), reason: input.reason })
  })
  return calibration
}
