import { encodeMask, maskArea, maskToBytes, type RleMask } from '#shared/geometry/index.ts'
import { err, ok, type Result } from '#shared/lib/index.ts'
import { readSegmentation, type ReadSegmentation } from '#main/formats/dicom/index.ts'
import { imageById, type ImageRecord } from '#main/database/queries/cases.ts'
import { allImages, imageByInstance } from '#main/database/queries/dicomImages.ts'
import { lastOfFrame, lastVersionOf } from '#main/database/queries/annotations.ts'
import type { OpenStudy, World } from '../context.ts'
import { pseudonymsOf } from '../dicom/sources.ts'

export interface ImportedMasks { readonly imported: number; readonly unchanged: number }

/** Finds a picture by an instance UID: the one that it has here, or the one that it had in the hospital. */
function finder(study: OpenStudy): (instance: string) => ImageRecord | undefined {
  const pseudonyms = pseudonymsOf(study)
  const made = new Map<string, string>()
  return (instance) => {
    const known = imageByInstance(study.db.read, instance) ?? imageByInstance(study.db.read, pseudonyms.uid(instance))
    if (known !== undefined) return imageById(study.db.read, known)
    if (made.size === 0) for (const id of allImages(study.db.read)) made.set(pseudonyms.uid(`image ${id}`), id)
    const id = made.get(instance)
    return id === undefined ? undefined : imageById(study.db.read, id)
  }
}

interface FrameMask { readonly image: ImageRecord; readonly frame: number; readonly mask: RleMask }

/** The masks of a segmentation by picture and frame; segments of one frame are one mask. */
function collect(study: OpenStudy, seg: ReadSegmentation): Result<FrameMask[], { readonly message: string }> {
  const find = finder(study)
  const byFrame = new Map<string, { image: ImageRecord; frame: number; data: Uint8Array }>()
  for (const one of seg.frames) {
    if (one.sourceInstance === null || one.frame === null) return err({ message: 'It does not say which picture and frame its masks are of.' })
    const image = find(one.sourceInstance)
    if (image === undefined) return err({ message: 'No picture of this study is the one that it names; import the pictures first.' })
    if (image.width !== seg.columns || image.height !== seg.rows) return err({ message: `Its masks are ${seg.columns} x ${seg.rows}, their picture ${image.width} x ${image.height}.` })
    if (one.frame >= image.frames) return err({ message: `It names frame ${one.frame + 1} of a picture that has ${image.frames}.` })
    const key = `${image.id} ${one.frame}`
    const known = byFrame.get(key)
    if (known === undefined) byFrame.set(key, { image, frame: one.frame, data: one.data.slice() })
    else one.data.forEach((value, i) => { if (value) known.data[i] = 1 })
  }
  // The largest cross-section last, so that it is the newest and stands for the picture.
  const masks = [...byFrame.values()].map(({ image, frame, data }) => ({ image, frame, mask: encodeMask(data, { width: image.width, height: image.height }) })).filter((m) => maskArea(m.mask) > 0)
  return masks.length === 0 ? err({ message: 'All its masks are empty.' }) : ok(masks.sort((a, b) => maskArea(a.mask) - maskArea(b.mask)))
}

/** Stores the masks of a DICOM Segmentation as imported versions, bit for bit, all or none. A mask that its frame has already is left. */
export function importSegmentation(study: OpenStudy, world: World, actor: string, bytes: Uint8Array, reason: string): Result<ImportedMasks, { readonly message: string }> {
  const read = readSegmentation(bytes)
  if (!read.ok) return read
  const masks = collect(study, read.value)
  if (!masks.ok) return masks
  const stored = masks.value.map((m) => ({ ...m, hash: study.objects.put(maskToBytes(m.mask)) }))
  let imported = 0
  study.db.write(actor, (tx) => {
    for (const { image, frame, mask, hash } of stored) {
      const last = lastOfFrame(tx, image.id, 'imported', frame)
      if (last?.mask === hash) continue
      const id = world.ids.next()
      tx.insert('annotation', {
        id, case_id: image.case_id, image_id: image.id, frame, task_id: null, account_id: null, purpose: 'imported', version: (lastVersionOf(tx, image.id, 'imported')?.version ?? 0) + 1, document: null, mask: hash, area_px: maskArea(mask), active_seconds: 0, tools: '{}',
        app_version: world.version, derived_from: null, created_at: tx.at, origin: tx.origin,
      })
      tx.audit({ action: 'annotation.import', subject: 'annotation', id, old: last?.id ?? null, new: hash, reason })
      imported++
    }
  })
  return ok({ imported, unchanged: stored.length - imported })
}

