import type { ReadDb } from '../connection.ts'
import { sawEverything, seenBy } from './shown.ts'

export interface TaskRow {
  id: string; number: number; case_id: string; image_id: string; account_id: string; purpose: 'drawn' | 'correction'; round: number; segmentation_id: string | null; not_before: string | null; created_at: string; shows: string | null
  object: string; width: number; height: number; frames: number; calibration: string; flag: string | null; versions: number; updated_at: string | null; closed: 0 | 1
}
/** A task with its picture. `not_before`: when it opens, the person's last look at the case counted; `closed`: the same person is to draw it again and must not look at the first drawing meanwhile. Names no case label, patient, outcome, model or other person's contour. */
const TASK = `SELECT annotation_task.id, annotation_task.number, annotation_task.case_id, annotation_task.image_id, annotation_task.account_id, annotation_task.purpose, annotation_task.round, annotation_task.segmentation_id,
    (SELECT opens_on FROM annotation_opening WHERE task_id = annotation_task.id) AS not_before, annotation_task.created_at, annotation_task.shows, image.object, image.width, image.height, image.frames, image.calibration,
    (SELECT flag FROM annotation_flag WHERE task_id = annotation_task.id ORDER BY created_at DESC, rowid DESC LIMIT 1) AS flag,
    (SELECT count(*) FROM annotation WHERE task_id = annotation_task.id) AS versions,
    (SELECT max(created_at) FROM annotation_journal WHERE task_id = annotation_task.id) AS updated_at,
    EXISTS (SELECT 1 FROM annotation_task later WHERE later.account_id = annotation_task.account_id AND later.image_id = annotation_task.image_id AND annotation_task.purpose = 'drawn' AND later.purpose = 'drawn'
      AND later.round > annotation_task.round AND NOT EXISTS (SELECT 1 FROM annotation WHERE task_id = later.id)) AS closed
  FROM annotation_task JOIN image ON image.id = annotation_task.image_id`
export const tasksOf = (db: ReadDb, accountId: string): TaskRow[] => db.all<TaskRow>(`${TASK} WHERE annotation_task.account_id = ? AND purpose = 'drawn' ORDER BY annotation_task.round, annotation_task.number, image.ordinal`, accountId)
export const taskById = (db: ReadDb, id: string): TaskRow | undefined => db.get<TaskRow>(`${TASK} WHERE annotation_task.id = ?`, id)
export const correctionTask = (db: ReadDb, accountId: string, imageId: string, segmentationId: string): TaskRow | undefined =>
  db.get<TaskRow>(`${TASK} WHERE annotation_task.account_id = ? AND annotation_task.image_id = ? AND purpose = 'correction' AND annotation_task.segmentation_id = ?`, accountId, imageId, segmentationId)
export const nextTaskNumber = (db: ReadDb, accountId: string): number => db.get<{ n: number }>('SELECT coalesce(max(number), 0) + 1 AS n FROM annotation_task WHERE account_id = ?', accountId)?.n ?? 1
/** The number that a case has with an annotator in a round: its images share it. */
export const numberOfCase = (db: ReadDb, accountId: string, caseId: string, round: number): number | undefined => db.get<{ number: number }>("SELECT number FROM annotation_task WHERE account_id = ? AND case_id = ? AND purpose = 'drawn' AND round = ? LIMIT 1", accountId, caseId, round)?.number
export const hasTask = (db: ReadDb, accountId: string, imageId: string, round: number): boolean => db.get("SELECT id FROM annotation_task WHERE account_id = ? AND image_id = ? AND purpose = 'drawn' AND round = ?", accountId, imageId, round) !== undefined

export interface AnnotationRow { id: string; case_id: string; image_id: string; task_id: string | null; account_id: string | null; author: string; purpose: string; version: number; frame: number; document: string | null; mask: string; area_px: number; active_seconds: number; tools: string; app_version: string; derived_from: string | null; created_at: string; seq: number; shown: string | null }
const ROW = `annotation.id, annotation.case_id, annotation.image_id, annotation.task_id, annotation.account_id, coalesce(account.name, 'imported') AS author, annotation.purpose, annotation.version, annotation.frame, annotation.document, annotation.mask, annotation.area_px,
    annotation.active_seconds, annotation.tools, annotation.app_version, annotation.derived_from, annotation.created_at, ${seenBy('annotation')} AS shown`
