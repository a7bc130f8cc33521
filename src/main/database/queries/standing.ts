import { KEY_FRAME } from './cine.ts'

/**
 * What stands for a case, as subqueries that an index answers row by row. Window functions over whole tables gave the same rows, but SQLite joins
 * their results without an index on the key: at 10,000 cases the review queue took minutes.
 */

/** The id of the image that stands for `study_case`: the newest choice, else its first image. */
export const STANDING_IMAGE = `coalesce((SELECT c.image_id FROM representative_choice c WHERE c.case_id = study_case.id ORDER BY c.created_at DESC, c.id DESC LIMIT 1), (SELECT i.id FROM image i WHERE i.case_id = study_case.id ORDER BY i.ordinal LIMIT 1))`
/** The id of the newest segmentation of the key frame of `image`: what was made of another frame stays stored and stands for nothing. */
export const NEWEST_SEGMENTATION = `(SELECT s.id FROM segmentation s WHERE s.image_id = image.id AND s.frame = ${KEY_FRAME} ORDER BY s.created_at DESC, s.id DESC LIMIT 1)`
/** The id of the newest review of the segmentation called `newest`. */
export const NEWEST_REVIEW = '(SELECT r.id FROM review r WHERE r.segmentation_id = newest.id ORDER BY r.created_at DESC, r.id DESC LIMIT 1)'
