import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { encodeMask, maskArea, maskToBytes, type Calibration, type RleMask } from '#shared/geometry/index.ts'
import { caseByLabel, clinicalOf, cohortOfPatient, imageBySource, imagesOfCase, patientById, patientByLabel } from '#main/database/queries/cases.ts'
import type { WriteDb } from '#main/database/index.ts'
import { redactPixels, type ScannerTemplate } from '#main/formats/dicom/index.ts'
import { decodeImage, encodePng, type Pixels } from '#main/formats/images/index.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { blackPicture } from '../redaction/redactImage.ts'
import { presentTemplates, templateFor } from '../redaction/templates.ts'
import { withdrawnBefore } from '../withdrawal/withdrawnAgain.ts'
import { ensureCohort } from './cohort.ts'
import { secretOf } from './dicomDoor.ts'
import { fileNameCode } from './fileName.ts'
import { manifestText, readManifest, type ManifestRow, type RefusedRow } from './manifest.ts'

export interface ImportReport { readonly imported: number; readonly refused: RefusedRow[] }
/** What the study may keep of a report: no name of a file, nor of a case that is not in it. */
export const countImport = (report: ImportReport): { imported: number; refused: number } => ({ imported: report.imported, refused: report.refused.length })
/** What is to be blacked in a picture before it is stored; the original file is never copied. */
type Redact = (pixels: Pixels, row: ManifestRow) => Pixels

export interface ManifestImportOptions extends ImportProgress {
  /** By the image's path as the manifest has it: what a person marked to be blacked. */
  readonly marks?: ReadonlyMap<string, RleMask>
}
export interface ImportProgress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void }

class Refusal extends Error {}
const refuse = (reason: string): never => {
  throw new Refusal(reason)
}

/** What a row needs from disk, read and checked before the database is touched. */
interface Prepared { readonly image: { pixels: Pixels; png: Buffer; source: string; /** the file's, as a code */ name: string } | null; readonly mask: Uint8Array | null }

const MAX_FILE = 200 * 1024 * 1024

async function readFileOf(folder: string, path: string, what: string): Promise<Buffer> {
  const file = isAbsolute(path) ? path : join(folder, path)
  const info = await stat(file).catch(() => null)
  if (info === null || !info.isFile()) return refuse(`the ${what} ${path} is not there`)
  if (info.size > MAX_FILE) return refuse(`the ${what} ${path} has ${Math.round(info.size / 1048576)} MB, more than is taken`)
  return readFile(file)
}

async function readPixels(bytes: Uint8Array, path: string, what: string): Promise<Pixels> {
  const decoded = await decodeImage(bytes)
  return decoded.ok ? decoded.value : refuse(`the ${what} ${path} was not taken: ${decoded.error.message}`)
}

/** Labels of up to this value are numbers of classes: whatever is not 0 is foreground. Above it a mask is a picture of grey levels. */
const MOST_LABELS = 16

/** Foreground: above half of the largest value (masks of 0 and 255, smoothed edges), above 0 for masks of labels (0 and 1, 0 to 3); any channel counts. */
function foreground(pixels: Pixels): Uint8Array {
  const { data, channels } = pixels
  const count = pixels.width * pixels.height
  let top = 0
  for (const v of data) if (v > top) top = v
  const threshold = top > MOST_LABELS ? top / 2 : 0
  const mask = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) if ((data[i * channels + c] as number) > threshold) mask[i] = 1
  }
  return mask
}

async function prepare(folder: string, row: ManifestRow, secret: Uint8Array, redact: Redact): Promise<Prepared> {
  if (row.image === null) return { image: null, mask: null }
  const bytes = await readFileOf(folder, row.image, 'image')
  const pixels = await readPixels(bytes, row.image, 'image')
  if (pixels.width < 16 || pixels.height < 16) refuse(`the image ${row.image} is only ${pixels.width} x ${pixels.height} pixels`)
  let mask: Uint8Array | null = null
  if (row.mask !== null) {
    const drawn = await readPixels(await readFileOf(folder, row.mask, 'mask'), row.mask, 'mask')
    if (drawn.width !== pixels.width || drawn.height !== pixels.height) {
      refuse(`the mask ${row.mask} is ${drawn.width} x ${drawn.height}, its image ${pixels.width} x ${pixels.height}`)
    }
    mask = foreground(drawn)
  }
  return { image: { pixels, png: await encodePng(redact(pixels, row), 4), source: sha256(bytes), name: fileNameCode(secret, row.image) }, mask }
}

