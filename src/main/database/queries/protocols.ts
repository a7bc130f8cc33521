import type { ReadDb } from '../connection.ts'

export interface ProtocolVersionRow { id: string; protocol_id: string; version: number; document: string; hash: string; reason: string; created_at: string; readings: number; first_reading: string | null; last_reading: string | null }
/** Every version of a protocol, with how many answers were given under it and when. */
export const protocolVersions = (db: ReadDb, protocolId: string): ProtocolVersionRow[] => db.all<ProtocolVersionRow>(`
  SELECT protocol_version.*, count(reading.id) AS readings, min(reading.submitted_at) AS first_reading, max(reading.submitted_at) AS last_reading FROM protocol_version
    LEFT JOIN reading_session ON reading_session.protocol_id = protocol_version.protocol_id LEFT JOIN reading ON reading.session_id = reading_session.id AND reading.protocol_hash = protocol_version.hash
  WHERE protocol_version.protocol_id = ? GROUP BY protocol_version.id ORDER BY version`, protocolId)

export interface TextMaskRow { hospital: string | null; width: number; height: number; boxes: string }
/** The boxes over burned-in text for a picture: of its hospital's layout, else of the layout of every hospital; the newest counts. */
export const textMaskOf = (db: ReadDb, imageId: string): string | null => db.get<{ boxes: string }>(`
  SELECT text_mask.boxes FROM image JOIN study_case ON study_case.id = image.case_id JOIN text_mask ON text_mask.width = image.width AND text_mask.height = image.height AND (text_mask.hospital IS NULL OR text_mask.hospital = study_case.hospital)
  WHERE image.id = ? ORDER BY text_mask.hospital IS NULL, text_mask.created_at DESC, text_mask.id DESC LIMIT 1`, imageId)?.boxes ?? null

/** The rectangles of the reviewed scanner template that fits a picture's maker, model and size, the newest one: pictures that were imported before it was reviewed still have their text. */
export const templateBoxesOf = (db: ReadDb, imageId: string): string | null => db.get<{ boxes: string }>(`
  SELECT t.boxes FROM image JOIN image_technique USING (id) JOIN scanner_template t ON t.columns = image.width AND t.rows = image.height AND lower(trim(t.manufacturer)) = lower(trim(image_technique.manufacturer)) AND lower(trim(t.model)) = lower(trim(image_technique.model))
  WHERE image.id = ? AND t.reviewer IS NOT NULL ORDER BY t.created_at DESC, t.id DESC LIMIT 1`, imageId)?.boxes ?? null

/** The scanner layouts of the study: hospital and picture size, how many pictures, and one to look at. */
export const scannerLayouts = (db: ReadDb): { hospital: string | null; width: number; height: number; images: number; image_id: string; object: string; boxes: string | null; reason: string | null; at: string | null }[] => db.all(`
  WITH layout AS (SELECT study_case.hospital, image.width, image.height, count(*) AS images, min(image.id) AS image_id FROM image JOIN study_case ON study_case.id = image.case_id GROUP BY 1, 2, 3)
  SELECT layout.*, image.object, text_mask.boxes, text_mask.reason, text_mask.created_at AS at FROM layout JOIN image ON image.id = layout.image_id
    LEFT JOIN text_mask ON text_mask.id = (SELECT id FROM text_mask m WHERE m.width = layout.width AND m.height = layout.height AND (m.hospital IS NULL OR m.hospital = layout.hospital) ORDER BY m.hospital IS NULL, m.created_at DESC, m.id DESC LIMIT 1)
  ORDER BY layout.hospital, layout.images DESC`)
