import { Failure, type DicomObject, type ParsedInput } from '#shared/contract/index.ts'
import { openDicomBytes, sourceImageOf, type SourceImage } from '#main/formats/dicom/index.ts'
import type { DicomwebClient } from '#main/network/dicomweb/index.ts'
import { canonicalJson } from '#main/platform/index.ts'
import { imageByInstance } from '#main/database/queries/dicomImages.ts'
import { countKinds, nothingSelected, selectPictures, type Selected } from '../dicom/exportDicom.ts'
import { makeObjects } from '../dicom/makeObjects.ts'
import { pictureSource, pseudonymsOf, type PictureSource } from '../dicom/sources.ts'
import type { OpenStudy, World } from '../context.ts'

export interface StoreReport { readonly stored: Readonly<Record<DicomObject, number>>; readonly pictures: number; readonly failed: { instance: string; reason: string }[]; readonly series: { kind: DicomObject; studyUid: string; seriesUid: string; instanceUid: string }[] }
export const countStored = ({ stored, pictures, failed }: StoreReport): object => ({ ...stored, pictures, failed: failed.length })

const stored = (objects: number): string => (objects === 0 ? '' : `${objects} ${objects === 1 ? 'object' : 'objects'} stored`)

interface Options { readonly signal: AbortSignal; progress(done: number, total: number, note: string): void }

/**
 * The pictures of a PACS study that are in this study, each under its own identity there. Nothing of it is stored here: the PACS is asked for the study, and what its
 * UIDs become under this study's secret says which picture is which.
 */
async function originals(study: OpenStudy, client: DicomwebClient, studyUid: string, signal: AbortSignal): Promise<Map<string, SourceImage>> {
  const pseudonyms = pseudonymsOf(study)
  const found = new Map<string, SourceImage>()
  const everything = { signal, limit: 100_000 }
  const series = await client.series(studyUid, everything)
  if (!series.ok) throw new Failure('unavailable', series.error.message)
  for (const { seriesUid } of series.value.rows) {
    const instances = await client.instances(studyUid, seriesUid, everything)
    if (!instances.ok) throw new Failure('unavailable', instances.error.message)
    for (const row of instances.value.rows) {
      const imageId = imageByInstance(study.db.read, pseudonyms.uid(row.instanceUid))
      if (imageId === undefined) continue
      const bytes = await client.instance(row, { signal })
      if (!bytes.ok) throw new Failure('unavailable', bytes.error.message)
      const opened = openDicomBytes(bytes.value)
      if (opened.ok) found.set(imageId, sourceImageOf(opened.value))
    }
  }
  return found
}

/** Stores objects in a PACS: under this study's codes, or into the hospital's own study (`studyUid`) beside the pictures that they are of. */
export async function storeObjects(study: OpenStudy, world: World, actor: string, client: DicomwebClient, request: ParsedInput<'pacs.store'>, server: string, { signal, progress }: Options): Promise<StoreReport> {
  const { studyUid } = request
  progress(0, 0, studyUid === null ? '' : 'finding the pictures in the PACS')
  const own = studyUid === null ? null : await originals(study, client, studyUid, signal)
  if (own?.size === 0) throw new Failure('not_found', 'no picture of this study came from that study of the PACS')
  // The hospital's study holds the pictures themselves; its de-identified doubles do not belong in it.
  const kinds = own === null ? request.objects : request.objects.filter((k) => k !== 'image')
  if (kinds.length === 0) throw new Failure('invalid_input', 'choose masks, measurements or outlines: the pictures are in that study already')
  const pictures = selectPictures(study, { ...request, objects: kinds }).filter(({ image }) => own === null || own.has(image.id))
  if (pictures.length === 0) throw nothingSelected(request.masks)
  const sent: { kind: DicomObject }[] = [], failed: StoreReport['failed'] = [], series: StoreReport['series'] = []
  try {
    for (const [i, picture] of pictures.entries()) {
      if (signal.aborted) break
      progress(i, pictures.length, stored(sent.length))
      await storeOne(picture, own?.get(picture.image.id) ?? null)
    }
    if (!signal.aborted) progress(pictures.length, pictures.length, stored(sent.length))
  } finally {
    study.db.write(actor, (tx) => tx.audit({ action: 'pacs.store', subject: 'event', id: study.id, new: canonicalJson({ server, ...countKinds(sent), pictures: pictures.length, failed: failed.length, into: studyUid === null ? 'study codes' : 'original study' }) }))
  }
  return { stored: countKinds(sent), pictures: pictures.length, failed, series }

  async function storeOne({ image, chosen }: Selected, original: SourceImage | null): Promise<void> {
    const from: PictureSource = original === null ? pictureSource(study, image) : { source: original, header: {} }
    const objects = await makeObjects(study, world, image, from, chosen, kinds)
    const done = pictures.findIndex((p) => p.image.id === image.id)
    // One by one, so that what is in the PACS is counted however the transfer ends.
    for (const o of objects) {
      const answer = await client.store([{ instanceUid: o.sopInstanceUid, bytes: () => o.bytes }], { signal })
      if (signal.aborted && !answer.ok) return
      if (!answer.ok) throw new Failure('unavailable', `${answer.error.message} ${sent.length} objects were stored, of ${done} of ${pictures.length} pictures all; storing again repeats nothing.`)
      if (answer.value.stored.includes(o.sopInstanceUid)) {
        sent.push({ kind: o.kind })
        series.push({ kind: o.kind, studyUid: String(from.source.context['0020000D']?.[1] ?? ''), seriesUid: o.seriesInstanceUid, instanceUid: o.sopInstanceUid })
      }
      failed.push(...answer.value.failed.map((f) => ({ instance: f.instanceUid, reason: f.fault.message })))
      progress(done, pictures.length, stored(sent.length))
    }
  }
}