/** Blacks what the template of the picture's scanner and size says, then what a person marked. */
export function redactor(templates: readonly ScannerTemplate[], marks?: ReadonlyMap<string, RleMask>): Redact {
  return (pixels, row) => {
    const template = templateFor(templates, { columns: pixels.width, rows: pixels.height, manufacturer: row.variables['manufacturer'] ?? '', model: row.variables['model'] ?? '' })
    const planned = template === undefined ? pixels : { ...pixels, data: redactPixels(pixels.data, pixels.width, pixels.height, pixels.channels, { keepInside: null, boxes: template.boxes }) }
    const mask = row.image === null ? undefined : marks?.get(row.image)
    if (mask === undefined) return planned
    if (mask.width !== pixels.width || mask.height !== pixels.height) return refuse(`what was marked is ${mask.width} x ${mask.height}, the image ${pixels.width} x ${pixels.height}`)
    return blackPicture(planned, mask)
  }
}

function ensurePatient(tx: WriteDb, world: World, label: string): string {
  const known = patientByLabel(tx, label)
  if (known !== undefined) return known.id
  const id = world.ids.next()
  tx.insert('patient', { id, label, withdrawn_at: null, origin: tx.origin })
  tx.audit({ action: 'patient.create', subject: 'patient', id })
  return id
}

/** A further image of a known case must not contradict what is stored of the case. */
function checkSameCase(tx: WriteDb, row: ManifestRow, known: NonNullable<ReturnType<typeof caseByLabel>>): void {
  if (patientById(tx, known.patient_id)?.label !== row.patientId) refuse(`case ${row.caseId} is there already, with another patient`)
  if (row.image === null) refuse(`case ${row.caseId} is there already`)
  if (row.cohort !== null && known.cohort !== null && row.cohort !== known.cohort) refuse(`case ${row.caseId} is there already, in cohort ${known.cohort}`)
  const clinical = clinicalOf(tx, known.id)
  if (clinical !== undefined && row.outcome !== null && clinical.outcome !== row.outcome) refuse(`case ${row.caseId} is there already, with another outcome`)
}

