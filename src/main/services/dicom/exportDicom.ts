import { readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { Failure, type DicomMasks, type DicomObject } from '#shared/contract/index.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import { cohortExists, imageById, type ImageRecord } from '#main/database/queries/cases.ts'
import { imagesForExchange, type ExportImage } from '#main/database/queries/annotations.ts'
import { imageStems } from '../annotations/exchange.ts'
import { makeFolder } from '../exports/makeFolder.ts'
import type { OpenStudy, World } from '../context.ts'
import { chooseMasks, chosenAnnotation, type ChosenMask } from './chooseMasks.ts'
import { makeObjects, type MadeObject } from './makeObjects.ts'
import { pictureSource } from './sources.ts'

/** What is to leave: which objects of which pictures, with whose masks. */
export interface DicomSelection {
  readonly objects: readonly DicomObject[]; readonly masks: DicomMasks; readonly caseIds: readonly string[] | null; readonly cohort: string | null; readonly annotationId: string | null
}

export interface Selected { readonly image: ImageRecord; readonly label: string; readonly stem: string; readonly chosen: readonly ChosenMask[] }

/** The pictures that have something to give, in worklist order. */
export function selectPictures(study: OpenStudy, selection: DicomSelection): Selected[] {
  if (selection.cohort !== null && !cohortExists(study.db.read, selection.cohort)) throw new Failure('not_found', `there is no cohort ${selection.cohort}`)
  const all = imagesForExchange(study.db.read, selection.cohort)
  const stems = imageStems(all)
  const one = selection.annotationId === null ? null : chosenAnnotation(study, selection.annotationId)
  if (selection.annotationId !== null && one === null) throw new Failure('not_found', 'there is no such annotation')
  const wanted = (i: ExportImage): boolean => (one !== null ? i.image_id === one.imageId : selection.caseIds === null || selection.caseIds.includes(i.case_id))
  return all.filter(wanted).flatMap((i) => {
    const image = imageById(study.db.read, i.image_id)
    if (image === undefined) return []
    const chosen = one === null ? chooseMasks(study, image, selection.masks) : [one.chosen]
    return chosen.length === 0 && !selection.objects.includes('image') ? [] : [{ image, label: i.label, stem: stems.get(i.image_id) ?? i.image_id, chosen }]
  })
}

const WORDS: Readonly<Record<DicomMasks, string>> = { reviewed: 'reviewed mask', fused: 'fused mask', reference: 'ground-truth mask' }

export const nothingSelected = (masks: DicomMasks): Failure =>
  new Failure('not_ready', `no picture of this choice has a ${WORDS[masks]}; ${masks === 'reviewed' ? 'review the cases first, or choose the fused masks' : masks === 'fused' ? 'segment the cases first' : 'draw or import masks first'}`)

export interface DicomExportReport { readonly to: string; readonly files: number; readonly objects: Readonly<Record<DicomObject, number>> }

export const countKinds = (made: readonly { readonly kind: DicomObject }[]): Record<DicomObject, number> => {
  const count = (kind: DicomObject): number => made.filter((m) => m.kind === kind).length
  return { seg: count('seg'), sr: count('sr'), sc: count('sc'), image: count('image') }
}

const fileOf = (stem: string, object: MadeObject): string => `${stem}.${object.kind}${object.kind === 'sc' && (object.frame ?? 0) > 0 ? `-${(object.frame ?? 0) + 1}` : ''}.dcm`

/** Writes the objects as files beside an index.csv with their UIDs and hashes. Refuses a folder that holds something. */
export async function exportDicom(study: OpenStudy, world: World, actor: string, request: DicomSelection & { readonly to: string }, options: { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void } = {}): Promise<DicomExportReport> {
  const to = resolve(request.to)
  if ((await readdir(to).catch(() => [])).length > 0) throw new Failure('refused', `${to} is not empty; choose a new folder`)
  const pictures = selectPictures(study, request)
  if (pictures.length === 0) throw nothingSelected(request.masks)
  await makeFolder(to)
  const index: string[][] = [], kinds: { kind: DicomObject }[] = []
  for (const [i, { image, label, stem, chosen }] of pictures.entries()) {
    if (options.signal?.aborted === true) break
    for (const object of await makeObjects(study, world, image, pictureSource(study, image), chosen, request.objects)) {
      const file = fileOf(stem, object)
      await writeFile(join(to, file), object.bytes)
      kinds.push({ kind: object.kind })
      index.push([file, label, String(image.ordinal + 1), object.kind, object.frame === null ? '' : String(object.frame + 1), object.sopInstanceUid, object.seriesInstanceUid, sha256(object.bytes)])
    }
    options.progress?.(i + 1, pictures.length, '')
  }
  await writeFile(join(to, 'index.csv'), stringify([['file', 'case_id', 'image', 'kind', 'frame', 'sop_instance_uid', 'series_instance_uid', 'sha256'], ...index]))
  const objects = countKinds(kinds)
  study.db.write(actor, (tx) => tx.audit({ action: 'dicom.export', subject: 'event', id: study.id, new: canonicalJson({ ...objects, masks: request.annotationId ?? request.masks }) }))
  return { to, files: kinds.length + 1, objects }
}
