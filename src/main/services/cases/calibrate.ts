import { Failure } from '#shared/contract/errors.ts'
import { scaleLineLength, pixelSizeOfLines, uniformCalibration, type Calibration, type ScaleLine } from '#shared/geometry/index.ts'
import { imageById } from '#main/database/queries/cases.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { OpenStudy } from '../context.ts'

export const MANUAL = 'manual, two points'
/** A line on a known scale, and a second one of another direction where pixels are not square; `bounds` where the scale is that of a part of the picture only (side-by-side views). */
export interface LineCalibration extends ScaleLine { readonly imageId: string; readonly second?: ScaleLine | undefined; readonly reason: string; readonly bounds?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number } | undefined }

/**
 * Calibrates a picture by two points whose distance is known; its pixels are taken as square unless a second line says how tall they are. The log has who, the old scale, the
 * new one and why. Fails where a line is too short to give two digits, or the result is no ultrasound scale (2 um to 10 mm a pixel).
 */
export function calibrateByHand(study: OpenStudy, actor: string, input: LineCalibration): Calibration {
  const image = imageById(study.db.read, input.imageId)
  if (image === undefined) throw new Failure('not_found', 'there is no such image')
  const bounds = input.bounds ?? { left: 0, top: 0, width: image.width, height: image.height }
  const lines = input.second === undefined ? [input] : [input, input.second]
  const within = (p: ScaleLine['from']): boolean => p.x >= bounds.left && p.y >= bounds.top && p.x <= bounds.left + bounds.width && p.y <= bounds.top + bounds.height
  if (bounds.left < 0 || bounds.top < 0 || bounds.left + bounds.width > image.width || bounds.top + bounds.height > image.height) throw new Failure('invalid_input', 'the part of the picture lies outside it')
  if (!lines.every((line) => within(line.from) && within(line.to))) throw new Failure('invalid_input', 'both ends of a line must lie in the picture, or in the part of it that is calibrated')
  const size = pixelSizeOfLines(input, input.second ?? null)
  if (!size.ok) throw new Failure('invalid_input', size.error)
  const calibration = uniformCalibration(bounds, size.value.x, size.value.y, `${MANUAL} (${lines.map((line) => `${line.mm} mm over ${scaleLineLength(line).toFixed(1)} px`).join('; ')})`)
  study.db.write(actor, (tx) => {
    tx.update('image', { id: image.id }, { calibration: canonicalJson(calibration) })
    tx.audit({ action: 'image.calibrate', subject: 'image', id: image.id, old: image.calibration, new: canonicalJson(calibration), reason: input.reason })
  })
  return calibration
}