/** `seq`: how far the task's journal had come; for versions that were stored before this was kept, by the time. */
const ANNOTATION = `SELECT ${ROW},
    coalesce((SELECT seq FROM annotation_seq WHERE annotation_id = annotation.id), (SELECT max(seq) FROM annotation_journal WHERE task_id = annotation.task_id AND annotation_journal.created_at <= annotation.created_at), 0) AS seq
  FROM annotation LEFT JOIN account ON account.id = annotation.account_id`
export const annotationById = (db: ReadDb, id: string): AnnotationRow | undefined => db.get<AnnotationRow>(`${ANNOTATION} WHERE annotation.id = ?`, id)
/** The ground truth of each frame of an image that has one, by the order of `referenceAnnotation`. */
export const referenceFrames = (db: ReadDb, imageId: string): AnnotationRow[] => db.all<AnnotationRow>(`
  SELECT * FROM (SELECT ${ROW}, row_number() OVER (PARTITION BY annotation.frame
      ORDER BY CASE annotation.purpose WHEN 'consensus' THEN 0 WHEN 'imported' THEN 1 ELSE 2 END, ${seenBy('annotation')} IS NOT NULL, coalesce(annotation_task.round, 1), annotation.created_at DESC, annotation.version DESC) AS place
    FROM annotation LEFT JOIN account ON account.id = annotation.account_id LEFT JOIN annotation_task ON annotation_task.id = annotation.task_id
    WHERE annotation.image_id = ? AND annotation.purpose IN ('consensus','imported','drawn')) WHERE place = 1 ORDER BY frame`, imageId)
export const versionsOfTask = (db: ReadDb, taskId: string): AnnotationRow[] => db.all<AnnotationRow>(`${ANNOTATION} WHERE annotation.task_id = ? ORDER BY version DESC`, taskId)

export const journalOf = (db: ReadDb, taskId: string): { seq: number; entry: string }[] => db.all('SELECT seq, entry FROM annotation_journal WHERE task_id = ? ORDER BY seq', taskId)
export const lastSeq = (db: ReadDb, taskId: string): number => db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM annotation_journal WHERE task_id = ?', taskId)?.seq ?? 0

export const casesForAssignment = (db: ReadDb, cohort: string | null): { case_id: string }[] => db.all(`
  SELECT id AS case_id FROM study_case WHERE excluded_reason IS NULL AND (? IS NULL OR cohort = ?) AND EXISTS (SELECT 1 FROM image WHERE image.case_id = study_case.id) ORDER BY label`, cohort, cohort)

/** The pictures of an image's frames in order. */
export const frameObjects = (db: ReadDb, imageId: string): string[] => db.all<{ object: string }>(`
  SELECT object, 0 AS frame FROM image WHERE id = ? UNION ALL SELECT object, frame FROM image_frame WHERE image_id = ? ORDER BY frame`, imageId, imageId).map((r) => r.object)

export interface RoundRow { account_id: string; login: string; name: string; role: string; disabled: number; round: number; total: number; drawn: number; flagged: number; begun: number; locked: number; opens_on: string | null; active_seconds: number; last_at: string | null; shown: number; everything: 0 | 1 }
/**
 * How far each annotator is in each round, annotators before investigators; who has no task is there with round 0. `shown`: tasks that show something, or whose annotator sees everything;
 * `everything`: what the person draws from now on is not blind, whatever the task shows.
 */
