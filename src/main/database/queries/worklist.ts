import type { ReadDb } from '../connection.ts'
import { NEWEST_REVIEW, STANDING_SEGMENTATION, STANDING_IMAGE } from './standing.ts'

export interface WorklistRow {
  id: string; label: string; patient: string; cohort: string | null; hospital: string | null; images: number; outcome: 0 | 1 | null; excluded_reason: string | null; reference: number; annotated: number; readings: number
  image_id: string | null; segmentation_id: string | null; state: 'found' | 'empty' | null; failures: number; decision: 'accepted' | 'corrected' | 'rejected' | null; imported_at: string
}

/** Every case with the state of its work; `caseId` null for all. For investigators only. */
export const worklist = (db: ReadDb, caseId: string | null): WorklistRow[] => db.all<WorklistRow>(`
  WITH counted AS (SELECT case_id, count(*) AS images FROM image GROUP BY case_id),
    drawn AS (SELECT case_id, sum(purpose = 'drawn') AS drawn, sum(purpose IN ('imported','consensus','drawn')) AS reference FROM annotation GROUP BY case_id),
    failed AS (SELECT image_id, count(*) AS n FROM segmentation_failure GROUP BY image_id),
    read AS (SELECT reading_order.case_id, count(*) AS n FROM reading JOIN reading_order USING (session_id, position) WHERE reading_order.training IS NULL GROUP BY reading_order.case_id)
  SELECT study_case.id, study_case.label, patient.label AS patient, cohort, hospital, coalesce(counted.images, 0) AS images, case_clinical.outcome, excluded_reason, study_case.imported_at,
    coalesce(drawn.reference, 0) AS reference, coalesce(drawn.drawn, 0) AS annotated, coalesce(read.n, 0) AS readings, image.id AS image_id, newest.id AS segmentation_id, newest.state, coalesce(failed.n, 0) AS failures, reviewed.decision
  FROM study_case JOIN patient ON patient.id = study_case.patient_id JOIN case_clinical ON case_clinical.case_id = study_case.id
    LEFT JOIN counted ON counted.case_id = study_case.id LEFT JOIN image ON image.id = ${STANDING_IMAGE}
    LEFT JOIN segmentation newest ON newest.id = ${STANDING_SEGMENTATION} LEFT JOIN review reviewed ON reviewed.id = ${NEWEST_REVIEW}
    LEFT JOIN drawn ON drawn.case_id = study_case.id LEFT JOIN failed ON failed.image_id = image.id LEFT JOIN read ON read.case_id = study_case.id
  WHERE ? IS NULL OR study_case.id = ? ORDER BY study_case.label`, caseId, caseId)