function store(study: OpenStudy, world: World, actor: string, secret: Uint8Array, row: ManifestRow, prepared: Prepared): void {
  const { image } = prepared
  const object = image === null ? null : study.objects.put(image.png)
  const encoded = prepared.mask === null || image === null ? null : encodeMask(prepared.mask, image.pixels)
  const mask = encoded === null ? null : study.objects.put(maskToBytes(encoded))
  study.db.write(actor, (tx) => {
    const withdrawn = withdrawnBefore(tx, secret, { patient: row.patientId, case: row.caseId, source: image?.source ?? '' })
    if (withdrawn !== null) refuse(withdrawn)
    if (image !== null) {
      const same = imageBySource(tx, image.source)
      if (same !== undefined) refuse(same.label === row.caseId ? `this image of case ${row.caseId} is there already` : `the image is the very file that case ${same.label} has`)
    }
    const known = caseByLabel(tx, row.caseId)
    if (known !== undefined) checkSameCase(tx, row, known)
    const caseId = known?.id ?? world.ids.next()
    if (known === undefined) {
      const patient = ensurePatient(tx, world, row.patientId)
      const elsewhere = row.cohort === null || row.excludedReason !== null ? [] : cohortOfPatient(tx, patient).filter((c) => c !== row.cohort)
      if (elsewhere.length > 0) refuse(`patient ${row.patientId} is in cohort ${elsewhere[0] ?? ''} already; one patient cannot be in two`)
      if (row.cohort !== null) ensureCohort(tx, row.cohort)
      tx.insert('study_case', { id: caseId, label: row.caseId, patient_id: patient, cohort: row.cohort, hospital: row.hospital, excluded_reason: row.excludedReason, imported_at: tx.at, origin: tx.origin })
      tx.insert('case_clinical', { case_id: caseId, outcome: row.outcome, variables: canonicalJson(row.variables), origin: tx.origin })
      tx.audit({ action: 'case.import', subject: 'study_case', id: caseId, new: row.caseId })
    }
    if (image === null || object === null) return
    const calibration: Calibration = row.mmPerPixel === null
      ? { kind: 'none', reason: 'the image file carries no scale; the manifest gave none (columns mm_per_px_x, mm_per_px_y)' }
      : { kind: 'regions', regions: [{ bounds: { left: 0, top: 0, width: image.pixels.width, height: image.pixels.height }, mmPerPixelX: row.mmPerPixel.x, mmPerPixelY: row.mmPerPixel.y }], source: 'manifest' }
    const imageId = world.ids.next()
    tx.insert('image', {
      id: imageId, case_id: caseId, ordinal: imagesOfCase(tx, caseId).length, object, width: image.pixels.width, height: image.pixels.height, channels: image.pixels.channels, frames: 1,
      calibration: canonicalJson(calibration), source_name: image.name, source_sha256: image.source, imported_at: tx.at, origin: tx.origin,
    })
    tx.audit({ action: 'image.import', subject: 'image', id: imageId, new: object })
    if (mask === null || encoded === null) return
    const annotationId = world.ids.next()
    tx.insert('annotation', {
      id: annotationId, case_id: caseId, image_id: imageId, frame: 0, task_id: null, account_id: null, purpose: 'imported', version: 1, document: null, mask, area_px: maskArea(encoded), active_seconds: 0, tools: '{}',
      app_version: world.version, derived_from: null, created_at: tx.at, origin: tx.origin,
    })
    tx.audit({ action: 'annotation.import', subject: 'annotation', id: annotationId, new: mask })
  })
}

/**
 * Imports a manifest with its images and masks. Each row is a transaction of its own: what is wrong with one is reported with its line and reason,
 * the rest is imported. Throws a Failure only when the manifest itself cannot be read.
 */
export async function importManifest(study: OpenStudy, world: World, actor: string, manifest: string, options: ManifestImportOptions = {}): Promise<ImportReport> {
  const file = resolve(manifest)
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Failure('not_found', error.code === 'EISDIR' ? `${file} is a folder, not a manifest` : `there is no manifest ${file}`)
  })
  const text = manifestText(bytes)
  const { rows, refused } = readManifest(text, study.outcome)
  const folder = dirname(file)
  let imported = 0
  const ahead = 3
  const secret = secretOf(study)
  const redact = redactor(presentTemplates(study), options.marks)
  const prepared: (Promise<Prepared | Refusal> | undefined)[] = []
  const begin = (i: number): void => {
    const row = rows[i]
    if (row !== undefined) prepared[i] ??= prepare(folder, row, secret, redact).catch((error: unknown) => (error instanceof Refusal ? error : Promise.reject(error as Error)))
  }
  for (const [i, row] of rows.entries()) {
    if (options.signal?.aborted === true) break
    for (let k = i; k < i + ahead; k++) begin(k)
    const ready = await (prepared[i] as Promise<Prepared | Refusal>)
    prepared[i] = undefined
    try {
      if (ready instanceof Refusal) throw ready
      store(study, world, actor, secret, row, ready)
      imported++
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ row: row.row, case_id: row.caseId, reason: error.message })
    }
    options.progress?.(i + 1, rows.length, refused.length === 0 ? '' : `${refused.length} refused`)
  }
  refused.sort((a, b) => a.row - b.row)
  study.db.write(actor, (tx) => tx.audit({ action: 'import', subject: 'event', id: study.id, new: canonicalJson({ imported, refused: refused.length, manifest: sha256(text) }) }))
  return { imported, refused }
}
