import type { ReadDb } from '../connection.ts'

export interface TaskRow {
  id: string; number: number; case_id: string; image_id: string; account_id: string; purpose: 'drawn' | 'correction'; round: number; segmentation_id: string | null; not_before: string | null; created_at: string
  object: string; width: number; height: number; frames: number; calibration: string; flag: string | null; versions: number; updated_at: string | null
}
/** A task with its picture. Names no case label, patient, outcome, model or other person's contour. */
const TASK = `SELECT annotation_task.id, annotation_task.number, annotation_task.case_id, annotation_task.image_id, annotation_task.account_id, annotation_task.purpose, annotation_task.round, annotation_task.segmentation_id, annotation_task.not_before,
    annotation_task.created_at, image.object, image.width, image.height, image.frames, image.calibration,
    (SELECT flag FROM annotation_flag WHERE task_id = annotation_task.id ORDER BY created_at DESC, id DESC LIMIT 1) AS flag,
    (SELECT count(*) FROM annotation WHERE task_id = annotation_task.id) AS versions,
    (SELECT max(created_at) FROM annotation_journal WHERE task_id = annotation_task.id) AS updated_at
  FROM annotation_task JOIN image ON image.id = annotation_task.image_id`
export const tasksOf = (db: ReadDb, accountId: string): TaskRow[] => db.all<TaskRow>(`${TASK} WHERE annotation_task.account_id = ? AND purpose = 'drawn' ORDER BY annotation_task.round, annotation_task.number`, accountId)
export const taskById = (db: ReadDb, id: string): TaskRow | undefined => db.get<TaskRow>(`${TASK} WHERE annotation_task.id = ?`, id)
export const correctionTask = (db: ReadDb, accountId: string, imageId: string, segmentationId: string): TaskRow | undefined =>
  db.get<TaskRow>(`${TASK} WHERE annotation_task.account_id = ? AND annotation_task.image_id = ? AND purpose = 'correction' AND annotation_task.segmentation_id = ?`, accountId, imageId, segmentationId)
export const nextTaskNumber = (db: ReadDb, accountId: string): number => db.get<{ n: number }>('SELECT coalesce(max(number), 0) + 1 AS n FROM annotation_task WHERE account_id = ?', accountId)?.n ?? 1
export const hasTask = (db: ReadDb, accountId: string, imageId: string, round: number): boolean => db.get("SELECT id FROM annotation_task WHERE account_id = ? AND image_id = ? AND purpose = 'drawn' AND round = ?", accountId, imageId, round) !== undefined

export interface AnnotationRow { id: string; case_id: string; image_id: string; task_id: string | null; account_id: string | null; author: string; purpose: string; version: number; document: string | null; mask: string; area_px: number; active_seconds: number; app_version: string; created_at: string }
const ANNOTATION = "SELECT annotation.*, coalesce(account.name, 'imported') AS author FROM annotation LEFT JOIN account ON account.id = annotation.account_id"
export const annotationById = (db: ReadDb, id: string): AnnotationRow | undefined => db.get<AnnotationRow>(`${ANNOTATION} WHERE annotation.id = ?`, id)
export const versionsOfTask = (db: ReadDb, taskId: string): AnnotationRow[] => db.all<AnnotationRow>(`${ANNOTATION} WHERE annotation.task_id = ? ORDER BY version DESC`, taskId)

export const journalOf = (db: ReadDb, taskId: string): { seq: number; entry: string }[] => db.all('SELECT seq, entry FROM annotation_journal WHERE task_id = ? ORDER BY seq', taskId)
export const lastSeq = (db: ReadDb, taskId: string): number => db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM annotation_journal WHERE task_id = ?', taskId)?.seq ?? 0

export const casesForAssignment = (db: ReadDb, cohort: string | null): { case_id: string }[] => db.all(`
  SELECT id AS case_id FROM study_case WHERE excluded_reason IS NULL AND (? IS NULL OR cohort = ?) AND EXISTS (SELECT 1 FROM image WHERE image.case_id = study_case.id) ORDER BY label`, cohort, cohort)
