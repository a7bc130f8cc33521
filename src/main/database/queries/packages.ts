import type { ReadDb, Row, WriteDb } from '../connection.ts'

export interface PackageRow { id: string; kind: 'reader' | 'annotator'; account_id: string; items: number; chain: string; head_seq: number; head_hash: string; created_at: string; origin: string }
export const packagesOf = (db: ReadDb, accountId: string): PackageRow[] => db.all<PackageRow>('SELECT * FROM package WHERE account_id = ? ORDER BY created_at', accountId)
export const packageById = (db: ReadDb, id: string): PackageRow | undefined => db.get<PackageRow>('SELECT * FROM package WHERE id = ?', id)
export const allPackages = (db: ReadDb): PackageRow[] => db.all<PackageRow>('SELECT * FROM package ORDER BY created_at DESC')

/** Every package that was made, with whom it was made for. */
export const packagesSent = (db: ReadDb): { login: string; created_at: string }[] => db.all('SELECT login, package.created_at FROM package JOIN account ON account.id = account_id ORDER BY package.created_at')

export interface MergeRow { id: string; package_id: string; chain: string; head_seq: number; head_hash: string; taken: number; known: number; conflicts: number; merged_at: string }
export const mergesOf = (db: ReadDb, packageId: string): MergeRow[] => db.all<MergeRow>('SELECT * FROM package_merge WHERE package_id = ? ORDER BY merged_at', packageId)

export interface ConflictRow { id: string; package_id: string; subject: string; subject_id: string; kept_id: string; document: string; created_at: string }
export const conflictsOf = (db: ReadDb, packageId: string): ConflictRow[] => db.all<ConflictRow>('SELECT * FROM merge_conflict WHERE package_id = ? ORDER BY created_at', packageId)

/** Rows of a table, as they are carried. */
export type CarriedRows = readonly { readonly table: string; readonly rows: readonly Row[] }[]
const all = (db: ReadDb, sql: string, ...values: string[]): Row[] => db.all<Row>(sql, ...values)

