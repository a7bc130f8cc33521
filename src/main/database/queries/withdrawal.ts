import type { AuditSubject } from '../audited.ts'
import { auditHash, type ReadDb, type Row, type WriteDb } from '../connection.ts'
import { names } from './nameWords.ts'

export interface PatientRecord { readonly id: string; readonly label: string; readonly withdrawn_at: string | null }
export const patientRecord = (db: ReadDb, label: string): PatientRecord | undefined => db.get<PatientRecord>('SELECT id, label, withdrawn_at FROM patient WHERE label = ?', label)
export const casesOfPatient = (db: ReadDb, patientId: string): { id: string; label: string }[] => db.all('SELECT id, label FROM study_case WHERE patient_id = ? ORDER BY label', patientId)

const OF_CASES = 'case_id IN (SELECT value FROM json_each(?))'
const OF_IMAGES = `image_id IN (SELECT id FROM image WHERE ${OF_CASES})`
const OF_TASKS = `task_id IN (SELECT id FROM annotation_task WHERE ${OF_CASES})`
const OF_SEGMENTATIONS = `segmentation_id IN (SELECT id FROM segmentation WHERE ${OF_CASES})`
const OF_POSITIONS = (table: string): string => `EXISTS (SELECT 1 FROM reading_order o WHERE o.session_id = ${table}.session_id AND o.position = ${table}.position AND o.${OF_CASES})`

/** What goes, in the order that foreign keys ask for; rows of an audited kind leave an entry each. */
const STEPS: readonly { readonly table: string; readonly where: string; readonly subject?: AuditSubject }[] = [
  { table: 'mask_metric', where: OF_SEGMENTATIONS }, { table: 'adjudication', where: OF_SEGMENTATIONS, subject: 'adjudication' }, { table: 'review_question', where: OF_SEGMENTATIONS, subject: 'review_question' }, { table: 'out_of_fold_value', where: OF_CASES },
  { table: 'review', where: OF_CASES, subject: 'review' }, { table: 'signature', where: OF_CASES, subject: 'signature' },
  { table: 'annotation_flag', where: OF_TASKS, subject: 'annotation_flag' }, { table: 'annotation_shown', where: OF_TASKS, subject: 'annotation_shown' }, { table: 'annotation_journal', where: OF_TASKS }, { table: 'annotation_seq', where: `annotation_id IN (SELECT id FROM annotation WHERE ${OF_CASES})` }, { table: 'annotation', where: OF_CASES, subject: 'annotation' }, { table: 'annotation_task', where: OF_CASES, subject: 'annotation_task' },
  { table: 'segmentation_mask', where: OF_SEGMENTATIONS }, { table: 'segmentation', where: OF_CASES, subject: 'segmentation' }, { table: 'segmentation_failure', where: OF_IMAGES, subject: 'segmentation_failure' },
  { table: 'representative_choice', where: OF_CASES, subject: 'representative_choice' }, { table: 'key_frame', where: OF_IMAGES, subject: 'key_frame' }, { table: 'frame_area', where: OF_IMAGES },
  { table: 'image_technique', where: `id IN (SELECT id FROM image WHERE ${OF_CASES})`, subject: 'image_technique' }, { table: 'dicom_source', where: `id IN (SELECT id FROM image WHERE ${OF_CASES})`, subject: 'dicom_source' }, { table: 'reading_aid', where: OF_CASES },
  { table: 'reading', where: OF_POSITIONS('reading'), subject: 'reading' }, { table: 'reading_draft', where: OF_POSITIONS('reading_draft') }, { table: 'reading_event', where: OF_POSITIONS('reading_event') },
  { table: 'reading_order', where: OF_CASES }, { table: 'exposure', where: OF_CASES }, { table: 'image_frame', where: OF_IMAGES }, { table: 'image', where: OF_CASES, subject: 'image' },
]

/** The tables that a withdrawal empties of a patient. */
export const WITHDRAWN_TABLES: readonly string[] = STEPS.map((s) => s.table)

/** Every row of these cases but the cases themselves. Returns the ids of audited rows, which the log names. */
export function removeRows(tx: WriteDb, caseIds: readonly string[]): string[] {
  const ids = JSON.stringify(caseIds)
  const sessions = tx.all<{ id: string }>(`SELECT DISTINCT session_id AS id FROM reading_order WHERE ${OF_CASES}`, ids)
  const aids = tx.all<{ id: string }>(`SELECT DISTINCT set_id AS id FROM reading_aid WHERE ${OF_CASES}`, ids)
  const folds = tx.all<{ id: string }>(`SELECT DISTINCT run_id AS id FROM out_of_fold_value WHERE ${OF_CASES}`, ids)
  const gone: { subject: AuditSubject; id: string }[] = []
  for (const { table, where, subject } of STEPS) {
    if (subject !== undefined) gone.push(...tx.all<{ id: string }>(`SELECT id FROM ${table} WHERE ${where}`, ids).map(({ id }) => ({ subject, id })))
    tx.run(`DELETE FROM ${table} WHERE ${where}`, ids)
  }
  // What came back from another workstation and was done twice names the row that was kept.
  const left = JSON.stringify(gone.map((g) => g.id)), conflicts = 'kept_id IN (SELECT value FROM json_each(?)) OR subject_id IN (SELECT value FROM json_each(?))'
  gone.push(...tx.all<{ id: string }>(`SELECT id FROM merge_conflict WHERE ${conflicts}`, left, left).map(({ id }) => ({ subject: 'merge_conflict' as const, id })))
  tx.run(`DELETE FROM merge_conflict WHERE ${conflicts}`, left, left)
  for (const { subject, id } of gone) tx.audit({ action: 'withdrawal.remove', subject, id })
  for (const { id } of sessions) tx.audit({ action: 'withdrawal.order', subject: 'reading_session', id })
  for (const { id } of folds) tx.audit({ action: 'withdrawal.folds', subject: 'out_of_fold_run', id })
  for (const { id } of aids) tx.audit({ action: 'withdrawal.aids', subject: 'reading_aid_set', id })
  return [...new Set(gone.map((g) => g.id))]
}

