import type { SegmentationModel } from '#shared/domain/index.ts'
import type { ReadDb, WriteDb } from '../connection.ts'
import { KEY_FRAME, SIGNS_KEY_FRAME } from './cine.ts'
import { JOIN_CORRECTION, STANDING_SEGMENTATION, STANDING_IMAGE, STANDING_SIGNATURES } from './standing.ts'
import { seenBy } from './shown.ts'

export interface PendingImage { image_id: string; case_id: string; label: string; object: string; frame: number; width: number; height: number; cohort: string | null }

/** The picture of an image's frame. */
const frameObject = (frame: string): string => `coalesce((SELECT f.object FROM image_frame f WHERE f.image_id = image.id AND f.frame = ${frame}), image.object)`

/** Which images are meant; null: all. */
export interface ImageScope { readonly cohort: string | null; readonly caseId: string | null }
const IN_SCOPE = '(? IS NULL OR cohort = ?) AND (? IS NULL OR study_case.id = ?)'
const scoped = ({ cohort, caseId }: ImageScope): (string | null)[] => [cohort, cohort, caseId, caseId]

/** Included images whose key frame the present model set has not segmented, in worklist order. */
export const pendingImages = (db: ReadDb, modelSet: string, scope: ImageScope): PendingImage[] => db.all<PendingImage>(`
  SELECT image.id AS image_id, case_id, label, ${frameObject(KEY_FRAME)} AS object, ${KEY_FRAME} AS frame, width, height, cohort FROM image JOIN study_case ON study_case.id = image.case_id
  WHERE excluded_reason IS NULL AND ${IN_SCOPE} AND NOT EXISTS (SELECT 1 FROM segmentation WHERE segmentation.image_id = image.id AND model_set = ? AND segmentation.frame = ${KEY_FRAME})
  ORDER BY label, ordinal`, ...scoped(scope), modelSet)
export const includedImages = (db: ReadDb, scope: ImageScope): number => db.get<{ n: number }>(`
  SELECT count(*) AS n FROM image JOIN study_case ON study_case.id = image.case_id WHERE excluded_reason IS NULL AND ${IN_SCOPE}`, ...scoped(scope))?.n ?? 0

/** What a signature set still has to classify: a picture's frame with the mask that its values belong to. */
export interface UnsignedMask { readonly segmentation_id: string | null; readonly annotation_id: string | null; readonly image_id: string; readonly case_id: string; readonly label: string; readonly object: string; readonly mask: string }
/** Masks that stand, automatic ones and corrected ones, of which this signature set has no values. A corrected mask without area has none to give. */
export const unsignedMasks = (db: ReadDb, signatureSet: string, scope: ImageScope): UnsignedMask[] => db.all<UnsignedMask>(`
  SELECT CASE WHEN corrected.id IS NULL THEN newest.id END AS segmentation_id, corrected.id AS annotation_id, image.id AS image_id, image.case_id, label, ${frameObject('coalesce(corrected.frame, newest.frame)')} AS object, coalesce(corrected.mask, segmentation_mask.mask) AS mask
  FROM image JOIN study_case ON study_case.id = image.case_id JOIN segmentation newest ON newest.id = ${STANDING_SEGMENTATION}
    JOIN segmentation_mask ON segmentation_mask.segmentation_id = newest.id AND segmentation_mask.model = 'fusion'
    ${JOIN_CORRECTION}
  WHERE excluded_reason IS NULL AND ${IN_SCOPE} AND CASE WHEN corrected.id IS NULL THEN newest.state = 'found' ELSE corrected.area_px > 0 END
    AND NOT EXISTS (SELECT 1 FROM signature WHERE signature.image_id = image.id AND signature.model_set = ? AND CASE WHEN corrected.id IS NULL THEN signature.segmentation_id = newest.id AND signature.annotation_id IS NULL ELSE signature.annotation_id = corrected.id END)
  ORDER BY label, ordinal`, ...scoped(scope), signatureSet)