const EXPOSURES = 'SELECT * FROM exposure WHERE account_id IN (SELECT id FROM account WHERE coalesce(person, id) = (SELECT coalesce(person, id) FROM account WHERE id = ?))'
/** What a reader may see, as it lies in the study: sessions with their orders, aids and answers of started protocols. Whoever carries it takes out what is not for them. */
export function readerRows(db: ReadDb, accountId: string): { sessions: Row[]; order: Row[]; protocols: Row[]; aidSets: Row[]; aids: Row[]; readings: Row[]; drafts: Row[]; exposures: Row[] } {
  const SESSIONS = "SELECT reading_session.id FROM reading_session JOIN protocol ON protocol.id = protocol_id WHERE account_id = ? AND protocol.state = 'started'"
  const PROTOCOLS = `SELECT DISTINCT protocol_id FROM reading_session WHERE id IN (${SESSIONS})`
  return {
    sessions: all(db, `SELECT * FROM reading_session WHERE id IN (${SESSIONS})`, accountId), order: all(db, `SELECT * FROM reading_order WHERE session_id IN (${SESSIONS}) ORDER BY session_id, position`, accountId),
    protocols: all(db, `SELECT * FROM protocol WHERE id IN (${PROTOCOLS})`, accountId), aidSets: all(db, `SELECT * FROM reading_aid_set WHERE protocol_id IN (${PROTOCOLS}) AND protocol_id IN (SELECT protocol_id FROM reading_session WHERE account_id = ? AND modality <> 'unaided')`, accountId, accountId),
    aids: all(db, `SELECT reading_aid.* FROM reading_aid JOIN reading_aid_set ON reading_aid_set.id = set_id WHERE protocol_id IN (${PROTOCOLS}) AND protocol_id IN (SELECT protocol_id FROM reading_session WHERE account_id = ? AND modality <> 'unaided')`, accountId, accountId),
    readings: all(db, `SELECT * FROM reading WHERE session_id IN (${SESSIONS})`, accountId), drafts: all(db, `SELECT * FROM reading_draft WHERE session_id IN (${SESSIONS})`, accountId),
    exposures: all(db, EXPOSURES, accountId),
  }
}
/** What an annotator may see: own tasks, own drawings with their journals and flags, and the contours that the tasks show. */
export function annotatorRows(db: ReadDb, accountId: string): { tasks: Row[]; annotations: Row[]; journal: Row[]; flags: Row[]; shown: Row[]; exposures: Row[] } {
  const TASKS = "SELECT id FROM annotation_task WHERE account_id = ? AND purpose = 'drawn'"
  return {
    tasks: all(db, `SELECT * FROM annotation_task WHERE id IN (${TASKS})`, accountId), annotations: all(db, `SELECT * FROM annotation WHERE task_id IN (${TASKS})`, accountId),
    journal: all(db, `SELECT * FROM annotation_journal WHERE task_id IN (${TASKS}) ORDER BY task_id, seq`, accountId), flags: all(db, `SELECT * FROM annotation_flag WHERE task_id IN (${TASKS})`, accountId),
    shown: all(db, `SELECT * FROM annotation_shown WHERE task_id IN (${TASKS}) ORDER BY rowid`, accountId), exposures: all(db, EXPOSURES, accountId),
  }
}
export const caseRows = (db: ReadDb, ids: readonly string[]): Row[] => db.all<Row>('SELECT * FROM study_case WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids))
export const imageRows = (db: ReadDb, ids: readonly string[]): Row[] => db.all<Row>('SELECT * FROM image WHERE id IN (SELECT value FROM json_each(?)) ORDER BY case_id, ordinal', JSON.stringify(ids))
export const outcomeOf = (db: ReadDb, caseId: string): number | null => db.get<{ outcome: number | null }>('SELECT outcome FROM case_clinical WHERE case_id = ?', caseId)?.outcome ?? null

/** What was made on this workstation since the package was opened: of audited rows those of its chain, of the rest everything that lies there. */
export function ownRows(db: ReadDb, chain: string): { reading: Row[]; annotation: Row[]; annotation_flag: Row[]; exposure: Row[]; reading_draft: Row[]; reading_event: Row[]; annotation_journal: Row[] } {
  const by = (table: string): Row[] => all(db, `SELECT * FROM ${table} WHERE origin = ? ORDER BY id`, chain)
  return {
    reading: by('reading'), annotation: by('annotation'), annotation_flag: by('annotation_flag'),
    exposure: all(db, 'SELECT * FROM exposure'), reading_draft: all(db, 'SELECT * FROM reading_draft'), reading_event: all(db, 'SELECT session_id, position, at, kind, value FROM reading_event ORDER BY id'), annotation_journal: all(db, 'SELECT * FROM annotation_journal ORDER BY task_id, seq'),
  }
}
export const readingAt = (db: ReadDb, sessionId: string, position: number, modality: string): { id: string } | undefined => db.get("SELECT id FROM reading WHERE session_id = ? AND position = ? AND coalesce(modality, 'unaided') = ?", sessionId, position, modality)
export const readingById = (db: ReadDb, id: string): Row | undefined => db.get('SELECT * FROM reading WHERE id = ?', id)
export const annotationById = (db: ReadDb, id: string): Row | undefined => db.get('SELECT * FROM annotation WHERE id = ?', id)
export const placeOfReading = (db: ReadDb, sessionId: string, position: number): { label: string; name: string; state: string } | undefined =>
  db.get('SELECT study_case.label, protocol.name, protocol.state FROM reading_order JOIN reading_session ON reading_session.id = session_id JOIN protocol ON protocol.id = protocol_id JOIN study_case ON study_case.id = case_id WHERE session_id = ? AND position = ?', sessionId, position)
export const placeOfTask = (db: ReadDb, taskId: string): { label: string; number: number; round: number } | undefined => db.get('SELECT study_case.label, number, round FROM annotation_task JOIN study_case ON study_case.id = case_id WHERE annotation_task.id = ?', taskId)
export const conflictOf = (db: ReadDb, subjectId: string): { id: string } | undefined => db.get('SELECT id FROM merge_conflict WHERE subject_id = ?', subjectId)
/** The session of a reading with the state of its protocol, for the account that it belongs to. */
export const sessionState = (db: ReadDb, sessionId: string, accountId: string): { state: string } | undefined => db.get('SELECT protocol.state FROM reading_session JOIN protocol ON protocol.id = protocol_id WHERE reading_session.id = ? AND account_id = ?', sessionId, accountId)
export const orderHas = (db: ReadDb, sessionId: string, position: number): boolean => db.get('SELECT position FROM reading_order WHERE session_id = ? AND position = ?', sessionId, position) !== undefined
export const flagKnown = (db: ReadDb, id: string): boolean => db.get('SELECT id FROM annotation_flag WHERE id = ?', id) !== undefined
export const ownsTask = (db: ReadDb, taskId: string, accountId: string): boolean => db.get('SELECT id FROM annotation_task WHERE id = ? AND account_id = ?', taskId, accountId) !== undefined
export const versionTaken = (db: ReadDb, taskId: string, version: number): { id: string } | undefined => db.get('SELECT id FROM annotation WHERE task_id = ? AND version = ?', taskId, version)

/** Rows without audit entries of their own: exposures, drafts, events. What is there already stays; a newer draft wins. */
export function mergeLoose(tx: WriteDb, loose: { exposure: readonly Row[]; reading_draft: readonly Row[]; reading_event: readonly Row[] }, accountId: string): void {
  for (const r of loose.exposure) if (r['account_id'] === accountId) tx.run('INSERT OR IGNORE INTO exposure (account_id, case_id, kind, at) SELECT ?, id, ?, ? FROM study_case WHERE id = ?', accountId, r['kind'] ?? '', r['at'] ?? '', r['case_id'] ?? '')
  for (const r of loose.reading_draft) {
    tx.run(`INSERT INTO reading_draft (session_id, position, call, rating, active_seconds, saved_at, modality, answers) SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM reading_session WHERE id = ? AND account_id = ?)
      ON CONFLICT (session_id, position) DO UPDATE SET call = excluded.call, rating = excluded.rating, active_seconds = excluded.active_seconds, saved_at = excluded.saved_at, modality = excluded.modality, answers = excluded.answers WHERE excluded.saved_at > reading_draft.saved_at`,
    r['session_id'] ?? '', r['position'] ?? 0, r['call'] ?? null, r['rating'] ?? null, r['active_seconds'] ?? 0, r['saved_at'] ?? '', r['modality'] ?? null, r['answers'] ?? null, r['session_id'] ?? '', accountId)
  }
  for (const r of loose.reading_event) {
    const values = [r['session_id'] ?? '', r['position'] ?? 0, r['at'] ?? '', r['kind'] ?? '', r['value'] ?? '']
    tx.run(`INSERT INTO reading_event (session_id, position, at, kind, value) SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM reading_session WHERE id = ? AND account_id = ?)
      AND NOT EXISTS (SELECT 1 FROM reading_event WHERE session_id = ? AND position = ? AND at = ? AND kind = ? AND value = ?)`, ...values, r['session_id'] ?? '', accountId, ...values)
  }
}

/**
 * Takes the journals of drawings. One that continues the journal here grows from where it ends; one that went another way is not mixed with it:
 * its entries are returned, by task, for the caller to keep.
 */
export function mergeJournals(tx: WriteDb, entries: readonly Row[], accountId: string): { taskId: string; entries: Row[] }[] {
  const apart: { taskId: string; entries: Row[] }[] = []
  for (const [taskId, there] of Map.groupBy(entries, (r) => String(r['task_id']))) {
    if (!ownsTask(tx, taskId, accountId)) continue
    const here = new Map(tx.all<{ seq: number; entry: string }>('SELECT seq, entry FROM annotation_journal WHERE task_id = ?', taskId).map((r) => [r.seq, r.entry]))
    if (there.some((r) => here.has(Number(r['seq'])) && here.get(Number(r['seq'])) !== r['entry'])) apart.push({ taskId, entries: there })
    else for (const r of there) if (!here.has(Number(r['seq']))) tx.insert('annotation_journal', { task_id: taskId, seq: r['seq'] ?? 0, entry: r['entry'] ?? '', created_at: r['created_at'] ?? '' })
  }
  return apart
}
