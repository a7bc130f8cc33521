import type { CohortRole } from '#shared/domain/index.ts'
import type { ReadDb } from '../connection.ts'
import { SIGNED_FRAME } from './cine.ts'
import { STANDING_SEGMENTATION, STANDING_SIGNATURES } from './standing.ts'

/** A case with what it is known by, for tables that leave the study. Cases of withdrawn patients are not among them. */
export interface ExportCase {
  readonly id: string; readonly label: string; readonly patient: string; readonly cohort: string | null; readonly role: CohortRole | null; readonly hospital: string | null; readonly excluded_reason: string | null
  readonly outcome: 0 | 1 | null; readonly variables: string
}
export const casesForExport = (db: ReadDb): ExportCase[] => db.all<ExportCase>(`
  SELECT study_case.id, study_case.label, patient.label AS patient, study_case.cohort, cohort.role, hospital, excluded_reason, outcome, coalesce(variables, '{}') AS variables
  FROM study_case JOIN patient ON patient.id = study_case.patient_id LEFT JOIN cohort ON cohort.name = study_case.cohort LEFT JOIN case_clinical ON case_clinical.case_id = study_case.id
  WHERE patient.withdrawn_at IS NULL ORDER BY study_case.label`)

export const withdrawnPatients = (db: ReadDb): number => db.get<{ n: number }>('SELECT count(*) AS n FROM patient WHERE withdrawn_at IS NOT NULL')?.n ?? 0

/** The mask that counts as the truth of an image, with the frame that it is drawn on. */
export const frameOfAnnotation = (db: ReadDb, id: string): number => db.get<{ frame: number }>('SELECT frame FROM annotation WHERE id = ?', id)?.frame ?? 0

export interface SignatureTableRow { readonly label: string; readonly ordinal: number; readonly frame: number; readonly model: string; readonly model_sha256: string; readonly is_signature: number; readonly mask_kind: string; readonly probability: number; readonly provider: string; readonly provider_note: string; readonly created_at: string; readonly stands: number }
export const signaturesForExport = (db: ReadDb): SignatureTableRow[] => db.all<SignatureTableRow>(`
  SELECT study_case.label, image.ordinal, ${SIGNED_FRAME} AS frame, signature.model, signature.model_sha256, is_signature, mask_kind, probability, provider, coalesce(provider_note, '') AS provider_note, signature.created_at, signature.id IN (SELECT id FROM ${STANDING_SIGNATURES} WHERE nth = 1) AS stands
  FROM signature JOIN study_case ON study_case.id = signature.case_id JOIN image ON image.id = signature.image_id JOIN patient ON patient.id = study_case.patient_id
  WHERE patient.withdrawn_at IS NULL ORDER BY study_case.label, image.ordinal, frame, signature.created_at, signature.model`)

export interface MaskTableRow { readonly label: string; readonly ordinal: number; readonly frame: number; readonly model: string; readonly model_sha256: string; readonly area_px: number; readonly segmentation_id: string; readonly image_id: string; readonly mask: string; readonly provider: string; readonly provider_note: string; readonly created_at: string; readonly stands: number }
export const masksForExport = (db: ReadDb): MaskTableRow[] => db.all<MaskTableRow>(`
  SELECT study_case.label, image.ordinal, segmentation.frame, m.model, m.model_sha256, m.area_px, m.segmentation_id, segmentation.image_id, m.mask, provider, provider_note, segmentation.created_at, segmentation.id = ${STANDING_SEGMENTATION} AS stands
  FROM segmentation_mask m JOIN segmentation ON segmentation.id = m.segmentation_id JOIN study_case ON study_case.id = segmentation.case_id JOIN image ON image.id = segmentation.image_id
    JOIN patient ON patient.id = study_case.patient_id
  WHERE patient.withdrawn_at IS NULL ORDER BY study_case.label, image.ordinal, segmentation.frame, segmentation.created_at, m.model`)

export interface ReadingTableRow { readonly label: string; readonly reader: string; readonly protocol: string; readonly session: number; readonly modality: string; readonly call: string; readonly rating: number; readonly seconds: number; readonly answers: string; readonly protocol_hash: string }
/** Readings of closed protocols only: what is still being read stays blind. Readers go by their login. */
export const readingsForExport = (db: ReadDb): ReadingTableRow[] => db.all<ReadingTableRow>(`
  SELECT study_case.label, account.login AS reader, protocol.name AS protocol, reading_session.ordinal AS session, coalesce(reading.modality, 'unaided') AS modality, reading.call, reading.rating, reading.active_seconds AS seconds,
    coalesce(reading.answers, '') AS answers, coalesce(reading.protocol_hash, protocol.hash) AS protocol_hash
  FROM reading JOIN reading_session ON reading_session.id = reading.session_id JOIN protocol ON protocol.id = reading_session.protocol_id JOIN account ON account.id = reading_session.account_id
    JOIN reading_order ON reading_order.session_id = reading.session_id AND reading_order.position = reading.position JOIN study_case ON study_case.id = reading_order.case_id JOIN patient ON patient.id = study_case.patient_id
  WHERE protocol.state = 'closed' AND reading_order.training IS NULL AND patient.withdrawn_at IS NULL ORDER BY study_case.label, protocol.name, account.login, reading_session.ordinal, modality DESC`)

/** Patients that have not withdrawn, with their number of cases. */
export const presentPatients = (db: ReadDb): { label: string; cases: number }[] => db.all(`
  SELECT patient.label, count(study_case.id) AS cases FROM patient LEFT JOIN study_case ON study_case.patient_id = patient.id WHERE withdrawn_at IS NULL GROUP BY patient.id ORDER BY patient.label`)

/** Readings that stay blind, because their protocol is open. */
export const openReadings = (db: ReadDb): number => db.get<{ n: number }>(`
  SELECT count(*) AS n FROM reading JOIN reading_session ON reading_session.id = reading.session_id JOIN protocol ON protocol.id = reading_session.protocol_id WHERE protocol.state <> 'closed'`)?.n ?? 0
