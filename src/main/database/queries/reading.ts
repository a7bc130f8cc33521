import type { ReadDb, WriteDb } from '../connection.ts'

export interface ProtocolRow { id: string; name: string; version: number; state: 'draft' | 'started' | 'closed'; document: string; hash: string; created_at: string; started_at: string | null; closed_at: string | null; close_reason: string | null; origin: string }
export const protocols = (db: ReadDb): ProtocolRow[] => db.all<ProtocolRow>('SELECT * FROM protocol ORDER BY created_at')
export const protocolById = (db: ReadDb, id: string): ProtocolRow | undefined => db.get<ProtocolRow>('SELECT * FROM protocol WHERE id = ?', id)

export interface SessionRow { id: string; protocol_id: string; account_id: string; ordinal: number; created_at: string }
export const sessionsOfProtocol = (db: ReadDb, protocolId: string): SessionRow[] => db.all<SessionRow>('SELECT id, protocol_id, account_id, ordinal, created_at FROM reading_session WHERE protocol_id = ? ORDER BY account_id, ordinal', protocolId)
export const sessionsOfReader = (db: ReadDb, accountId: string): SessionRow[] => db.all<SessionRow>('SELECT id, protocol_id, account_id, ordinal, created_at FROM reading_session WHERE account_id = ? ORDER BY created_at, ordinal', accountId)
export const sessionById = (db: ReadDb, id: string): SessionRow | undefined => db.get<SessionRow>('SELECT id, protocol_id, account_id, ordinal, created_at FROM reading_session WHERE id = ?', id)

export const sessionProgress = (db: ReadDb, sessionId: string): { total: number; done: number } =>
  db.get<{ total: number; done: number }>('SELECT (SELECT count(*) FROM reading_order WHERE session_id = ?) AS total, (SELECT count(*) FROM reading WHERE session_id = ?) AS done', sessionId, sessionId) ?? { total: 0, done: 0 }

/** What a reader's next item is made of. Names no outcome, label, patient, cohort or model. */
export interface ItemRow { position: number; case_id: string; image_id: string; object: string; width: number; height: number; calibration: string }
const ITEM = `SELECT reading_order.position, reading_order.case_id, reading_order.image_id, image.object, image.width, image.height, image.calibration
  FROM reading_order JOIN image ON image.id = reading_order.image_id`
export const openItems = (db: ReadDb, sessionId: string, limit: number): ItemRow[] => db.all<ItemRow>(`${ITEM}
  WHERE reading_order.session_id = ? AND NOT EXISTS (SELECT 1 FROM reading WHERE reading.session_id = reading_order.session_id AND reading.position = reading_order.position) ORDER BY reading_order.position LIMIT ?`, sessionId, limit)
export const itemAt = (db: ReadDb, sessionId: string, position: number): ItemRow | undefined => db.get<ItemRow>(`${ITEM} WHERE reading_order.session_id = ? AND reading_order.position = ?`, sessionId, position)

export interface DraftRow { call: 'positive' | 'negative' | null; rating: number | null; active_seconds: number; saved_at: string }
export const draftOf = (db: ReadDb, sessionId: string, position: number): DraftRow | undefined => db.get<DraftRow>('SELECT call, rating, active_seconds, saved_at FROM reading_draft WHERE session_id = ? AND position = ?', sessionId, position)
export function saveDraft(tx: WriteDb, sessionId: string, position: number, draft: { call: string | null; rating: number | null; activeSeconds: number }): void {
  tx.run(`INSERT INTO reading_draft (session_id, position, call, rating, active_seconds, saved_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id, position) DO UPDATE SET call = excluded.call, rating = excluded.rating, active_seconds = excluded.active_seconds, saved_at = excluded.saved_at`, sessionId, position, draft.call, draft.rating, draft.activeSeconds, tx.at)
}
export const isSubmitted = (db: ReadDb, sessionId: string, position: number): boolean => db.get('SELECT id FROM reading WHERE session_id = ? AND position = ?', sessionId, position) !== undefined

export const medianSeconds = (db: ReadDb, sessionId: string): number | null => {
  const seconds = db.all<{ s: number }>('SELECT active_seconds AS s FROM reading WHERE session_id = ? ORDER BY active_seconds', sessionId).map((r) => r.s)
  const middle = seconds.length / 2
  return seconds.length === 0 ? null : seconds.length % 2 === 1 ? (seconds[Math.floor(middle)] as number) : ((seconds[middle - 1] as number) + (seconds[middle] as number)) / 2
}

/** Cases with an image that a protocol over these cohorts reads: included ones, each by the image that stands for it. */
export const casesOfCohorts = (db: ReadDb, cohorts: readonly string[]): { case_id: string; cohort: string; patient_id: string }[] => db.all(`
  SELECT study_case.id AS case_id, cohort, patient_id FROM study_case WHERE excluded_reason IS NULL AND cohort IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM image WHERE image.case_id = study_case.id) ORDER BY study_case.label`, JSON.stringify(cohorts))

/** The latest time at which a person saw any of the cases of a session, in this study in another session or another way. */
export const lastExposure = (db: ReadDb, accountId: string, sessionId: string): string | null => db.get<{ at: string | null }>(`
  SELECT max(at) AS at FROM exposure WHERE account_id = ? AND kind <> ? AND case_id IN (SELECT case_id FROM reading_order WHERE session_id = ?)`, accountId, `reading:${sessionId}`, sessionId)?.at ?? null

export function recordExposure(tx: WriteDb, accountId: string, caseId: string, kind: string): void {
  if (tx.get('SELECT 1 AS x FROM exposure WHERE account_id = ? AND case_id = ? AND kind = ?', accountId, caseId, kind) !== undefined) return
  tx.insert('exposure', { account_id: accountId, case_id: caseId, kind, at: tx.at })
}

/** Submitted readings for the analysis: of sessions that are complete, or of protocols that are closed. */
export interface AnalysisReading { account_id: string; login: string; name: string; seniority: string | null; session_id: string; protocol_id: string; ordinal: number; case_id: string; patient_id: string; cohort: string; outcome: 0 | 1; call: 'positive' | 'negative'; rating: number; active_seconds: number; scale: string }
export const analysisReadings = (db: ReadDb, protocolId: string): AnalysisReading[] => db.all<AnalysisReading>(`
  SELECT account.id AS account_id, account.login, account.name, account.seniority, reading.session_id, reading_session.protocol_id, reading_session.ordinal, study_case.id AS case_id, study_case.patient_id, study_case.cohort,
    case_clinical.outcome, reading.call, reading.rating, reading.active_seconds, json_extract(protocol.document, '$.scale') AS scale
  FROM reading JOIN reading_session ON reading_session.id = reading.session_id JOIN protocol ON protocol.id = reading_session.protocol_id JOIN account ON account.id = reading_session.account_id
    JOIN reading_order ON reading_order.session_id = reading.session_id AND reading_order.position = reading.position
    JOIN study_case ON study_case.id = reading_order.case_id JOIN case_clinical ON case_clinical.case_id = study_case.id
  WHERE protocol.id = ? AND case_clinical.outcome IS NOT NULL AND reading_session.ordinal = 1
    AND (protocol.state = 'closed' OR (SELECT count(*) FROM reading_order o WHERE o.session_id = reading_session.id) = (SELECT count(*) FROM reading r WHERE r.session_id = reading_session.id))
  ORDER BY account.login, study_case.label`, protocolId)
