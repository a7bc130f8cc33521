import type { ReadDb, WriteDb } from '../connection.ts'

export interface TechniqueRow { readonly id: string; readonly frame_time_ms: number | null; readonly manufacturer: string | null; readonly model: string | null; readonly original: string | null; readonly redaction: string; readonly origin: string }
/** How a picture was made; pictures of before this was stored have none. */
export const techniqueOf = (db: ReadDb, imageId: string): TechniqueRow | undefined => db.get<TechniqueRow>('SELECT * FROM image_technique WHERE id = ?', imageId)

/** Milliseconds from one frame to the next; null where the file did not say. Names nothing but time, so a reader's or annotator's call may ask it. */
export const frameTimeOf = (db: ReadDb, imageId: string): number | null => db.get<{ t: number | null }>('SELECT frame_time_ms AS t FROM image_technique WHERE id = ?', imageId)?.t ?? null

/** The mask's area in each frame that one model set has seen. */
export const frameAreas = (db: ReadDb, imageId: string, modelSet: string): { frame: number; area_px: number; provider: string }[] => db.all('SELECT frame, area_px, provider FROM frame_area WHERE image_id = ? AND model_set = ? ORDER BY frame', imageId, modelSet)
export function storeFrameArea(tx: WriteDb, row: { image_id: string; frame: number; model_set: string; area_px: number; provider: string }): void {
  tx.run('INSERT OR REPLACE INTO frame_area (image_id, frame, model_set, area_px, provider) VALUES (?, ?, ?, ?, ?)', row.image_id, row.frame, row.model_set, row.area_px, row.provider)
}

export interface KeyFrameRow { readonly id: string; readonly image_id: string; readonly frame: number; readonly rule: 'largest cross-section' | 'chosen by a person'; readonly suggested: number | null; readonly chooser: string; readonly created_at: string }
/** The frame that stands for a cine: the newest choice; none where nobody chose (then the first frame counts). */
export const keyFrameOf = (db: ReadDb, imageId: string): KeyFrameRow | undefined => db.get<KeyFrameRow>('SELECT * FROM key_frame WHERE image_id = ? ORDER BY created_at DESC, id DESC LIMIT 1', imageId)

const keyFrameSql = (imageId: string): string => `coalesce((SELECT k.frame FROM key_frame k WHERE k.image_id = ${imageId} ORDER BY k.created_at DESC, k.id DESC LIMIT 1), 0)`
/** SQL of an image's key frame, for queries that join it. */
export const KEY_FRAME = keyFrameSql('image.id')
/** The frame that a signature was computed on, by its mask; what the models made of another frame than the key frame stays stored and stands for nothing. */
export const SIGNED_FRAME = 'coalesce((SELECT s.frame FROM segmentation s WHERE s.id = signature.segmentation_id), (SELECT a.frame FROM annotation a WHERE a.id = signature.annotation_id), 0)'
export const SIGNS_KEY_FRAME = `${SIGNED_FRAME} = ${keyFrameSql('signature.image_id')}`

export const cines = (db: ReadDb): { image_id: string; label: string; ordinal: number; frames: number }[] => db.all(`
  SELECT image.id AS image_id, label, ordinal, frames FROM image JOIN study_case ON study_case.id = image.case_id WHERE frames > 1 AND excluded_reason IS NULL ORDER BY label, ordinal`)