export const drawingRounds = (db: ReadDb, now: string): RoundRow[] => db.all<RoundRow>(`
  WITH t AS (SELECT id, account_id, round, shows, (SELECT opens_on FROM annotation_opening WHERE task_id = annotation_task.id) AS not_before, (SELECT count(*) FROM annotation WHERE task_id = annotation_task.id) AS versions, EXISTS (SELECT 1 FROM annotation_journal WHERE task_id = annotation_task.id) AS begun,
      (SELECT flag FROM annotation_flag WHERE task_id = annotation_task.id ORDER BY created_at DESC, rowid DESC LIMIT 1) AS flag, (SELECT coalesce(sum(active_seconds), 0) FROM annotation WHERE task_id = annotation_task.id) AS seconds,
      (SELECT max(created_at) FROM annotation WHERE task_id = annotation_task.id) AS last_at,
      ${sawEverything('annotation_task.account_id', 'coalesce((SELECT max(created_at) FROM annotation WHERE task_id = annotation_task.id), ?)')} AS everything
    FROM annotation_task WHERE purpose = 'drawn')
  SELECT account.id AS account_id, login, name, role, disabled, coalesce(t.round, 0) AS round, count(t.id) AS total, coalesce(sum(t.versions > 0), 0) AS drawn, coalesce(sum(t.flag IS NOT NULL), 0) AS flagged,
    coalesce(sum(t.versions = 0 AND t.begun), 0) AS begun, coalesce(sum(t.not_before > ?), 0) AS locked, max(CASE WHEN t.not_before > ? THEN t.not_before END) AS opens_on, coalesce(sum(t.seconds), 0) AS active_seconds, max(t.last_at) AS last_at, coalesce(sum(t.shows IS NOT NULL OR t.everything), 0) AS shown,
    ${sawEverything('account.id', '?')} AS everything
  FROM account LEFT JOIN t ON t.account_id = account.id WHERE role <> 'reader' OR t.id IS NOT NULL GROUP BY account.id, t.round ORDER BY role <> 'annotator', login, t.round`, now, now, now, now)

export interface FlagRow { id: string; task_id: string; case_id: string; label: string; annotator: string; round: number; flag: string; comment: string; created_at: string }
/** Flags that stand: the newest of each task, where it was not taken back. */
export const standingFlags = (db: ReadDb): FlagRow[] => db.all<FlagRow>(`
  SELECT f.id, f.task_id, t.case_id, study_case.label, account.name AS annotator, t.round, f.flag, f.comment, f.created_at FROM annotation_flag f JOIN annotation_task t ON t.id = f.task_id
    JOIN study_case ON study_case.id = t.case_id JOIN account ON account.id = t.account_id
  WHERE f.flag IS NOT NULL AND f.id = (SELECT id FROM annotation_flag WHERE task_id = f.task_id ORDER BY created_at DESC, rowid DESC LIMIT 1) ORDER BY f.created_at DESC`)
export const flagComment = (db: ReadDb, taskId: string): string => db.get<{ comment: string }>('SELECT comment FROM annotation_flag WHERE task_id = ? ORDER BY created_at DESC, rowid DESC LIMIT 1', taskId)?.comment ?? ''

export interface DrawingRow {
  id: string; case_id: string; image_id: string; label: string; cohort: string | null; account_id: string | null; name: string; login: string; round: number; frame: number; mask: string; area_px: number; width: number; height: number; calibration: string; object: string; ordinal: number; version: number; purpose: string; created_at: string; shown: string | null
}
const DRAWING = `SELECT a.id, a.case_id, a.image_id, study_case.label, study_case.cohort, a.account_id, coalesce(account.name, 'imported') AS name, coalesce(account.login, 'imported') AS login, coalesce(t.round, 1) AS round, a.frame, a.mask, a.area_px,
    image.width, image.height, image.calibration, image.object, image.ordinal, a.version, a.purpose, a.created_at, ${seenBy('a')} AS shown
  FROM annotation a LEFT JOIN annotation_task t ON t.id = a.task_id LEFT JOIN account ON account.id = a.account_id JOIN study_case ON study_case.id = a.case_id JOIN image ON image.id = a.image_id
  WHERE study_case.excluded_reason IS NULL AND (? IS NULL OR study_case.cohort = ?)`
