import { canonicalJson, sha256 } from '#main/platform/index.ts'
import { caseModelRows, type CaseModelRow } from '#main/database/queries/inference.ts'
import type { WriteDb } from '#main/database/index.ts'
import type { OpenStudy } from '#main/services/context.ts'

export interface PlantedReader { readonly login: string; readonly name: string; readonly seniority: 'junior' | 'senior' }
export interface PlantedAnswer { readonly rating: number; readonly call: boolean; readonly seconds: number }
type Part = 'unaided' | 'aided'

/**
 * A closed reading of some cases by readers of its own, as if it had been read: rows as the program writes them, one audit entry for all. For the
 * statistics of many readers, and for aided reading, which no person has to sit through here.
 */
export function plantReading(study: OpenStudy, spec: {
  readonly name: string; readonly readers: readonly PlantedReader[]; readonly cases: (row: CaseModelRow) => boolean; readonly parts: readonly Part[]; answer(reader: number, row: CaseModelRow, index: number, part: Part): PlantedAnswer
}): void {
  const modality = spec.parts.length === 2 ? 'unaided_then_aided' : (spec.parts[0] ?? 'unaided')
  const rows = caseModelRows(study.db.read).filter(spec.cases), cohorts = [...new Set(rows.flatMap((r) => (r.cohort === null ? [] : [r.cohort])))]
  study.db.write('planted', (tx) => {
    const own = { origin: tx.origin, created_at: tx.at }
    const document = canonicalJson({ name: spec.name, cohorts, readers: spec.readers.map((r) => r.login), scale: 'points5', modality, sessions: 1, washoutDays: 28, seed: 1, question: 'planted', order: 'planted' })
    tx.insert('protocol', { id: spec.name, name: spec.name, version: 1, state: 'closed', document, hash: sha256(document), started_at: tx.at, closed_at: tx.at, close_reason: 'planted', ...own })
    for (const [j, reader] of spec.readers.entries()) {
      const session = `${spec.name}/${reader.login}`
      tx.insert('account', { id: reader.login, login: reader.login, name: reader.name, role: 'reader', seniority: reader.seniority, years_experience: null, password: '', must_change: 0, demo: 0, disabled: 0, ...own })
      tx.insert('reading_session', { id: session, protocol_id: spec.name, account_id: reader.login, ordinal: 1, modality, ...own })
      for (const [i, row] of rows.entries()) {
        tx.insert('reading_order', { session_id: session, position: i + 1, case_id: row.case_id, image_id: row.image_id, training: null })
        for (const part of spec.parts) {
          const { rating, call, seconds } = spec.answer(j, row, i, part)
          tx.insert('reading', { id: `${session}/${i}/${part}`, session_id: session, position: i + 1, call: call ? 'positive' : 'negative', rating, active_seconds: seconds, confirmed: 0, submitted_at: tx.at, origin: tx.origin, modality: part, answers: null, protocol_hash: sha256(document), over_limit: null })
        }
      }
    }
    tx.audit({ action: 'test.plant', subject: 'event', id: study.id, new: spec.name })
  })
}

/** A segmentation row of an image, as a run would leave it; without masks of its own unless one is given. Answers its id. */
export function plantSegmentation(tx: WriteDb, image: { readonly case_id: string; readonly image_id: string }, is: { readonly id: string; readonly set?: string; readonly mask?: string; readonly state?: 'found' | 'empty'; readonly at?: string }): string {
  tx.insert('segmentation', { id: is.id, case_id: image.case_id, image_id: image.image_id, frame: 0, model_set: is.set ?? 'test', state: is.state ?? 'found', provider: 'cpu', provider_note: '', milliseconds: 1, disagreement: 0, uncertainty: 0, components: 1, touches_border: 0, created_at: is.at ?? tx.at, origin: tx.origin })
  if (is.mask !== undefined) tx.insert('segmentation_mask', { segmentation_id: is.id, model: 'fusion', model_sha256: 'cd'.repeat(32), mask: is.mask, map: is.mask, area_px: 9 })
  tx.audit({ action: 'segmentation.create', subject: 'segmentation', id: is.id })
  return is.id
}

/** A signature of every case, as a classifier would store it: on the mask that stands, else on a segmentation that is planted for it. */
export function plantSignatures(study: OpenStudy, value: (row: CaseModelRow, index: number) => number, model = 'resnet50'): void {
  study.db.write('test', (tx) => {
    for (const [i, row] of caseModelRows(tx).entries()) {
      const id = `signature-${model}-${i}`, segmentation = row.segmentation_id ?? plantSegmentation(tx, row, { id: `segmentation-${i}` })
      tx.insert('signature', { id, case_id: row.case_id, image_id: row.image_id, segmentation_id: segmentation, annotation_id: null, mask_kind: 'automatic', model_set: 'test', model, model_sha256: 'ab'.repeat(32), is_signature: 1, probability: value(row, i), cam: row.object, box: '{}', provider: 'cpu', created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'signature.create', subject: 'signature', id })
    }
  })
}
