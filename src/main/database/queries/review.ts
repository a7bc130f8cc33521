import type { ReadDb } from '../connection.ts'

export interface ReviewRow {
  id: string; case_id: string; segmentation_id: string; account_id: string; reviewer: string; decision: 'accepted' | 'corrected' | 'rejected'; reason: string | null; difficulty: 'easy' | 'medium' | 'hard' | null; comment: string; seconds: number;
  annotation_id: string | null; dice_to_fused: number | null; hd95_to_fused: number | null; created_at: string; mask: string | null
}
const SELECT = 'SELECT review.*, account.name AS reviewer, annotation.mask FROM review JOIN account ON account.id = review.account_id LEFT JOIN annotation ON annotation.id = review.annotation_id'

export const reviewsOf = (db: ReadDb, segmentationId: string): ReviewRow[] => db.all<ReviewRow>(`${SELECT} WHERE segmentation_id = ? ORDER BY review.created_at DESC, review.id DESC`, segmentationId)
export const newestReview = (db: ReadDb, segmentationId: string): ReviewRow | undefined => db.get<ReviewRow>(`${SELECT} WHERE segmentation_id = ? ORDER BY review.created_at DESC, review.id DESC LIMIT 1`, segmentationId)

export interface QueueRow {
  case_id: string; label: string; cohort: string | null; image_id: string; object: string; width: number; height: number; segmentation_id: string; state: 'found' | 'empty'; disagreement: number; uncertainty: number; components: number; touches_border: number; area_px: number; decision: 'accepted' | 'corrected' | 'rejected' | null; dice: number | null
  /** the fused mask, and the corrected one where the newest review has one */
  mask: string; corrected: string | null
}
/** Every segmented case by its standing image, with what decides whether it needs eyes. */
export const reviewQueue = (db: ReadDb): QueueRow[] => db.all<QueueRow>(`
  WITH chosen AS (SELECT case_id, image_id, row_number() OVER (PARTITION BY case_id ORDER BY created_at DESC, id DESC) AS n FROM representative_choice),
    first AS (SELECT case_id, id AS image_id, row_number() OVER (PARTITION BY case_id ORDER BY ordinal) AS n FROM image),
    newest AS (SELECT *, row_number() OVER (PARTITION BY image_id ORDER BY created_at DESC, id DESC) AS n FROM segmentation),
    reviewed AS (SELECT segmentation_id, decision, annotation_id, row_number() OVER (PARTITION BY segmentation_id ORDER BY created_at DESC, id DESC) AS n FROM review),
    measured AS (SELECT segmentation_id, max(dice) AS dice FROM mask_metric WHERE model = 'fusion' GROUP BY segmentation_id)
  SELECT study_case.id AS case_id, label, cohort, image.id AS image_id, image.object, image.width, image.height, newest.id AS segmentation_id, newest.state, newest.disagreement, newest.uncertainty, newest.components, newest.touches_border,
    segmentation_mask.area_px, segmentation_mask.mask, annotation.mask AS corrected, reviewed.decision, measured.dice
  FROM study_case JOIN first ON first.case_id = study_case.id AND first.n = 1 LEFT JOIN chosen ON chosen.case_id = study_case.id AND chosen.n = 1 JOIN image ON image.id = coalesce(chosen.image_id, first.image_id)
    JOIN newest ON newest.image_id = image.id AND newest.n = 1 JOIN segmentation_mask ON segmentation_mask.segmentation_id = newest.id AND segmentation_mask.model = 'fusion'
    LEFT JOIN reviewed ON reviewed.segmentation_id = newest.id AND reviewed.n = 1 LEFT JOIN annotation ON annotation.id = reviewed.annotation_id LEFT JOIN measured ON measured.segmentation_id = newest.id
  WHERE excluded_reason IS NULL`)
