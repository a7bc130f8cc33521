import { readFile } from 'node:fs/promises'
import { basename, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RleMask } from '#shared/geometry/index.ts'
import { caseByLabel, imageBySource, imagesOfCase, patientById, patientByLabel } from '#main/database/queries/cases.ts'
import { imageByInstance, insertDicomImage, insertDicomSource } from '#main/database/queries/dicomImages.ts'
import { createDicomReader, createPseudonyms, redactPixels, toGeometryCalibration, type Admission, type DicomReader } from '#main/formats/dicom/index.ts'
import { encodePng } from '#main/formats/images/index.ts'
import { canonicalJson, entryFile, sha256 } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'
import type { ImportProgress } from './importManifest.ts'
import { blackPicture } from '../redaction/redactImage.ts'
import { presentTemplates } from '../redaction/templates.ts'
import { withdrawnBefore } from '../withdrawal/withdrawnAgain.ts'
import { ensureCohort } from './cohort.ts'
import { atTheDoor, caseLabelOf, doorWarnings, filesBelow, keptText, Refusal, secretOf } from './dicomDoor.ts'

export { caseLabelOf, NotForStudy, Refusal, secretOf } from './dicomDoor.ts'

/** The shape that `sln import --dicom --json` prints. */
export interface DicomImportReport {
  readonly imported: { readonly file: string; readonly frames: number; readonly rows: number; readonly columns: number; readonly calibration: { region: { x0: number; y0: number; x1: number; y1: number }; mm_per_px_x: number; mm_per_px_y: number }[]; readonly warnings: readonly string[] }[]
  readonly refused: { readonly file: string; readonly reason: string }[]
}

export interface DicomImportOptions extends ImportProgress {
  readonly cohort?: string | undefined
  /** Pictures where no region says where text may be: `keep` takes them with a warning, `refuse` leaves them out. */
  readonly unreviewed?: 'keep' | 'refuse'
  /** By the file's name below the folder: what a person marked to be blacked besides. */
  readonly marks?: ReadonlyMap<string, RleMask>
  /** Only these files; left out: all. */
  readonly only?: ReadonlySet<string> | undefined
  /** Stores the file itself too, with every identifier in it. */
  readonly keepOriginal?: boolean
}

/** What the study may keep of a report: no name of a file. */
export const countDicomImport = (report: DicomImportReport): { imported: number; refused: number } => ({ imported: report.imported.length, refused: report.refused.length })

const SHARED_STUDY = 'Another patient\'s file has the same study UID; this one became a case of its own.'

/**
 * Imports every DICOM file below a folder: header de-identified, pixels outside the ultrasound regions blacked, frames stored as pictures.
 * Nothing that names a person or a file is stored. What cannot be read is refused by name with the fault, the rest is imported.
 */
export async function importDicomFolder(study: OpenStudy, world: World, actor: string, folder: string, options: DicomImportOptions = {}): Promise<DicomImportReport> {
  const root = resolve(folder)
  const files = (await filesBelow(root)).filter((file) => options.only?.has(relative(root, file) || basename(file)) ?? true)
  const door = openDicomDoor(study, world, actor, options)
  const imported: DicomImportReport['imported'][number][] = [], refused: DicomImportReport['refused'][number][] = []
  try {
    for (const [i, file] of files.entries()) {
      if (options.signal?.aborted === true) break
      const name = relative(root, file) || basename(file)
      try {
        imported.push({ file: name, ...(await door.take(file, options.marks?.get(name))) })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused.push({ file: name, reason: error.message })
      }
      options.progress?.(i + 1, files.length, refused.length === 0 ? '' : `${refused.length} refused`)
    }
  } finally {
    await door.close()
  }
  study.db.write(actor, (tx) => tx.audit({ action: 'import.dicom', subject: 'event', id: study.id, new: canonicalJson({ imported: imported.length, refused: refused.length }) }))
  return { imported, refused }
}

/** The one way for DICOM files into a study, whether they come from a folder or from a PACS. */
export interface DicomDoor {
  /** Whether the study holds this instance, by the UID that it has outside. */
  has(sopInstanceUid: string): boolean
  /** Takes one file, whole or not at all; throws `Refusal` with the fault. `marked`: what a person marked to be blacked. */
  take(file: string, marked?: RleMask): Promise<Omit<DicomImportReport['imported'][number], 'file'>>
  close(): Promise<void>
}

export function openDicomDoor(study: OpenStudy, world: World, actor: string, options: DicomImportOptions = {}): DicomDoor {
  const secret = secretOf(study)
  const pseudonyms = createPseudonyms(secret)
  const reader = createDicomReader({ workerUrl: pathToFileURL(entryFile('dicom')) })
  return {
    has: (uid) => imageByInstance(study.db.read, pseudonyms.uid(uid)) !== undefined,
    take: (file, marked) => importOne(study, world, actor, reader, secret, file, options, marked),
    close: () => reader.close(),
  }
}

/** The case that a file belongs to. Two patients' files under one study UID are never one case, whichever of them is wrong. */
function labelFor(study: OpenStudy, secret: Uint8Array, studyUid: string, subject: string): { label: string; shared: boolean } {
  const label = caseLabelOf(secret, studyUid)
  const known = caseByLabel(study.db.read, label)
  const shared = known !== undefined && patientById(study.db.read, known.patient_id)?.label !== subject
  return { label: shared ? caseLabelOf(secret, `${studyUid}\0${subject}`) : label, shared }
}

