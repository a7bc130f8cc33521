import { lastPart, type ReadingPart, type SessionModality } from '#shared/domain/index.ts'
import type { ReadDb, WriteDb } from '../connection.ts'

export interface ProtocolRow { id: string; name: string; version: number; state: 'draft' | 'started' | 'closed'; document: string; hash: string; created_at: string; started_at: string | null; closed_at: string | null; close_reason: string | null; origin: string }
export const protocols = (db: ReadDb): ProtocolRow[] => db.all<ProtocolRow>('SELECT * FROM protocol ORDER BY created_at')
export const protocolById = (db: ReadDb, id: string): ProtocolRow | undefined => db.get<ProtocolRow>('SELECT * FROM protocol WHERE id = ?', id)

export interface SessionRow { id: string; protocol_id: string; account_id: string; ordinal: number; modality: SessionModality; created_at: string }
const SESSION = "SELECT id, protocol_id, account_id, ordinal, coalesce(modality, 'unaided') AS modality, created_at FROM reading_session"
export const sessionsOfProtocol = (db: ReadDb, protocolId: string): SessionRow[] => db.all<SessionRow>(`${SESSION} WHERE protocol_id = ? ORDER BY account_id, ordinal`, protocolId)
export const sessionsOfReader = (db: ReadDb, accountId: string): SessionRow[] => db.all<SessionRow>(`${SESSION} WHERE account_id = ? ORDER BY created_at, ordinal`, accountId)
export const sessionById = (db: ReadDb, id: string): SessionRow | undefined => db.get<SessionRow>(`${SESSION} WHERE id = ?`, id)

/** Cases of a session and how many of them have their last answer; training cases count. */
export const sessionProgress = (db: ReadDb, sessionId: string): { total: number; done: number } =>
  db.get<{ total: number; done: number }>('SELECT total, done FROM reading_progress WHERE session_id = ?', sessionId) ?? { total: 0, done: 0 }
export const trainingCases = (db: ReadDb, sessionId: string): number => db.get<{ n: number }>('SELECT count(*) AS n FROM reading_order WHERE session_id = ? AND training = 1', sessionId)?.n ?? 0

/** Cases that are read and those for training, of a stored order. */
export const orderCounts = (db: ReadDb, sessionId: string): { cases: number; training: number } =>
  db.get<{ cases: number; training: number }>('SELECT coalesce(sum(training IS NULL), 0) AS cases, coalesce(sum(training), 0) AS training FROM reading_order WHERE session_id = ?', sessionId) ?? { cases: 0, training: 0 }
/** The cases and images of a stored order with what it is balanced by, in label order. */
export const casesInOrder = (db: ReadDb, sessionId: string): { case_id: string; cohort: string; patient_id: string; label: string; image_id: string; training: number | null; position: number }[] => db.all(`
  SELECT study_case.id AS case_id, coalesce(cohort, 'no cohort') AS cohort, patient_id, label, image_id, training, position FROM reading_order JOIN study_case ON study_case.id = case_id WHERE session_id = ? ORDER BY label`, sessionId)

/** What a reader's next item is made of. Names no outcome, label, patient, cohort or model. `answered`: the first part of the case has its answer. */
export interface ItemRow { position: number; case_id: string; image_id: string; object: string; width: number; height: number; frames: number; calibration: string; training: number | null; answered: number }
const ITEM = `SELECT reading_order.position, reading_order.case_id, reading_order.image_id, reading_order.training, image.object, image.width, image.height, image.frames, image.calibration,
    EXISTS (SELECT 1 FROM reading WHERE reading.session_id = reading_order.session_id AND reading.position = reading_order.position AND coalesce(reading.modality, 'unaided') = 'unaided') AS answered
  FROM reading_order JOIN image ON image.id = reading_order.image_id`
