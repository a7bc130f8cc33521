import { readFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Failure } from '#shared/contract/errors.ts'
import type { InspectedFile, Inspection } from '#shared/contract/exchange.ts'
import { CLINICAL_VARIABLES } from '#shared/domain/index.ts'
import { caseByLabel } from '#main/database/queries/cases.ts'
import { createDicomReader, tagName, toGeometryCalibration, type Admission } from '#main/formats/dicom/index.ts'
import { decodeImage } from '#main/formats/images/index.ts'
import { entryFile, sha256 } from '#main/platform/index.ts'
import { atTheDoor, doorWarnings, filesBelow, keptText, Refusal, secretOf } from '../cases/dicomDoor.ts'
import { fileNameCode } from '../cases/fileName.ts'
import { readManifest, type ManifestRow } from '../cases/manifest.ts'
import type { OpenStudy } from '../context.ts'
import { presentTemplates, templateFor } from '../redaction/templates.ts'
import { withdrawnBefore } from '../withdrawal/withdrawnAgain.ts'

interface Progress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void }

/** The scale in words: millimetres a pixel of each region, or why there is none. */
function scaleWords(admitted: Admission): string {
  const calibration = toGeometryCalibration(admitted.summary.calibration)
  return calibration.kind === 'none' ? calibration.reason : `${calibration.source}: ${calibration.regions.map((r) => `${r.mmPerPixelX.toPrecision(4)} x ${r.mmPerPixelY.toPrecision(4)} mm a pixel`).join('; ')}`
}

/** Reads every file of a folder as an import would and says what it would keep, change, remove and black. Nothing is stored. */
export async function inspectDicom(study: OpenStudy, folder: string, options: Progress = {}): Promise<Inspection> {
  const root = resolve(folder)
  const paths = await filesBelow(root)
  const secret = secretOf(study)
  const templates = presentTemplates(study)
  const reader = createDicomReader({ workerUrl: pathToFileURL(entryFile('dicom')) })
  const files: InspectedFile[] = [], refused: { file: string; reason: string }[] = []
  try {
    for (const [i, path] of paths.entries()) {
      if (options.signal?.aborted === true) break
      const file = relative(root, path) || basename(path)
      try {
        const { admitted, sourceHash, subject, label } = await atTheDoor(reader, secret, path, templates)
        const withdrawn = withdrawnBefore(study.db.read, secret, { patient: subject, case: label, source: sourceHash })
        if (withdrawn !== null) throw new Refusal(withdrawn)
        const { summary, redaction } = admitted
        files.push({
          file, frames: summary.frames, rows: summary.rows, columns: summary.columns, patient: subject, case: label, known: caseByLabel(study.db.read, label) !== undefined, manufacturer: keptText(admitted, '00080070') ?? '', model: keptText(admitted, '00081090') ?? '', scale: scaleWords(admitted),
          keepInside: redaction.keepInside?.map((b) => ({ ...b })) ?? null, boxes: redaction.boxes.map((b) => ({ ...b })), redaction: redaction.reason, needsReview: redaction.needsReview,
          attributes: admitted.preview.map((a) => ({ tag: `(${a.tag.slice(0, 4)},${a.tag.slice(4)})`, name: tagName(a.tag), fate: a.fate, why: a.why, now: a.now })), warnings: doorWarnings(summary, redaction),
        })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused.push({ file, reason: error.message })
      }
      options.progress?.(i + 1, paths.length, refused.length === 0 ? '' : `${refused.length} refused`)
    }
  } finally {
    await reader.close()
  }
  return { source: 'dicom', root, files, refused }
}