export interface SegmentationRow {
  id: string; case_id: string; image_id: string; frame: number; model_set: string; state: 'found' | 'empty'; provider: string; provider_note: string; milliseconds: number; disagreement: number; uncertainty: number; components: number; touches_border: number; created_at: string
}
/** The segmentation that stands for an image: of its key frame, by the set in use, else the newest; none while the key frame was not segmented. */
export const standingSegmentation = (db: ReadDb, imageId: string): SegmentationRow | undefined =>
  db.get<SegmentationRow>(`SELECT newest.* FROM image JOIN segmentation newest ON newest.id = ${STANDING_SEGMENTATION} WHERE image.id = ?`, imageId)
export const segmentationById = (db: ReadDb, id: string): SegmentationRow | undefined => db.get<SegmentationRow>('SELECT * FROM segmentation WHERE id = ?', id)

export interface MaskRow { segmentation_id: string; model: SegmentationModel; model_sha256: string; mask: string; map: string; area_px: number }
export const masksOfSegmentation = (db: ReadDb, id: string): MaskRow[] =>
  db.all<MaskRow>("SELECT * FROM segmentation_mask WHERE segmentation_id = ? ORDER BY CASE model WHEN 'deeplabv3' THEN 0 WHEN 'unet' THEN 1 WHEN 'unetpp' THEN 2 ELSE 3 END", id)

/** The id of the ground truth of the image `imageId`: a consensus, else what was imported, else the first drawing round, what was drawn blind before the rest; never a corrected automatic mask. */
export const referenceOf = (imageId: string): string => `(SELECT truth.id FROM annotation truth LEFT JOIN annotation_task task ON task.id = truth.task_id WHERE truth.image_id = ${imageId} AND truth.purpose IN ('consensus','imported','drawn')
  ORDER BY CASE truth.purpose WHEN 'consensus' THEN 0 WHEN 'imported' THEN 1 ELSE 2 END, ${seenBy('truth')} IS NOT NULL, coalesce(task.round, 1), truth.created_at DESC, truth.version DESC LIMIT 1)`
/** The ground truth of an image, by the rule of `referenceOf`. */
export const referenceAnnotation = (db: ReadDb, imageId: string): { id: string; mask: string; frame: number } | undefined => db.get(`SELECT id, mask, frame FROM annotation WHERE id = ${referenceOf('?')}`, imageId)

export interface MetricRow { dice: number | null; iou: number | null; precision: number | null; recall: number | null }
export const storedMetric = (db: ReadDb, segmentationId: string, model: string, annotationId: string): MetricRow | undefined =>
  db.get<MetricRow>('SELECT dice, iou, precision, recall FROM mask_metric WHERE segmentation_id = ? AND model = ? AND annotation_id = ?', segmentationId, model, annotationId)
export function storeMetric(tx: WriteDb, segmentationId: string, model: string, annotationId: string, m: MetricRow): void {
  tx.run('INSERT OR REPLACE INTO mask_metric (segmentation_id, model, annotation_id, dice, iou, precision, recall) VALUES (?, ?, ?, ?, ?, ?, ?)', segmentationId, model, annotationId, m.dice, m.iou, m.precision, m.recall)
}

export interface SignatureRow {
  id: string; case_id: string; image_id: string; segmentation_id: string | null; annotation_id: string | null; mask_kind: 'automatic' | 'corrected'; model_set: string; model: string; model_sha256: string; is_signature: number; probability: number; cam: string; box: string; provider: string; provider_note: string | null; created_at: string
}
/** Of the image's key frame, the newest first. */
export const signaturesOfImage = (db: ReadDb, imageId: string): SignatureRow[] => db.all<SignatureRow>(`SELECT * FROM signature WHERE image_id = ? AND ${SIGNS_KEY_FRAME} ORDER BY created_at DESC, model`, imageId)