/** Cases whose last part has no answer yet, in their order. */
export const openItems = (db: ReadDb, session: Pick<SessionRow, 'id' | 'modality'>, limit: number): ItemRow[] => db.all<ItemRow>(`${ITEM}
  WHERE reading_order.session_id = ? AND NOT EXISTS (SELECT 1 FROM reading WHERE reading.session_id = reading_order.session_id AND reading.position = reading_order.position AND coalesce(reading.modality, 'unaided') = ?)
  ORDER BY reading_order.position LIMIT ?`, session.id, lastPart(session.modality), limit)
export const itemAt = (db: ReadDb, sessionId: string, position: number): ItemRow | undefined => db.get<ItemRow>(`${ITEM} WHERE reading_order.session_id = ? AND reading_order.position = ?`, sessionId, position)
/** The open positions before and after one, in the order. */
export const openNeighbours = (db: ReadDb, session: Pick<SessionRow, 'id' | 'modality'>, position: number): { before: number | null; after: number | null } => db.get<{ before: number | null; after: number | null }>(`
  WITH open AS (SELECT position FROM reading_order o WHERE session_id = ? AND NOT EXISTS (SELECT 1 FROM reading r WHERE r.session_id = o.session_id AND r.position = o.position AND coalesce(r.modality, 'unaided') = ?))
  SELECT (SELECT max(position) FROM open WHERE position < ?) AS before, (SELECT min(position) FROM open WHERE position > ?) AS after`, session.id, lastPart(session.modality), position, position) ?? { before: null, after: null }

export interface DraftRow { call: 'positive' | 'negative' | null; rating: number | null; active_seconds: number; saved_at: string; modality: ReadingPart | null; answers: string | null }
export const draftOf = (db: ReadDb, sessionId: string, position: number): DraftRow | undefined => db.get<DraftRow>('SELECT call, rating, active_seconds, saved_at, modality, answers FROM reading_draft WHERE session_id = ? AND position = ?', sessionId, position)
export function saveDraft(tx: WriteDb, sessionId: string, position: number, draft: { part: ReadingPart; call: string | null; rating: number | null; answers: string; activeSeconds: number }): void {
  tx.run(`INSERT INTO reading_draft (session_id, position, call, rating, active_seconds, saved_at, modality, answers) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id, position) DO UPDATE SET call = excluded.call, rating = excluded.rating, active_seconds = excluded.active_seconds, saved_at = excluded.saved_at, modality = excluded.modality, answers = excluded.answers`,
  sessionId, position, draft.call, draft.rating, draft.activeSeconds, tx.at, draft.part, draft.answers)
}
export const isSubmitted = (db: ReadDb, sessionId: string, position: number, part: ReadingPart): boolean => db.get("SELECT id FROM reading WHERE session_id = ? AND position = ? AND coalesce(modality, 'unaided') = ?", sessionId, position, part) !== undefined
/** When the newest answers were given, oldest first. */
export const submittedAt = (db: ReadDb, sessionId: string, newest: number): string[] => db.all<{ at: string }>('SELECT submitted_at AS at FROM reading WHERE session_id = ? ORDER BY submitted_at DESC LIMIT ?', sessionId, newest).map((r) => r.at).reverse()

/** Seconds of the study's cases (not of training), middle value; an aided part counts by itself. */
export const medianSeconds = (db: ReadDb, sessionId: string): number | null => {
  const seconds = db.all<{ s: number }>('SELECT active_seconds AS s FROM reading JOIN reading_order USING (session_id, position) WHERE session_id = ? AND training IS NULL ORDER BY active_seconds', sessionId).map((r) => r.s)
  const middle = seconds.length / 2
  return seconds.length === 0 ? null : seconds.length % 2 === 1 ? (seconds[Math.floor(middle)] as number) : ((seconds[middle - 1] as number) + (seconds[middle] as number)) / 2
}
export const overLimit = (db: ReadDb, sessionId: string): number => db.get<{ n: number }>('SELECT count(*) AS n FROM reading WHERE session_id = ? AND over_limit = 1', sessionId)?.n ?? 0
export const lastReadingAt = (db: ReadDb, sessionId: string): string | null => db.get<{ at: string | null }>('SELECT max(submitted_at) AS at FROM reading WHERE session_id = ?', sessionId)?.at ?? null

