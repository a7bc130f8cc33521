import { READING_AIDS, type ReadingAid } from '#shared/domain/index.ts'
import type { ReadDb } from '../connection.ts'
import { JOIN_CORRECTION, STANDING_SEGMENTATION, STANDING_SIGNATURES } from './standing.ts'

/** What was frozen for a case, before the listed columns are chosen. `source`: the rows of the model that it came from, as JSON, for the audit alone. */
export interface AidRow { case_id: string; mask: string | null; signature: number | null; risk: number | null; risk_lower: number | null; risk_upper: number | null; cam: string | null; cam_box: string | null; frame: number | null; source: string }

const COLUMNS: Readonly<Record<ReadingAid, string>> = { contour: 'mask', signature: 'signature', risk: 'risk, risk_lower, risk_upper', gradcam: 'cam, cam_box' }

/** The aids of a case that a protocol lists: only their columns are selected. Undefined where nothing was frozen for it. */
export function aidsOfCase(db: ReadDb, protocolId: string, caseId: string, listed: readonly ReadingAid[]): Partial<AidRow> | undefined {
  const columns = READING_AIDS.filter((aid) => listed.includes(aid)).map((aid) => COLUMNS[aid])
  return db.get<Partial<AidRow>>(`SELECT ${['reading_aid.case_id', 'reading_aid.frame', ...columns].join(', ')} FROM reading_aid JOIN reading_aid_set ON reading_aid_set.id = set_id WHERE protocol_id = ? AND reading_aid.case_id = ?`, protocolId, caseId)
}
export const aidSetOf = (db: ReadDb, protocolId: string): { id: string } | undefined => db.get('SELECT id FROM reading_aid_set WHERE protocol_id = ?', protocolId)

/** The clinical factors that a protocol lists, of one case; the outcome has a column of its own that is not named here. */
export const factorsOfCase = (db: ReadDb, caseId: string, names: readonly string[]): { name: string; value: string }[] => names.length === 0 ? [] : db.all(`
  SELECT json_each.key AS name, json_each.value AS value FROM case_clinical, json_each(case_clinical.variables) WHERE case_id = ? AND json_each.key IN (SELECT value FROM json_each(?))`, caseId, JSON.stringify(names))

/** The outcome of a training case of a session, for its feedback; of no other case. */
export const trainingOutcome = (db: ReadDb, sessionId: string, position: number): 0 | 1 | null => db.get<{ outcome: 0 | 1 | null }>(`
  SELECT outcome FROM case_clinical JOIN reading_order ON reading_order.case_id = case_clinical.case_id WHERE session_id = ? AND position = ? AND training = 1`, sessionId, position)?.outcome ?? null

/** The model's output of one image (of its key frame): the mask that its signature was computed on, the signature, the Grad-CAM map. */
export interface ModelOutput { mask: string | null; signature: number | null; signature_id: string | null; segmentation_id: string | null; cam: string | null; box: string | null; frame: number }
export const modelOutput = (db: ReadDb, imageId: string, signatureModel: string | null): ModelOutput => db.get<ModelOutput>(`
  SELECT coalesce(annotation.mask, segmentation_mask.mask) AS mask, signed.probability AS signature, signed.id AS signature_id, signed.segmentation_id, signed.cam, signed.box, coalesce(annotation.frame, segmentation.frame, 0) AS frame
  FROM ${STANDING_SIGNATURES} signed LEFT JOIN annotation ON annotation.id = signed.annotation_id LEFT JOIN segmentation ON segmentation.id = signed.segmentation_id LEFT JOIN segmentation_mask ON segmentation_mask.segmentation_id = signed.segmentation_id AND segmentation_mask.model = 'fusion'
  WHERE nth = 1 AND signed.image_id = ? AND signed.model = ?`, imageId, signatureModel)
  ?? db.get<ModelOutput>(`
  SELECT coalesce(corrected.mask, segmentation_mask.mask) AS mask, NULL AS signature, NULL AS signature_id, newest.id AS segmentation_id, NULL AS cam, NULL AS box, coalesce(corrected.frame, newest.frame) AS frame
  FROM image JOIN segmentation newest ON newest.id = ${STANDING_SEGMENTATION} JOIN segmentation_mask ON segmentation_mask.segmentation_id = newest.id AND segmentation_mask.model = 'fusion'
    ${JOIN_CORRECTION}
  WHERE image.id = ? AND (newest.state = 'found' OR corrected.id IS NOT NULL)`, imageId)
  ?? { mask: null, signature: null, signature_id: null, segmentation_id: null, cam: null, box: null, frame: 0 }

/** What was frozen for a protocol: on which day, for how many cases, how many of them have each aid, and of how many the rows say that no model made it. */
export interface FrozenAids { created_at: string; cases: number; contour: number; signature: number; risk: number; gradcam: number; simulated: number }
export const frozenAids = (db: ReadDb, protocolId: string): FrozenAids | undefined => db.get<FrozenAids>(`
  SELECT reading_aid_set.created_at, count(case_id) AS cases, count(mask) AS contour, count(signature) AS signature, count(risk) AS risk, count(cam) AS gradcam, coalesce(sum(json_extract(source, '$.simulated') = 1), 0) AS simulated
  FROM reading_aid_set LEFT JOIN reading_aid ON set_id = reading_aid_set.id WHERE protocol_id = ? GROUP BY reading_aid_set.id`, protocolId)

/** The model files that the frozen aids of a protocol name, for how many cases each; `corrected`: on how many of them the mask was one that a person had corrected. */
export interface AidModel { kind: 'segmentation' | 'signature' | 'combined'; model: string; sha256: string; cases: number; corrected: number }
export const aidModels = (db: ReadDb, protocolId: string): AidModel[] => db.all<AidModel>(`
  WITH aid AS (SELECT json_extract(source, '$.segmentation') AS segmentation, json_extract(source, '$.signature') AS signed, json_extract(source, '$.combined') AS combined FROM reading_aid JOIN reading_aid_set ON reading_aid_set.id = set_id WHERE protocol_id = ?)
  SELECT 'segmentation' AS kind, model, model_sha256 AS sha256, count(*) AS cases, 0 AS corrected FROM aid JOIN segmentation_mask ON segmentation_id = segmentation
    WHERE NOT EXISTS (SELECT 1 FROM signature WHERE signature.id = signed AND annotation_id IS NOT NULL) GROUP BY 2, 3
  UNION ALL SELECT 'signature', model, model_sha256, count(*), count(annotation_id) FROM aid JOIN signature ON signature.id = signed GROUP BY 2, 3
  UNION ALL SELECT 'combined', coalesce((SELECT name || ' v' || version FROM combined_model WHERE sha256 = combined ORDER BY frozen_at DESC LIMIT 1), 'combined model'), combined, count(*), 0 FROM aid WHERE combined IS NOT NULL GROUP BY combined
  ORDER BY 1 DESC, 4 DESC, 2`, protocolId)

/** Protocols with unaided and aided parts whose frozen aids no model made, by name. */
export const simulatedAidProtocols = (db: ReadDb): string[] => db.all<{ name: string }>(`
  SELECT protocol.name FROM protocol WHERE coalesce(json_extract(document, '$.modality'), 'unaided') NOT IN ('unaided', 'aided')
    AND EXISTS (SELECT 1 FROM reading_aid_set JOIN reading_aid ON set_id = reading_aid_set.id WHERE protocol_id = protocol.id AND json_extract(source, '$.simulated') = 1) ORDER BY protocol.name`).map((r) => r.name)