export interface WithdrawalCounts { images: number; drawings: number; segmentations: number; readings: number; drafts: number }
export const countRows = (db: ReadDb, caseIds: readonly string[]): WithdrawalCounts => {
  const ids = JSON.stringify(caseIds)
  const n = (table: string, where: string): number => db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`, ids)?.n ?? 0
  return { images: n('image', OF_CASES), drawings: n('annotation', OF_CASES), segmentations: n('segmentation', OF_CASES), readings: n('reading', OF_POSITIONS('reading')), drafts: n('annotation_journal', OF_TASKS) + n('reading_draft', OF_POSITIONS('reading_draft')) }
}

/** Files of these cases: pictures, frames, originals, masks, maps. */
export const objectsOfCases = (db: ReadDb, caseIds: readonly string[]): string[] => {
  const ids = JSON.stringify(caseIds)
  return db.all<{ hash: string }>(`SELECT object AS hash FROM image WHERE ${OF_CASES} UNION SELECT object FROM image_frame WHERE ${OF_IMAGES} UNION SELECT original FROM image_technique WHERE original IS NOT NULL AND id IN (SELECT id FROM image WHERE ${OF_CASES})
    UNION SELECT mask FROM annotation WHERE ${OF_CASES} UNION SELECT mask FROM annotation_shown WHERE ${OF_TASKS} UNION SELECT mask FROM segmentation_mask WHERE ${OF_SEGMENTATIONS} UNION SELECT map FROM segmentation_mask WHERE ${OF_SEGMENTATIONS} UNION SELECT cam FROM signature WHERE ${OF_CASES}
    UNION SELECT mask FROM reading_aid WHERE mask IS NOT NULL AND ${OF_CASES} UNION SELECT cam FROM reading_aid WHERE cam IS NOT NULL AND ${OF_CASES}`, ids, ids, ids, ids, ids, ids, ids, ids, ids, ids).map((r) => r.hash)
}

/** Takes the texts of entries about these rows, or that name these labels, out of the log; each is noted with what it hashes to without them. */
export function redactAudit(tx: WriteDb, withdrawalId: string, subjectIds: readonly string[], labels: readonly string[]): number {
  const own = new Set(subjectIds), named = names(labels)
  let redacted = 0
  for (const row of tx.all<Row>('SELECT * FROM audit WHERE (old IS NOT NULL OR new IS NOT NULL OR reason IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM audit_redaction r WHERE r.origin = audit.origin AND r.seq = audit.seq)')) {
    const texts = ['old', 'new', 'reason'].map((k) => row[k] as string | null)
    if (!own.has(String(row['subject_id'])) && !texts.some(named)) continue
    const { hash: _hash, ...entry } = row
    tx.insert('audit_redaction', { withdrawal_id: withdrawalId, origin: String(row['origin']), seq: Number(row['seq']), hash: auditHash({ ...entry, old: null, new: null, reason: null }) })
    tx.run('UPDATE audit SET old = NULL, new = NULL, reason = NULL WHERE origin = ? AND seq = ?', String(row['origin']), Number(row['seq']))
    redacted++
  }
  return redacted
}

/** Takes what jobs kept where it names one of the labels. */
export function redactJobs(tx: WriteDb, labels: readonly string[]): void {
  const named = names(labels)
  for (const job of tx.all<{ id: string; input: string; result: string | null; note: string }>('SELECT id, input, result, note FROM job')) {
    if ([job.input, job.result, job.note].some(named)) tx.update('job', { id: job.id }, { input: 'null', result: null, note: 'its details named a withdrawn patient and were removed' })
  }
}

export function insertWithdrawnCodes(tx: WriteDb, withdrawalId: string, codes: readonly string[]): void {
  for (const code of codes) tx.run('INSERT OR IGNORE INTO withdrawn_code (code, withdrawal_id) VALUES (?, ?)', code, withdrawalId)
}
export const withdrawalOfCode = (db: ReadDb, code: string): { id: string; created_at: string } | undefined => db.get('SELECT withdrawal.id, created_at FROM withdrawn_code JOIN withdrawal ON withdrawal.id = withdrawal_id WHERE code = ?', code)
export function removeWithdrawnCodes(tx: WriteDb, withdrawalId: string): void {
  tx.run('DELETE FROM withdrawn_code WHERE withdrawal_id = ?', withdrawalId)
}

export const withdrawals = (db: ReadDb): { id: string; patient: string; cases: number; images: number; reason: string; created_at: string }[] => db.all(`
  SELECT withdrawal.id, patient.label AS patient, cases, images, reason, created_at FROM withdrawal JOIN patient ON patient.id = withdrawal.patient_id ORDER BY created_at DESC`)