/** The newest version of every drawing task. */
export const newestDrawings = (db: ReadDb, cohort: string | null): DrawingRow[] => db.all<DrawingRow>(`
  ${DRAWING} AND a.purpose = 'drawn' AND a.version = (SELECT max(version) FROM annotation WHERE task_id = a.task_id) ORDER BY study_case.label, account.login, t.round`, cohort, cohort)
/** The newest imported or consensus mask of every image. */
export const newestWithoutTask = (db: ReadDb, purpose: 'imported' | 'consensus', cohort: string | null): DrawingRow[] => db.all<DrawingRow>(`
  ${DRAWING} AND a.purpose = ? AND a.id = (SELECT id FROM annotation WHERE image_id = a.image_id AND purpose = a.purpose ORDER BY version DESC, created_at DESC LIMIT 1) ORDER BY study_case.label`, cohort, cohort, purpose)
/** The newest version of one frame. */
export const lastOfFrame = (db: ReadDb, imageId: string, purpose: string, frame: number): AnnotationRow | undefined =>
  db.get<AnnotationRow>(`${ANNOTATION} WHERE annotation.image_id = ? AND annotation.purpose = ? AND annotation.frame = ? ORDER BY version DESC LIMIT 1`, imageId, purpose, frame)
export const lastVersionOf = (db: ReadDb, imageId: string, purpose: string): AnnotationRow | undefined =>
  db.get<AnnotationRow>(`${ANNOTATION} WHERE annotation.image_id = ? AND annotation.purpose = ? ORDER BY version DESC LIMIT 1`, imageId, purpose)

export interface DrawnTask { task_id: string; case_id: string; image_id: string; cohort: string | null; drawn_at: string }
/** What an annotator has drawn in the first round, with when it was last touched. */
export const firstRoundDrawn = (db: ReadDb, accountId: string, cohort: string | null): DrawnTask[] => db.all<DrawnTask>(`
  SELECT t.id AS task_id, t.case_id, t.image_id, study_case.cohort, max(annotation.created_at) AS drawn_at FROM annotation_task t JOIN annotation ON annotation.task_id = t.id JOIN study_case ON study_case.id = t.case_id
  WHERE t.account_id = ? AND t.purpose = 'drawn' AND t.round = 1 AND excluded_reason IS NULL AND (? IS NULL OR study_case.cohort = ?) GROUP BY t.id ORDER BY t.image_id`, accountId, cohort, cohort)
/** When a person last had a case before their eyes, under any of their accounts: drawing, reading or reviewing it. What was drawn before looks were kept counts by its time. */
export const lastSeenAt = (db: ReadDb, accountId: string, caseId: string): string | null => db.get<{ at: string | null }>(`
  WITH own AS (SELECT id FROM account WHERE coalesce(person, id) = (SELECT coalesce(person, id) FROM account WHERE id = ?))
  SELECT max(at) AS at FROM (SELECT at FROM exposure WHERE case_id = ? AND account_id IN own UNION ALL SELECT created_at FROM annotation WHERE case_id = ? AND account_id IN own)`, accountId, caseId, caseId)?.at ?? null
export const lastRound = (db: ReadDb, accountId: string): number => db.get<{ n: number }>("SELECT coalesce(max(round), 0) AS n FROM annotation_task WHERE account_id = ? AND purpose = 'drawn'", accountId)?.n ?? 0

export interface ExportImage { case_id: string; image_id: string; label: string; cohort: string | null; ordinal: number; images: number; object: string; width: number; height: number; frames: number; calibration: string; source_name: string }
/** Every included image, with how many its case has. */
export const imagesForExchange = (db: ReadDb, cohort: string | null): ExportImage[] => db.all<ExportImage>(`
  SELECT study_case.id AS case_id, image.id AS image_id, label, cohort, ordinal, (SELECT count(*) FROM image i WHERE i.case_id = study_case.id) AS images, object, width, height, frames, calibration, source_name
  FROM image JOIN study_case ON study_case.id = image.case_id WHERE excluded_reason IS NULL AND (? IS NULL OR cohort = ?) ORDER BY label, ordinal`, cohort, cohort)