/** Cases with an image that a protocol over these cohorts reads: included ones, each by the image that stands for it. */
export const casesOfCohorts = (db: ReadDb, cohorts: readonly string[]): { case_id: string; cohort: string; patient_id: string; label: string }[] => db.all(`
  SELECT study_case.id AS case_id, cohort, patient_id, label FROM study_case WHERE excluded_reason IS NULL AND cohort IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM image WHERE image.case_id = study_case.id) ORDER BY study_case.label`, JSON.stringify(cohorts))

/** Included cases with an image, by label: the lists of a protocol. */
export const casesByLabel = (db: ReadDb, labels: readonly string[]): { case_id: string; cohort: string | null; patient_id: string; label: string }[] => db.all(`
  SELECT study_case.id AS case_id, cohort, patient_id, label FROM study_case WHERE excluded_reason IS NULL AND label IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM image WHERE image.case_id = study_case.id) ORDER BY study_case.label`, JSON.stringify(labels))

/** Submitted readings that the analysis may see: of sessions that are complete, or of protocols that are closed; training cases never. */
export interface AnalysisReading {
  account_id: string; login: string; name: string; seniority: string | null; session_id: string; protocol_id: string; ordinal: number; case_id: string; patient_id: string; cohort: string; outcome: 0 | 1; call: 'positive' | 'negative'; rating: number; active_seconds: number; scale: string
  /** With or without the model; the session's number does not say it (crossover, unaided-then-aided). */
  modality: ReadingPart
}
/** Each reader's first reading of each case in a modality: by itself unaided where the protocol has it, else aided; `modality` names one. */
export const analysisReadings = (db: ReadDb, protocolId: string, modality: ReadingPart | null = null): AnalysisReading[] => db.all<AnalysisReading>(`
  WITH wanted AS (SELECT coalesce(?, CASE WHEN json_extract(document, '$.modality') = 'aided' THEN 'aided' ELSE 'unaided' END) AS modality FROM protocol WHERE id = ?),
    usable AS MATERIALIZED (
      SELECT reading_session.id, account_id, ordinal FROM reading_session JOIN protocol ON protocol.id = protocol_id JOIN reading_progress ON session_id = reading_session.id WHERE protocol_id = ? AND (protocol.state = 'closed' OR total = done)),
    seen AS (
      SELECT reading.*, coalesce(reading.modality, 'unaided') AS part, usable.account_id, usable.ordinal, reading_order.case_id, row_number() OVER (PARTITION BY usable.account_id, reading_order.case_id ORDER BY usable.ordinal) AS nth
      FROM usable JOIN reading ON reading.session_id = usable.id JOIN reading_order ON reading_order.session_id = reading.session_id AND reading_order.position = reading.position
      WHERE reading_order.training IS NULL AND coalesce(reading.modality, 'unaided') = (SELECT modality FROM wanted))
  SELECT account.id AS account_id, account.login, account.name, account.seniority, seen.session_id, protocol.id AS protocol_id, seen.ordinal, study_case.id AS case_id, study_case.patient_id, study_case.cohort,
    case_clinical.outcome, seen.call, seen.rating, seen.active_seconds, json_extract(protocol.document, '$.scale') AS scale, seen.part AS modality
  FROM seen JOIN protocol ON protocol.id = ? JOIN account ON account.id = seen.account_id JOIN study_case ON study_case.id = seen.case_id JOIN case_clinical ON case_clinical.case_id = study_case.id
  WHERE seen.nth = 1 AND case_clinical.outcome IS NOT NULL ORDER BY account.login, study_case.label`, modality, protocolId, protocolId, protocolId)
