import { createHmac, randomBytes } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Failure } from '#shared/contract/errors.ts'
import { studySecret } from '#main/database/queries/meta.ts'
import { caseByLabel, imageBySource, imagesOfCase, patientByLabel } from '#main/database/queries/cases.ts'
import { imageByInstance, insertDicomImage, insertDicomSource } from '#main/database/queries/dicomImages.ts'
import { createDicomReader, createPseudonyms, redactPixels, toGeometryCalibration, type Admission, type DicomReader } from '#main/formats/dicom/index.ts'
import { encodePng } from '#main/formats/images/index.ts'
import { canonicalJson, entryFile, sha256 } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'
import type { ImportProgress } from './importManifest.ts'
import { ensureCohort } from './cohort.ts'

/** The shape that `sln import --dicom --json` prints. */
export interface DicomImportReport {
  readonly imported: { readonly file: string; readonly frames: number; readonly rows: number; readonly columns: number; readonly calibration: { region: { x0: number; y0: number; x1: number; y1: number }; mm_per_px_x: number; mm_per_px_y: number }[]; readonly warnings: readonly string[] }[]
  readonly refused: { readonly file: string; readonly reason: string }[]
}

export interface DicomImportOptions extends ImportProgress {
  readonly cohort?: string | undefined
  /** Pictures where no region says where text may be: `keep` takes them with a warning, `refuse` leaves them out. */
  readonly unreviewed?: 'keep' | 'refuse'
}

/** What the study may keep of a report: no name of a file. */
export const countDicomImport = (report: DicomImportReport): { imported: number; refused: number } => ({ imported: report.imported.length, refused: report.refused.length })

/** A file that is not taken; the message names the fault. */
export class Refusal extends Error {}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => {
    throw new Failure('not_found', `there is no folder ${folder}`)
  })
  return entries.filter((e) => e.isFile() && !e.name.startsWith('.') && !/\.(md|txt|csv|json)$/i.test(e.name)).map((e) => join(e.parentPath, e.name)).sort()
}

/** A short code of an identifier by the study's secret: the same person gets the same code, and nobody can go back. */
const code = (secret: Uint8Array, kind: string, identifier: string): string => createHmac('sha256', secret).update(`${kind}\0${identifier}`).digest('hex').slice(0, 10)

/**
 * Imports every DICOM file below a folder: header de-identified, pixels outside the ultrasound regions blacked, frames stored as pictures.
 * Nothing that names a person or a file is stored. What cannot be read is refused by name with the fault, the rest is imported.
 */
