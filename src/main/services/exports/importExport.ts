import { readFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { exportedStudy, type ExportedCase, type ExportedStudy, type ExportImportReport } from '#shared/contract/exchange.ts'
import { encodeMask, maskArea, maskToBytes } from '#shared/geometry/index.ts'
import { caseByLabel, cohortExists, cohortOfPatient, nextCohortOrdinal, patientByLabel } from '#main/database/queries/cases.ts'
import type { WriteDb } from '#main/database/index.ts'
import { decodeImage, encodePng } from '#main/formats/images/index.ts'
import { readPngMask } from '#main/formats/masks/index.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import { secretOf } from '../cases/dicomDoor.ts'
import type { OpenStudy, World } from '../context.ts'
import { withdrawnBefore } from '../withdrawal/withdrawnAgain.ts'

interface Progress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void }
class Refusal extends Error {}

/** The files that SHA256SUMS names, each checked as it is read; a path that leads out of the folder is refused. */
async function openExport(folder: string): Promise<(path: string) => Promise<Buffer>> {
  const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8').catch(() => {
    throw new Failure('not_found', `${folder} is no export of a study: it has no SHA256SUMS`)
  })
  const hashes = new Map(sums.split('\n').flatMap((line) => {
    const found = /^([0-9a-f]{64}) [ *](.+)$/.exec(line)
    return found?.[1] === undefined || found[2] === undefined ? [] : [[found[2], found[1]] as const]
  }))
  return async (path) => {
    const file = resolve(folder, path)
    if (!file.startsWith(folder + sep)) throw new Refusal(`${path} leads out of the export`)
    const bytes = await readFile(file).catch(() => {
      throw new Refusal(`${path} is missing`)
    })
    if (hashes.get(path) !== sha256(bytes)) throw new Refusal(hashes.has(path) ? `${path} is not what was exported: its hash differs` : `${path} is not in SHA256SUMS`)
    return bytes
  }
}

async function readDocument(read: (path: string) => Promise<Buffer>, study: OpenStudy): Promise<ExportedStudy> {
  let text: string
  try {
    text = (await read('study.json')).toString('utf8')
  } catch (error) {
    throw new Failure('refused', `the export cannot be read back (${error instanceof Error ? error.message : String(error)}); nothing was imported`)
  }
  const parsed = exportedStudy.safeParse(((): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      return null
    }
  })())
  if (!parsed.success) throw new Failure('refused', `study.json of the export is not what this version writes (${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? ''}); nothing was imported`)
  const { column, positive } = parsed.data.outcome
  if (column !== study.outcome.column) throw new Failure('refused', `the export is of the outcome ${column}, this study of ${study.outcome.column}; make one for it: sln create NEW --outcome ${column} --positive ${positive}`)
  return parsed.data
}

interface Ready { readonly case: ExportedCase; readonly images: readonly { readonly objects: readonly string[]; readonly channels: number; readonly source: string; readonly mask: { readonly hash: string; readonly area: number; readonly frame: number } | null }[] }

/** Reads and checks every file of a case before anything of it is stored in the database. */
async function prepare(study: OpenStudy, read: (path: string) => Promise<Buffer>, item: ExportedCase): Promise<Ready> {
  const images: Ready['images'][number][] = []
  for (const image of item.images) {
    const frames: { png: Buffer; channels: number }[] = []
    for (const path of image.frames) {
      const bytes = await read(path)
      const decoded = await decodeImage(bytes)
      if (!decoded.ok) throw new Refusal(`${path}: ${decoded.error.message}`)
      if (decoded.value.width !== image.width || decoded.value.height !== image.height) throw new Refusal(`${path} is ${decoded.value.width} x ${decoded.value.height}, not ${image.width} x ${image.height}`)
      // Encoded anew, so that nothing but pixels comes in; as it was encoded before where that gives the same file.
      const [small, other] = [await encodePng(decoded.value, 4), await encodePng(decoded.value, 3)]
      frames.push({ png: sha256(other) === sha256(bytes) ? other : small, channels: decoded.value.channels })
    }
    const drawn = image.mask === null ? null : await readPngMask(await read(image.mask.file))
    if (drawn !== null && !drawn.ok) throw new Refusal(`${image.mask?.file ?? ''}: ${drawn.error.message}`)
    if (drawn !== null && (drawn.value.width !== image.width || drawn.value.height !== image.height)) throw new Refusal(`${image.mask?.file ?? ''} has another size than its image`)
    const mask = drawn === null ? null : encodeMask(drawn.value.data, drawn.value)
    images.push({
      objects: frames.map((f) => study.objects.put(f.png)), channels: frames[0]?.channels ?? 1, source: sha256(await read(image.frames[0] ?? '')),
      mask: mask === null ? null : { hash: study.objects.put(maskToBytes(mask)), area: maskArea(mask), frame: image.mask?.frame ?? 0 },
    })
  }
  return { case: item, images }
}

