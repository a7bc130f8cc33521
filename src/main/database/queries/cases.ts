import type { CohortRole } from '#shared/domain/index.ts'
import type { ReadDb } from '../connection.ts'

export interface CaseRecord { id: string; label: string; patient_id: string; cohort: string | null; hospital: string | null; excluded_reason: string | null; imported_at: string; origin: string }
export interface ImageRecord {
  id: string; case_id: string; ordinal: number; object: string; width: number; height: number; channels: number; frames: number; calibration: string; source_name: string; source_sha256: string; imported_at: string; origin: string
}
export interface CohortRecord { name: string; role: CohortRole; ordinal: number; origin: string }

export const caseByLabel = (db: ReadDb, label: string): CaseRecord | undefined => db.get<CaseRecord>('SELECT * FROM study_case WHERE label = ?', label)
export const caseById = (db: ReadDb, id: string): CaseRecord | undefined => db.get<CaseRecord>('SELECT * FROM study_case WHERE id = ?', id)
export const patientByLabel = (db: ReadDb, label: string): { id: string; label: string } | undefined => db.get('SELECT id, label FROM patient WHERE label = ?', label)
export const patientById = (db: ReadDb, id: string): { id: string; label: string } | undefined => db.get('SELECT id, label FROM patient WHERE id = ?', id)
export const imagesOfCase = (db: ReadDb, caseId: string): ImageRecord[] => db.all<ImageRecord>('SELECT * FROM image WHERE case_id = ? ORDER BY ordinal', caseId)
export const imageById = (db: ReadDb, id: string): ImageRecord | undefined => db.get<ImageRecord>('SELECT * FROM image WHERE id = ?', id)
export const imageBySource = (db: ReadDb, sha256: string): { id: string; label: string } | undefined =>
  db.get('SELECT image.id, study_case.label FROM image JOIN study_case ON study_case.id = image.case_id WHERE source_sha256 = ?', sha256)
export const cohorts = (db: ReadDb): CohortRecord[] => db.all<CohortRecord>('SELECT * FROM cohort ORDER BY ordinal')
export const cohortOfPatient = (db: ReadDb, patientId: string): string[] =>
  db.all<{ cohort: string }>('SELECT DISTINCT cohort FROM study_case WHERE patient_id = ? AND cohort IS NOT NULL AND excluded_reason IS NULL', patientId).map((r) => r.cohort)

export interface ClinicalRecord { case_id: string; outcome: 0 | 1 | null; variables: string }
export const clinicalOf = (db: ReadDb, caseId: string): ClinicalRecord | undefined => db.get<ClinicalRecord>('SELECT case_id, outcome, variables FROM case_clinical WHERE case_id = ?', caseId)

/** How many of these cases have no outcome. */
export const casesWithoutOutcome = (db: ReadDb, caseIds: readonly string[]): number =>
  db.get<{ n: number }>('SELECT count(*) AS n FROM json_each(?) AS wanted LEFT JOIN case_clinical ON case_clinical.case_id = wanted.value WHERE outcome IS NULL', JSON.stringify(caseIds))?.n ?? 0

export interface CohortCount { name: string; role: CohortRole; cases: number; patients: number; positive: number; negative: number; unknown: number }
export const cohortCounts = (db: ReadDb): CohortCount[] => db.all<CohortCount>(`
  SELECT cohort.name, cohort.role, count(study_case.id) AS cases, count(DISTINCT study_case.patient_id) AS patients,
    coalesce(sum(outcome = 1), 0) AS positive, coalesce(sum(outcome = 0), 0) AS negative, coalesce(sum(study_case.id IS NOT NULL AND outcome IS NULL), 0) AS unknown
  FROM cohort LEFT JOIN study_case ON study_case.cohort = cohort.name AND excluded_reason IS NULL LEFT JOIN case_clinical ON case_clinical.case_id = study_case.id
  GROUP BY cohort.name ORDER BY cohort.ordinal`)

export const flowCounts = (db: ReadDb): { hospital: string; reason: string | null; cases: number }[] => db.all(`
  SELECT coalesce(hospital, 'not stated') AS hospital, excluded_reason AS reason, count(*) AS cases FROM study_case GROUP BY hospital, excluded_reason ORDER BY hospital, excluded_reason IS NOT NULL, excluded_reason`)

/** Where the included cases of each hospital went. */
export const cohortFlowCounts = (db: ReadDb): { hospital: string; cohort: string | null; cases: number }[] => db.all(`
  SELECT coalesce(hospital, 'not stated') AS hospital, study_case.cohort, count(*) AS cases FROM study_case LEFT JOIN cohort ON cohort.name = study_case.cohort
  WHERE excluded_reason IS NULL GROUP BY hospital, study_case.cohort ORDER BY hospital, cohort.ordinal`)

export interface StudyCounts { cases: number; images: number; excluded: number; segmented: number; reviewed: number; annotated: number; readings: number }
export const studyCounts = (db: ReadDb): StudyCounts => db.get<StudyCounts>(`
  SELECT (SELECT count(*) FROM study_case WHERE excluded_reason IS NULL) AS cases, (SELECT count(*) FROM image) AS images, (SELECT count(*) FROM study_case WHERE excluded_reason IS NOT NULL) AS excluded,
    (SELECT count(DISTINCT case_id) FROM segmentation) AS segmented, (SELECT count(DISTINCT case_id) FROM review) AS reviewed,
    (SELECT count(DISTINCT case_id) FROM annotation WHERE purpose = 'drawn') AS annotated, (SELECT count(*) FROM reading) AS readings`) as StudyCounts

/** The image that stands for a case: the newest choice, else the first image. */
export const representativeImage = (db: ReadDb, caseId: string): { image_id: string; rule: string } | undefined =>
  db.get<{ image_id: string; rule: string }>('SELECT image_id, rule FROM representative_choice WHERE case_id = ? ORDER BY created_at DESC, id DESC LIMIT 1', caseId)
  ?? db.get<{ image_id: string; rule: string }>("SELECT id AS image_id, 'first image' AS rule FROM image WHERE case_id = ? ORDER BY ordinal LIMIT 1", caseId)

export const cohortExists = (db: ReadDb, name: string): boolean => db.get('SELECT name FROM cohort WHERE name = ?', name) !== undefined
export const nextCohortOrdinal = (db: ReadDb): number => db.get<{ n: number }>('SELECT coalesce(max(ordinal), 0) + 1 AS n FROM cohort')?.n ?? 1