export async function importDicomFolder(study: OpenStudy, world: World, actor: string, folder: string, options: DicomImportOptions = {}): Promise<DicomImportReport> {
  const root = resolve(folder)
  const files = await filesBelow(root)
  const door = openDicomDoor(study, world, actor, options)
  const imported: DicomImportReport['imported'][number][] = [], refused: DicomImportReport['refused'][number][] = []
  try {
    for (const [i, file] of files.entries()) {
      if (options.signal?.aborted === true) break
      const name = relative(root, file) || basename(file)
      try {
        imported.push({ file: name, ...(await door.take(file)) })
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

export const secretOf = (study: OpenStudy): Uint8Array => studySecret(study.db, () => randomBytes(32).toString('base64'))
/** The case that a DICOM study becomes. */
export const caseLabelOf = (secret: Uint8Array, studyInstanceUid: string): string => `D-${code(secret, 'study', studyInstanceUid)}`

/** The one way for DICOM files into a study, whether they come from a folder or from a PACS. */
export interface DicomDoor {
  /** Whether the study holds this instance, by the UID that it has outside. */
  has(sopInstanceUid: string): boolean
  /** Takes one file, whole or not at all; throws `Refusal` with the fault. */
  take(file: string): Promise<Omit<DicomImportReport['imported'][number], 'file'>>
  close(): Promise<void>
}

export function openDicomDoor(study: OpenStudy, world: World, actor: string, options: DicomImportOptions = {}): DicomDoor {
  const secret = secretOf(study)
  const pseudonyms = createPseudonyms(secret)
  const reader = createDicomReader({ workerUrl: pathToFileURL(entryFile('dicom')) })
  return {
    has: (uid) => imageByInstance(study.db.read, pseudonyms.uid(uid)) !== undefined,
    take: (file) => importOne(study, world, actor, reader, secret, file, options),
    close: () => reader.close(),
  }
}

async function importOne(study: OpenStudy, world: World, actor: string, reader: DicomReader, secret: Uint8Array, file: string, { cohort, unreviewed }: DicomImportOptions): Promise<Omit<DicomImportReport['imported'][number], 'file'>> {
  // Keyed by the study's secret: an ordinary hash of the file would tell whoever has the file that it is in here.
  const sourceHash = createHmac('sha256', secret).update(await readFile(file)).digest('hex')
  if (imageBySource(study.db.read, sourceHash) !== undefined) throw new Refusal('the very file is in the study already')
  const first = await reader.inspect(file, 'none')
  if (!first.ok) throw new Refusal(first.error.message)
  const { identity } = first.value
  const subject = `P-${code(secret, 'patient', identity.patientId ?? identity.patientName ?? first.value.studyInstanceUid ?? sourceHash)}`
  const admitted = await reader.admit(file, { secret, subject })
  if (!admitted.ok) throw new Refusal(admitted.error.message)
  const { summary, redaction } = admitted.value
  if (redaction.needsReview && unreviewed === 'refuse') throw new Refusal(`${redaction.reason} It was left out, as asked.`)
  const { objects, warnings } = await storeFrames(study, reader, file, admitted.value)
  const all = [...new Set([...summary.warnings, ...summary.calibration.warnings, ...warnings, ...(summary.calibration.regions.length === 0 && summary.calibration.reason !== null ? [summary.calibration.reason] : []), ...(redaction.needsReview ? [redaction.reason] : [])])]
  const label = caseLabelOf(secret, summary.studyInstanceUid ?? sourceHash)
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
      const scanner = ['00080070', '00081090'].map((tag) => String(admitted.value.header[tag]?.[1] ?? '').trim()).filter(Boolean).join(' ')
      const age = summary.sexAge.ageYears
      tx.insert('study_case', { id: caseId, label, patient_id: patient, cohort: cohort === '' ? null : (cohort ?? null), hospital: null, excluded_reason: null, imported_at: tx.at, origin: tx.origin })
      tx.insert('case_clinical', { case_id: caseId, outcome: null, variables: canonicalJson({ ...(scanner === '' ? {} : { scanner }), ...(age === null || age > 89 ? {} : { age: String(age) }) }), origin: tx.origin })
      tx.audit({ action: 'case.import', subject: 'study_case', id: caseId, new: label })
    }
    const imageId = world.ids.next()
    insertDicomImage(tx, {
      id: imageId, caseId, ordinal: imagesOfCase(tx, caseId).length, objects, width: summary.columns, height: summary.rows, channels: summary.channels, calibration: canonicalJson(toGeometryCalibration(summary.calibration)), sourceHash,
      header: sha256(canonicalJson(admitted.value.source)),
    })
    const { source, header } = admitted.value
    if (source.sopInstanceUid !== '') insertDicomSource(tx, { imageId, sopInstance: source.sopInstanceUid, document: canonicalJson({ source, header }) })
  })
  return {
    frames: summary.frames, rows: summary.rows, columns: summary.columns, warnings: all,
    calibration: summary.calibration.regions.map((r) => ({ region: r.region, mm_per_px_x: r.mmPerPixelX, mm_per_px_y: r.mmPerPixelY })),
  }
}

/** Every frame decoded, blacked where text may be, and stored as a picture; a damaged frame refuses the file, so that none is half imported. */
async function storeFrames(study: OpenStudy, reader: DicomReader, file: string, admitted: Admission): Promise<{ objects: string[]; warnings: string[] }> {
  const objects: string[] = [], warnings: string[] = []
  const pictures: Buffer[] = []
  for (let frame = 0; frame < admitted.summary.frames; frame++) {
    const decoded = await reader.frame(file, frame)
    if (!decoded.ok) throw new Refusal(admitted.summary.frames > 1 ? `frame ${frame + 1} of ${admitted.summary.frames}: ${decoded.error.message}` : decoded.error.message)
    const { width, height, channels, data } = decoded.value
    warnings.push(...decoded.value.warnings)
    pictures.push(await encodePng({ width, height, channels, data: redactPixels(data, width, height, channels, admitted.redaction) }, 3))
  }
  for (const picture of pictures) objects.push(study.objects.put(picture))
  return { objects, warnings }
}
