import type { ReadDb } from '../connection.ts'
import { referenceOf } from './inference.ts'
import { NEWEST_REVIEW, STANDING_SEGMENTATION, STANDING_IMAGE } from './standing.ts'

export interface ReviewRow {
  id: string; case_id: string; segmentation_id: string; account_id: string; reviewer: string; decision: 'accepted' | 'corrected' | 'rejected'; reason: string | null; difficulty: 'easy' | 'medium' | 'hard' | null; comment: string; seconds: number;
  annotation_id: string | null; dice_to_fused: number | null; hd95_to_fused: number | null; created_at: string; mask: string | null
  /** the review of another person that this one settled, how it stood to it, and who had made it */
  settles: string | null; agrees: 0 | 1 | null; between_dice: number | null; between_hd95: number | null; settled_reviewer: string | null
}
const SELECT = `SELECT review.*, account.name AS reviewer, annotation.mask, adjudication.settles, adjudication.agrees, adjudication.dice AS between_dice, adjudication.hd95 AS between_hd95, other.name AS settled_reviewer
  FROM review JOIN account ON account.id = review.account_id LEFT JOIN annotation ON annotation.id = review.annotation_id LEFT JOIN adjudication ON adjudication.review_id = review.id
    LEFT JOIN review settled ON settled.id = adjudication.settles LEFT JOIN account other ON other.id = settled.account_id`

export const reviewsOf = (db: ReadDb, segmentationId: string): ReviewRow[] => db.all<ReviewRow>(`${SELECT} WHERE review.segmentation_id = ? ORDER BY review.created_at DESC, review.id DESC`, segmentationId)
export const newestReview = (db: ReadDb, segmentationId: string): ReviewRow | undefined => db.get<ReviewRow>(`${SELECT} WHERE review.segmentation_id = ? ORDER BY review.created_at DESC, review.id DESC LIMIT 1`, segmentationId)

/** The question to a second reviewer that the newest review still stands under. */
export const openQuestion = (db: ReadDb, segmentationId: string): { id: string; question: string; asked_by: string; account_id: string; created_at: string } | undefined => db.get(`
  SELECT review_question.id, question, account.name AS asked_by, review_question.account_id, review_question.created_at FROM review_question JOIN account ON account.id = review_question.account_id
  WHERE review_id = (SELECT id FROM review WHERE segmentation_id = ? ORDER BY created_at DESC, id DESC LIMIT 1) ORDER BY review_question.created_at DESC LIMIT 1`, segmentationId)

export interface QueueRow {
  case_id: string; label: string; cohort: string | null; image_id: string; object: string; width: number; height: number; segmentation_id: string; state: 'found' | 'empty'; disagreement: number; uncertainty: number; components: number; touches_border: number; area_px: number; decision: 'accepted' | 'corrected' | 'rejected' | null; frame: number
  /** the ground truth of the image, and its frame */
  truth_id: string | null; truth_mask: string | null; truth_frame: number | null
  /** the fused mask, and the corrected one where the newest review has one */
  mask: string; corrected: string | null
  /** a second reviewer is asked, or has settled the newest review */
  second: 'none' | 'asked' | 'settled'
}
/** Every segmented case by its standing image, with what decides whether it needs eyes. */
export const reviewQueue = (db: ReadDb): QueueRow[] => db.all<QueueRow>(`
  SELECT study_case.id AS case_id, label, cohort, image.id AS image_id, coalesce((SELECT f.object FROM image_frame f WHERE f.image_id = image.id AND f.frame = newest.frame), image.object) AS object, image.width, image.height, newest.id AS segmentation_id, newest.state, newest.disagreement, newest.uncertainty, newest.components, newest.touches_border,
    segmentation_mask.area_px, segmentation_mask.mask, annotation.mask AS corrected, reviewed.decision, newest.frame, truth.id AS truth_id, truth.mask AS truth_mask, truth.frame AS truth_frame,
    CASE WHEN EXISTS (SELECT 1 FROM review_question WHERE segmentation_id = newest.id AND review_id = reviewed.id) THEN 'asked' WHEN EXISTS (SELECT 1 FROM adjudication WHERE review_id = reviewed.id) THEN 'settled' ELSE 'none' END AS second
  FROM study_case JOIN image ON image.id = ${STANDING_IMAGE} JOIN segmentation newest ON newest.id = ${STANDING_SEGMENTATION}
    JOIN segmentation_mask ON segmentation_mask.segmentation_id = newest.id AND segmentation_mask.model = 'fusion'
    LEFT JOIN review reviewed ON reviewed.id = ${NEWEST_REVIEW} LEFT JOIN annotation ON annotation.id = reviewed.annotation_id LEFT JOIN annotation truth ON truth.id = ${referenceOf('image.id')}
  WHERE excluded_reason IS NULL`)