/** Every case's representative image with what the model made of it, in one query: the base of queue, worklist and analysis. */
export interface CaseModelRow {
  case_id: string; label: string; cohort: string | null; patient_id: string; hospital: string | null; outcome: 0 | 1 | null; variables: string; image_id: string; object: string; segmentation_id: string | null; state: 'found' | 'empty' | null
  /** the frame of a cine that the segmentation is of; 0 of a still */
  frame: number | null
}
export const caseModelRows = (db: ReadDb): CaseModelRow[] => db.all<CaseModelRow>(`
  SELECT study_case.id AS case_id, label, cohort, patient_id, hospital, outcome, variables, image.id AS image_id, ${frameObject(KEY_FRAME)} AS object, newest.id AS segmentation_id, newest.state, newest.frame
  FROM study_case JOIN case_clinical ON case_clinical.case_id = study_case.id JOIN image ON image.id = ${STANDING_IMAGE} LEFT JOIN segmentation newest ON newest.id = ${STANDING_SEGMENTATION}
  WHERE excluded_reason IS NULL ORDER BY label`)

/** The signatures that stand of every image, or of those of one case, one a network: of the set in use, on the corrected mask where there is one, else on the automatic one. */
export const currentSignatures = (db: ReadDb, caseId: string | null = null): { image_id: string; probability: number; mask_kind: string; model: string; id: string; segmentation_id: string | null }[] =>
  db.all(`SELECT image_id, probability, mask_kind, model, id, segmentation_id FROM ${STANDING_SIGNATURES} WHERE nth = 1 ${caseId === null ? '' : 'AND case_id = ?'}`, ...(caseId === null ? [] : [caseId]))
/** The ids of the signatures that stand for one image. */
export const standingSignatureIds = (db: ReadDb, imageId: string): ReadonlySet<string> =>
  new Set(db.all<{ id: string }>(`SELECT id FROM ${STANDING_SIGNATURES} WHERE nth = 1 AND image_id = ?`, imageId).map((r) => r.id))

/** First readings that an investigator may see: of complete sessions and of closed protocols; of one case or of all. */
export interface UnblindedReading { case_id: string; reader: string; seniority: string | null; call: 'positive' | 'negative'; rating: number; scale: string; protocol: string }
export const unblindedReadings = (db: ReadDb, caseId: string | null): UnblindedReading[] => db.all<UnblindedReading>(`
  WITH open_session AS (
    SELECT reading_session.id FROM reading_session JOIN protocol ON protocol.id = reading_session.protocol_id JOIN reading_progress ON reading_progress.session_id = reading_session.id WHERE reading_session.ordinal = 1
      AND (protocol.state = 'closed' OR reading_progress.total = reading_progress.done))
  SELECT reading_order.case_id, account.name AS reader, account.seniority, reading.call, reading.rating, json_extract(protocol.document, '$.scale') AS scale, protocol.name AS protocol
  FROM open_session JOIN reading_session ON reading_session.id = open_session.id JOIN reading ON reading.session_id = reading_session.id
    JOIN reading_order ON reading_order.session_id = reading.session_id AND reading_order.position = reading.position
    JOIN protocol ON protocol.id = reading_session.protocol_id JOIN account ON account.id = reading_session.account_id
  WHERE reading_order.training IS NULL AND coalesce(reading.modality, 'unaided') = CASE coalesce(reading_session.modality, 'unaided') WHEN 'aided' THEN 'aided' ELSE 'unaided' END AND (? IS NULL OR reading_order.case_id = ?)
  ORDER BY protocol.name, account.seniority DESC, account.login`, caseId, caseId)

/** The model files behind stored results, by role, with the number of images each has a result of. */
export const modelsUsed = (db: ReadDb): { role: string; model: string; sha256: string; images: number }[] => db.all(`
  SELECT CASE model WHEN 'fusion' THEN 'fusion' ELSE 'segmentation' END AS role, model, model_sha256 AS sha256, count(DISTINCT segmentation.image_id) AS images FROM segmentation_mask JOIN segmentation ON segmentation.id = segmentation_mask.segmentation_id GROUP BY model, model_sha256
  UNION ALL SELECT 'signature', model, model_sha256, count(DISTINCT image_id) FROM signature GROUP BY model, model_sha256 ORDER BY 1 DESC, 2`)