/** What becomes of a manifest's columns; values that stay are shown, since they come from the manifest that the person wrote. */
function columnFates(row: ManifestRow, outcome: string, secret: Uint8Array): InspectedFile['attributes'] {
  const kept = (tag: string, now: string | null, why: string): InspectedFile['attributes'][number] => ({ tag, name: CLINICAL_VARIABLES.find((v) => v.name === tag)?.label ?? '', fate: 'kept', why, now })
  return [
    kept('case_id', row.caseId, 'name of the case in the study'), kept('patient_id', row.patientId, 'name of the patient in the study: use a code, not a name'),
    ...(row.image === null ? [] : [{ tag: 'image', name: 'picture', fate: 'replaced' as const, why: 'pixels are stored anew, without the metadata of the file (EXIF, text, thumbnails)', now: 'PNG' }, { tag: 'image name', name: 'name of the file', fate: 'replaced' as const, why: 'a code by the study\'s secret, so that masks called like the picture find it; the name is not kept', now: fileNameCode(secret, row.image) }]),
    ...(row.cohort === null ? [] : [kept('cohort', row.cohort, 'cohort')]), ...(row.hospital === null ? [] : [kept('hospital', row.hospital, 'for the flow diagram')]), ...(row.outcome === null ? [] : [kept(outcome, String(row.outcome), 'outcome')]),
    ...(row.excludedReason === null ? [] : [kept('excluded_reason', row.excludedReason, 'for the flow diagram')]),
    ...Object.entries(row.variables).map(([name, value]) => kept(name, value, CLINICAL_VARIABLES.some((v) => v.name === name) ? 'clinical variable' : 'an extra column, kept as it is: look whether it names somebody')),
  ]
}

/** The same of a manifest: each row with its picture, and what is refused. */
export async function inspectManifest(study: OpenStudy, manifest: string, options: Progress = {}): Promise<Inspection> {
  const path = resolve(manifest)
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Failure('not_found', `there is no manifest ${path}`)
  })
  const read = readManifest(text, study.outcome)
  const root = dirname(path)
  const secret = secretOf(study)
  const templates = presentTemplates(study)
  const files: InspectedFile[] = [], refused = read.refused.map((r) => ({ file: `line ${r.row}${r.case_id === null ? '' : ` (${r.case_id})`}`, reason: r.reason }))
  for (const [i, row] of read.rows.entries()) {
    if (options.signal?.aborted === true) break
    options.progress?.(i + 1, read.rows.length, refused.length === 0 ? '' : `${refused.length} refused`)
    if (row.image === null) continue
    const bytes = await readFile(isAbsolute(row.image) ? row.image : join(root, row.image)).catch(() => null)
    const decoded = bytes === null ? null : await decodeImage(bytes)
    if (decoded === null || !decoded.ok) {
      refused.push({ file: `line ${row.row} (${row.caseId})`, reason: decoded === null ? `the image ${row.image} is not there` : `the image ${row.image} was not taken: ${decoded.error.message}` })
      continue
    }
    const withdrawn = withdrawnBefore(study.db.read, secret, { patient: row.patientId, case: row.caseId, source: sha256(bytes ?? '') })
    if (withdrawn !== null) {
      refused.push({ file: `line ${row.row} (${row.caseId})`, reason: withdrawn })
      continue
    }
    const { width, height } = decoded.value
    const manufacturer = row.variables['manufacturer'] ?? '', model = row.variables['model'] ?? ''
    const template = templateFor(templates, { columns: width, rows: height, manufacturer, model })
    files.push({
      file: row.image, frames: 1, rows: height, columns: width, patient: row.patientId, case: row.caseId, known: caseByLabel(study.db.read, row.caseId) !== undefined, manufacturer, model,
      scale: row.mmPerPixel === null ? 'none: the manifest gives no mm_per_px_x and mm_per_px_y' : `manifest: ${row.mmPerPixel.x.toPrecision(4)} x ${row.mmPerPixel.y.toPrecision(4)} mm a pixel`,
      keepInside: null, boxes: template?.boxes.map((b) => ({ ...b })) ?? [], needsReview: template === undefined,
      redaction: template === undefined ? 'An image file says nothing about text in the picture. Look for names and black them by hand.' : `The template of this size blacks ${template.boxes.length} ${template.boxes.length === 1 ? 'rectangle' : 'rectangles'}.`,
      attributes: columnFates(row, study.outcome.column, secret), warnings: [],
    })
  }
  return { source: 'manifest', root, files, refused }
}
