import { readFile } from 'node:fs/promises'
import { Failure } from '#shared/contract/errors.ts'
import { decodeMask, maskArea, type RleMask } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { frameObjects } from '#main/database/queries/annotations.ts'
import { imageById } from '#main/database/queries/cases.ts'
import { techniqueOf } from '#main/database/queries/cine.ts'
import { removeObjectsLater } from '#main/database/queries/objects.ts'
import { decodeImage, encodePng, type Pixels } from '#main/formats/images/index.ts'
import type { OpenStudy } from '../context.ts'
import { knownCopies } from '../withdrawal/copies.ts'
import { removeObjects } from '../withdrawal/removeObjects.ts'

/** Blacks (sets to 0) what the mask covers, in a copy; `channels` interleaved samples a pixel. */
export function blackOut(data: Uint8Array, channels: number, covered: Uint8Array): Uint8Array {
  const out = data.slice()
  covered.forEach((value, i) => { if (value !== 0) out.fill(0, i * channels, (i + 1) * channels) })
  return out
}

/** The same of decoded pixels; refuses a mask of another size. */
export function blackPicture(pixels: Pixels, mask: RleMask): Pixels {
  if (mask.width !== pixels.width || mask.height !== pixels.height) throw new Failure('invalid_input', `what is to be blacked is ${mask.width} x ${mask.height}, the picture ${pixels.width} x ${pixels.height}`)
  return { ...pixels, data: blackOut(pixels.data, pixels.channels, decodeMask(mask)) }
}

export interface RedactionReport { readonly frames: number; readonly pixels: number; readonly removedFiles: number; readonly copies: readonly string[] }

/**
 * Blacks part of a stored picture, in every frame of a cine. The old pixels leave `objects/`, and the original file with them where it was kept;
 * copies that this study knows of are named, because they still hold them. Masks and drawings stay: they hold no text.
 */
export async function redactImage(study: OpenStudy, actor: string, request: { readonly imageId: string; readonly mask: RleMask; readonly reason: string }): Promise<RedactionReport> {
  const image = imageById(study.db.read, request.imageId)
  if (image === undefined) throw new Failure('not_found', 'there is no such image')
  const area = maskArea(request.mask)
  if (area === 0) throw new Failure('invalid_input', 'nothing is marked, so nothing was blacked')
  const before = frameObjects(study.db.read, image.id)
  const after: string[] = []
  for (const object of before) {
    const pixels = unwrap(await decodeImage(await readFile(study.objects.path(object))))
    after.push(study.objects.put(await encodePng(blackPicture(pixels, request.mask), 3)))
  }
  const technique = techniqueOf(study.db.read, image.id)
  study.db.write(actor, (tx) => {
    if (frameObjects(tx, image.id).join() !== before.join()) throw new Failure('conflict', 'the picture was changed meanwhile; look at it again')
    tx.update('image', { id: image.id }, { object: after[0] ?? image.object })
    after.slice(1).forEach((object, i) => tx.update('image_frame', { image_id: image.id, frame: i + 1 }, { object }))
    tx.audit({ action: 'image.redact', subject: 'image', id: image.id, new: `${area} pixels blacked in ${before.length} ${before.length === 1 ? 'picture' : 'frames'}`, reason: request.reason })
    if (technique !== undefined) {
      tx.update('image_technique', { id: image.id }, { original: null, redaction: `${technique.redaction} ${area} more pixels were blacked by hand.`.trim() })
      tx.audit({ action: 'image.technique', subject: 'image_technique', id: image.id })
    }
    removeObjectsLater(tx, [...before, ...(technique?.original == null ? [] : [technique.original])])
  })
  const removedFiles = removeObjects(study, actor)
  return { frames: before.length, pixels: area, removedFiles, copies: knownCopies(study) }
}
