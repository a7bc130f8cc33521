import type { ReadDb } from '../connection.ts'
import { STANDING_SEGMENTATION } from './standing.ts'

/** A contour that a task has shown. `series`: drawings of one other task in their order, empty for the model; `start`: the drawing began with it. */
export interface ShownRow { id: string; task_id: string; what: 'model' | 'other'; source: string; series: string; frame: number; mask: string; start: 0 | 1 }
/** In the order in which they were first shown. */
export const shownInTask = (db: ReadDb, taskId: string): ShownRow[] => db.all<ShownRow>('SELECT id, task_id, what, source, series, frame, mask, start FROM annotation_shown WHERE task_id = ? ORDER BY rowid', taskId)

/**
 * Whether the person who has an account had one that sees everything (outcomes, the model's masks, everybody's contours) by a time: an investigator's, under whatever login, linked before or since.
 * Accounts never change their role. Both arguments are SQL.
 */
export const sawEverything = (accountId: string, at: string): string => `EXISTS (SELECT 1 FROM account self JOIN account other ON coalesce(other.person, other.id) = coalesce(self.person, self.id)
    WHERE self.id = ${accountId} AND other.role = 'investigator' AND other.created_at <= ${at})`
/**
 * What the author of a drawing had seen of it, null for blind: what is stored with the row, and what follows from the author's accounts, so that rows from before the latter was stored, and people whose
 * accounts were linked since, are told right. Rows of other kinds have what is stored. `a`: the name of the annotation in the query.
 */
export const seenBy = (a: string): string => `CASE WHEN ${a}.purpose = 'drawn' AND ${sawEverything(`${a}.account_id`, `${a}.created_at`)} THEN json_set(coalesce(${a}.shown, '{}'), '$.everything', json('true')) ELSE ${a}.shown END`

/** Every account of the person who has this one. */
const OWN = 'SELECT id FROM account WHERE coalesce(person, id) = (SELECT coalesce(person, id) FROM account WHERE id = ?)'

/** What a person was shown of a picture in any task, under any of their accounts. */
export const shownOfImage = (db: ReadDb, accountId: string, imageId: string): ShownRow[] => db.all<ShownRow>(`
  SELECT s.id, s.task_id, s.what, s.source, s.series, s.frame, s.mask, s.start FROM annotation_shown s JOIN annotation_task t ON t.id = s.task_id WHERE t.image_id = ? AND t.account_id IN (${OWN}) ORDER BY s.rowid`, imageId, accountId)

export interface ShowableMask { source: string; series: string; frame: number; mask: string }
/** The fused mask that stands for a picture (for a cine's key frame), where it has a lesion in it. */
export const showableModelMask = (db: ReadDb, imageId: string): ShowableMask | undefined => db.get<ShowableMask>(`
  SELECT newest.id AS source, '' AS series, newest.frame, segmentation_mask.mask FROM image JOIN segmentation newest ON newest.id = ${STANDING_SEGMENTATION}
    JOIN segmentation_mask ON segmentation_mask.segmentation_id = newest.id AND segmentation_mask.model = 'fusion' WHERE image.id = ? AND segmentation_mask.area_px > 0`, imageId)
/** The newest stored contour of every drawing task of this picture that belongs to another person. */
export const showableDrawings = (db: ReadDb, accountId: string, imageId: string): ShowableMask[] => db.all<ShowableMask>(`
  SELECT a.id AS source, a.task_id AS series, a.frame, a.mask FROM annotation a JOIN annotation_task t ON t.id = a.task_id
  WHERE a.image_id = ? AND a.purpose = 'drawn' AND a.area_px > 0 AND t.account_id NOT IN (${OWN}) AND a.version = (SELECT max(version) FROM annotation WHERE task_id = a.task_id) ORDER BY a.task_id`, imageId, accountId)

/** Tasks of an annotator that are to show the model's mask, of pictures that have no fused mask to show. */
export const tasksWithoutMask = (db: ReadDb, taskIds: readonly string[]): number => db.get<{ n: number }>(`
  SELECT count(*) AS n FROM annotation_task t JOIN image ON image.id = t.image_id WHERE t.id IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM segmentation_mask WHERE segmentation_mask.segmentation_id = ${STANDING_SEGMENTATION} AND model = 'fusion' AND area_px > 0)`, JSON.stringify(taskIds))?.n ?? 0