function store(world: World, tx: WriteDb, secret: Uint8Array, { case: item, images }: Ready): void {
  const withdrawn = withdrawnBefore(tx, secret, { patient: item.patient, case: item.label })
  if (withdrawn !== null) throw new Refusal(withdrawn)
  let patient = patientByLabel(tx, item.patient)?.id
  if (patient === undefined) {
    patient = world.ids.next()
    tx.insert('patient', { id: patient, label: item.patient, withdrawn_at: null, origin: tx.origin })
    tx.audit({ action: 'patient.create', subject: 'patient', id: patient })
  }
  const elsewhere = item.cohort === null || item.excludedReason !== null ? [] : cohortOfPatient(tx, patient).filter((c) => c !== item.cohort)
  if (elsewhere.length > 0) throw new Refusal(`patient ${item.patient} is in cohort ${elsewhere[0] ?? ''} already; one patient cannot be in two`)
  const caseId = world.ids.next()
  tx.insert('study_case', { id: caseId, label: item.label, patient_id: patient, cohort: item.cohort, hospital: item.hospital, excluded_reason: item.excludedReason, imported_at: tx.at, origin: tx.origin })
  tx.insert('case_clinical', { case_id: caseId, outcome: item.outcome, variables: canonicalJson(item.variables), origin: tx.origin })
  tx.audit({ action: 'case.import', subject: 'study_case', id: caseId, new: item.label, reason: 'from an export' })
  item.images.forEach((image, i) => {
    const ready = images[i]
    if (ready === undefined) return
    const id = world.ids.next()
    tx.insert('image', { id, case_id: caseId, ordinal: image.ordinal, object: ready.objects[0] ?? '', width: image.width, height: image.height, channels: ready.channels, frames: ready.objects.length, calibration: canonicalJson(image.calibration), source_name: image.name, source_sha256: ready.source, imported_at: tx.at, origin: tx.origin })
    ready.objects.slice(1).forEach((object, k) => tx.insert('image_frame', { image_id: id, frame: k + 1, object }))
    tx.audit({ action: 'image.import', subject: 'image', id, new: ready.objects[0] ?? '' })
    if (ready.objects.length > 1) {
      tx.insert('image_technique', { id, frame_time_ms: image.frameTimeMs, manufacturer: null, model: null, original: null, redaction: 'as it was in the study that it was exported from', origin: tx.origin })
      tx.audit({ action: 'image.technique', subject: 'image_technique', id })
    }
    if (image.keyFrame !== null && image.keyFrame.frame < ready.objects.length) {
      const key = world.ids.next()
      const rule = image.keyFrame.rule === 'largest cross-section' ? 'largest cross-section' : 'chosen by a person'
      tx.insert('key_frame', { id: key, image_id: id, frame: image.keyFrame.frame, rule, suggested: null, chooser: 'export', created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'cine.keyFrame', subject: 'key_frame', id: key, new: `frame ${image.keyFrame.frame + 1}, ${rule}` })
    }
    if (ready.mask === null) return
    const annotation = world.ids.next()
    tx.insert('annotation', { id: annotation, case_id: caseId, image_id: id, frame: ready.mask.frame, task_id: null, account_id: null, purpose: 'imported', version: 1, document: null, mask: ready.mask.hash, area_px: ready.mask.area, active_seconds: 0, tools: '{}', app_version: world.version, derived_from: null, created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'annotation.import', subject: 'annotation', id: annotation, new: ready.mask.hash })
  })
}

/** Cohorts with their roles and order as exported; one that is here already keeps its own role, which must be the same. */
function storeCohorts(tx: WriteDb, cohorts: ExportedStudy['cohorts']): void {
  for (const cohort of [...cohorts].sort((a, b) => a.ordinal - b.ordinal)) {
    if (cohortExists(tx, cohort.name)) {
      const role = tx.get<{ role: string }>('SELECT role FROM cohort WHERE name = ?', cohort.name)?.role
      if (role !== cohort.role) throw new Failure('conflict', `cohort ${cohort.name} is used to ${role ?? ''} here and to ${cohort.role} in the export; nothing was imported`)
      continue
    }
    tx.insert('cohort', { name: cohort.name, role: cohort.role, ordinal: nextCohortOrdinal(tx), origin: tx.origin })
    tx.audit({ action: 'cohort.create', subject: 'cohort', id: cohort.name, new: cohort.role, reason: 'from an export' })
  }
}

/**
 * Reads an export for others back: cases, pictures, every frame, masks, variables, roles, exclusions, scales, key frames. Every file is held
 * against SHA256SUMS; a case with a file that differs is refused, the rest is imported.
 */
export async function importExport(study: OpenStudy, world: World, actor: string, from: string, options: Progress = {}): Promise<ExportImportReport> {
  const folder = resolve(from)
  const secret = secretOf(study)
  const read = await openExport(folder)
  const document = await readDocument(read, study)
  study.db.write(actor, (tx) => storeCohorts(tx, document.cohorts))
  const refused: { case_id: string; reason: string }[] = []
  let cases = 0, images = 0, masks = 0
  for (const [i, item] of document.cases.entries()) {
    if (options.signal?.aborted === true) break
    try {
      if (caseByLabel(study.db.read, item.label) !== undefined) throw new Refusal('a case of this name is there already')
      const ready = await prepare(study, read, item)
      study.db.write(actor, (tx) => store(world, tx, secret, ready))
      cases++
      images += ready.images.length
      masks += ready.images.filter((r) => r.mask !== null).length
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ case_id: item.label, reason: error.message })
    }
    options.progress?.(i + 1, document.cases.length, refused.length === 0 ? '' : `${refused.length} refused`)
  }
  study.db.write(actor, (tx) => tx.audit({ action: 'import.export', subject: 'event', id: study.id, new: canonicalJson({ cases, images, masks, refused: refused.length }) }))
  return { cases, images, masks, refused }
}
