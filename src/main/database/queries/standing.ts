import { KEY_FRAME } from './cine.ts'

/**
 * What stands for a case, as subqueries that an index answers row by row. Window functions over whole tables gave the same rows, but SQLite joins
 * their results without an index on the key: at 10,000 cases the review queue took minutes.
 */

/** The id of the image that stands for `study_case`: the newest choice, else its first image. */
export const STANDING_IMAGE = `coalesce((SELECT c.image_id FROM representative_choice c WHERE c.case_id = study_case.id ORDER BY c.created_at DESC, c.id DESC LIMIT 1), (SELECT i.id FROM image i WHERE i.case_id = study_case.id ORDER BY i.ordinal LIMIT 1))`
const setInUse = (role: 'segmentation' | 'signature'): string => `(SELECT json_extract(m.value, '$.${role}') FROM meta m WHERE m.key = 'models_in_use')`
/** What comes first of an image's segmentations `s`: those of the set in use, then the newest. An image that the present set has not seen keeps the mask it had. */
const PREFERRED = `s.model_set IS ${setInUse('segmentation')} DESC, s.created_at DESC, s.id DESC`
/** The id of the segmentation that stands for the key frame of `image`: what was made of another frame stays stored and stands for nothing. */
export const STANDING_SEGMENTATION = `(SELECT s.id FROM segmentation s WHERE s.image_id = image.id AND s.frame = ${KEY_FRAME} ORDER BY ${PREFERRED} LIMIT 1)`
/** The id of the newest review of the segmentation called `newest`. */
export const NEWEST_REVIEW = '(SELECT r.id FROM review r WHERE r.segmentation_id = newest.id ORDER BY r.created_at DESC, r.id DESC LIMIT 1)'

/** Joins the newest review of `newest`, and the annotation `corrected` where that review is a correction. */
export const JOIN_CORRECTION = `LEFT JOIN review reviewed ON reviewed.id = ${NEWEST_REVIEW} LEFT JOIN annotation corrected ON reviewed.decision = 'corrected' AND corrected.id = reviewed.annotation_id`

/** The set whose signatures count: the one in use; in a study of before sets were recorded, the one that made the newest signature. Null before the first. */
export const SIGNATURE_SET = `coalesce(${setInUse('signature')}, (SELECT g.model_set FROM signature g ORDER BY g.created_at DESC, g.id DESC LIMIT 1))`
/**
 * The signatures that stand, one row an image and network: of the set in use, on the mask that stands. That is the corrected mask where the newest
 * review of the standing segmentation is a correction, else the automatic one. Columns of `signature`; a case, an image or a network
 * that a query asks for outside is looked up inside by its index, since rows are numbered within them.
 */
export const STANDING_SIGNATURES = `(
  SELECT signature.*, row_number() OVER (PARTITION BY signature.case_id, signature.image_id, signature.model ORDER BY signature.created_at DESC, signature.id DESC) AS nth
  FROM image JOIN segmentation newest ON newest.id = ${STANDING_SEGMENTATION} LEFT JOIN review reviewed ON reviewed.id = ${NEWEST_REVIEW} JOIN signature ON signature.image_id = image.id
  WHERE signature.model_set = ${SIGNATURE_SET}
    AND CASE WHEN reviewed.decision = 'corrected' THEN signature.annotation_id = reviewed.annotation_id ELSE signature.segmentation_id = newest.id AND signature.annotation_id IS NULL END)`