async function importOne(study: OpenStudy, world: World, actor: string, reader: DicomReader, secret: Uint8Array, file: string, options: DicomImportOptions, marked: RleMask | undefined): Promise<Omit<DicomImportReport['imported'][number], 'file'>> {
  const { cohort, unreviewed } = options
  const { admitted, sourceHash, subject } = await atTheDoor(reader, secret, file, presentTemplates(study))
  if (imageBySource(study.db.read, sourceHash) !== undefined) throw new Refusal('the very file is in the study already')
  const { summary, redaction } = admitted
  if (redaction.needsReview && marked === undefined && unreviewed === 'refuse') throw new Refusal(`${redaction.reason} It was left out, as asked.`)
  if (marked !== undefined && (marked.width !== summary.columns || marked.height !== summary.rows)) throw new Refusal(`what was marked is ${marked.width} x ${marked.height}, the picture ${summary.columns} x ${summary.rows}`)
  const { label, shared } = labelFor(study, secret, summary.studyInstanceUid ?? sourceHash, subject)
  const withdrawn = withdrawnBefore(study.db.read, secret, { patient: subject, case: label, source: sourceHash })
  if (withdrawn !== null) throw new Refusal(withdrawn)
  const { objects, warnings } = await storeFrames(study, reader, file, admitted, marked)
  const all = doorWarnings(summary, { ...redaction, needsReview: redaction.needsReview && marked === undefined }, shared ? [...warnings, SHARED_STUDY] : warnings)
  const original = options.keepOriginal === true ? study.objects.put(await readFile(file)) : null
  study.db.write(actor, (tx) => {
    let caseId = caseByLabel(tx, label)?.id
    if (caseId === undefined) {
      caseId = world.ids.next()
      let patient = patientByLabel(tx, subject)?.id
      if (patient === undefined) {
        patient = world.ids.next()
        tx.insert('patient', { id: patient, label: subject, withdrawn_at: null, origin: tx.origin })
        tx.audit({ action: 'patient.create', subject: 'patient', id: patient })
      }
      if (cohort !== undefined && cohort !== '') ensureCohort(tx, cohort)
      // From the de-identified header: the file's own maker and model may hold a hospital's or a person's name.
      const scanner = [keptText(admitted, '00080070'), keptText(admitted, '00081090')].filter((t) => t !== null).join(' ')
      const age = summary.sexAge.ageYears
      tx.insert('study_case', { id: caseId, label, patient_id: patient, cohort: cohort === '' ? null : (cohort ?? null), hospital: null, excluded_reason: null, imported_at: tx.at, origin: tx.origin })
      tx.insert('case_clinical', { case_id: caseId, outcome: null, variables: canonicalJson({ ...(scanner === '' ? {} : { scanner }), ...(age === null || age > 89 ? {} : { age: String(age) }) }), origin: tx.origin })
      tx.audit({ action: 'case.import', subject: 'study_case', id: caseId, new: label })
    }
    const imageId = world.ids.next()
    insertDicomImage(tx, {
      id: imageId, caseId, ordinal: imagesOfCase(tx, caseId).length, objects, width: summary.columns, height: summary.rows, channels: summary.channels, calibration: canonicalJson(toGeometryCalibration(summary.calibration)), sourceHash,
      header: sha256(canonicalJson(admitted.source)),
      technique: { frameTimeMs: summary.frameTimeMs, manufacturer: keptText(admitted, '00080070'), model: keptText(admitted, '00081090'), original, redaction: marked === undefined ? redaction.reason : `${redaction.reason} A person marked more to be blacked.` },
    })
    const { source, header } = admitted
    if (source.sopInstanceUid !== '') insertDicomSource(tx, { imageId, sopInstance: source.sopInstanceUid, document: canonicalJson({ source, header }) })
  })
  return {
    frames: summary.frames, rows: summary.rows, columns: summary.columns, warnings: all,
    calibration: summary.calibration.regions.map((r) => ({ region: r.region, mm_per_px_x: r.mmPerPixelX, mm_per_px_y: r.mmPerPixelY })),
  }
}

/** Every frame decoded, blacked where text may be, and stored as a picture; a damaged frame refuses the file, so that none is half imported. */
async function storeFrames(study: OpenStudy, reader: DicomReader, file: string, admitted: Admission, marked: RleMask | undefined): Promise<{ objects: string[]; warnings: string[] }> {
  const objects: string[] = [], warnings: string[] = []
  const pictures: Buffer[] = []
  for (let frame = 0; frame < admitted.summary.frames; frame++) {
    const decoded = await reader.frame(file, frame)
    if (!decoded.ok) throw new Refusal(admitted.summary.frames > 1 ? `frame ${frame + 1} of ${admitted.summary.frames}: ${decoded.error.message}` : decoded.error.message)
    const { width, height, channels, data } = decoded.value
    warnings.push(...decoded.value.warnings)
    const planned = { width, height, channels, data: redactPixels(data, width, height, channels, admitted.redaction) }
    pictures.push(await encodePng(marked === undefined ? planned : blackPicture(planned, marked), 3))
  }
  for (const picture of pictures) objects.push(study.objects.put(picture))
  return { objects, warnings }
}
