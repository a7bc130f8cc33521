import type { ReadDb, Row } from './connection.ts'

/** A row with the rows that belong to it, as its hash covers them. */
export type AuditedRow = Readonly<Record<string, unknown>> | undefined

/** Columns that a later step of the schema added. A row in which they are empty has the hash that it had before. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  account: ['person'],
  annotation_task: ['shows', 'washout_days'],
  annotation: ['shown'],
  signature: ['provider_note'],
  reading_session: ['modality'],
  reading_order: ['training'],
  reading_aid: ['frame'],
  reading: ['modality', 'answers', 'protocol_hash', 'over_limit'],
}
const asHashed = (table: string, row: Row): Row => {
  const added = ADDED[table]
  return added === undefined ? row : Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null || !added.includes(name)))
}

const one = (table: string, key = 'id') => (db: ReadDb, id: string): AuditedRow => {
  const row = db.get<Row>(`SELECT * FROM ${table} WHERE ${key} = ?`, id)
  return row === undefined ? undefined : asHashed(table, row)
}

const withChildren = (table: string, children: string, key: string, order: string) => (db: ReadDb, id: string): AuditedRow => {
  const row = db.get<Row>(`SELECT * FROM ${table} WHERE id = ?`, id)
  return row === undefined ? undefined : { ...asHashed(table, row), children: db.all<Row>(`SELECT * FROM ${children} WHERE ${key} = ? ORDER BY ${order}`, id).map((child) => asHashed(children, child)) }
}

/** Every kind of row that a mutation makes or changes, and how it is read for its hash. */
export const audited = {
  meta: one('meta', 'key'),
  account: one('account'),
  cohort: one('cohort', 'name'),
  patient: one('patient'),
  study_case: withChildren('study_case', 'case_clinical', 'case_id', 'case_id'),
  image: withChildren('image', 'image_frame', 'image_id', 'frame'),
  dicom_source: one('dicom_source'),
  image_technique: one('image_technique'),
  key_frame: one('key_frame'),
  scanner_template: one('scanner_template'),
  withdrawal: withChildren('withdrawal', 'audit_redaction', 'withdrawal_id', 'origin, seq'),
  representative_choice: one('representative_choice'),
  annotation_task: one('annotation_task'),
  annotation: one('annotation'),
  annotation_flag: one('annotation_flag'),
  annotation_shown: one('annotation_shown'),
  segmentation: withChildren('segmentation', 'segmentation_mask', 'segmentation_id', 'model'),
  segmentation_failure: one('segmentation_failure'),
  signature: one('signature'),
  combined_model: one('combined_model'),
  out_of_fold_run: withChildren('out_of_fold_run', 'out_of_fold_value', 'run_id', 'case_id'),
  review: one('review'),
  review_question: one('review_question'),
  adjudication: one('adjudication'),
  protocol: one('protocol'),
  reading_session: withChildren('reading_session', 'reading_order', 'session_id', 'position'),
  reading: one('reading'),
  protocol_version: one('protocol_version'),
  reading_aid_set: withChildren('reading_aid_set', 'reading_aid', 'set_id', 'case_id'),
  text_mask: one('text_mask'),
  package: one('package'),
  package_merge: one('package_merge'),
  merge_conflict: one('merge_conflict'),
  /** Something that happened without a row of its own: a sign-in, a refusal, an export. */
  event: (): AuditedRow => undefined,
} satisfies Record<string, (db: ReadDb, id: string) => AuditedRow>

/** The row as its hash covers it, where it was read elsewhere; for subjects without rows that belong to them. */
export const carriedAsHashed = (subject: AuditSubject, row: Row): Row => asHashed(subject, row)

export type AuditSubject = keyof typeof audited

/** The key column of a subject's table. */
export const subjectKey = (subject: AuditSubject): string => (subject === 'meta' ? 'key' : subject === 'cohort' ? 'name' : 'id')
