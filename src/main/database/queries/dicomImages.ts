import type { ReadDb, WriteDb } from '../connection.ts'

export interface DicomImageRow { readonly id: string; readonly caseId: string; readonly ordinal: number; readonly objects: readonly string[]; readonly width: number; readonly height: number; readonly channels: number; readonly calibration: string; readonly sourceHash: string; readonly header: string
  readonly technique: { readonly frameTimeMs: number | null; readonly manufacturer: string | null; readonly model: string | null; readonly original: string | null; readonly redaction: string } }

/** An image with its frames, audited as one. The file's own name is not kept. */
export function insertDicomImage(tx: WriteDb, row: DicomImageRow): void {
  tx.insert('image', {
    id: row.id, case_id: row.caseId, ordinal: row.ordinal, object: row.objects[0] ?? '', width: row.width, height: row.height, channels: row.channels, frames: row.objects.length, calibration: row.calibration, source_name: 'DICOM', source_sha256: row.sourceHash,
    imported_at: tx.at, origin: tx.origin,
  })
  row.objects.slice(1).forEach((object, i) => tx.insert('image_frame', { image_id: row.id, frame: i + 1, object }))
  tx.audit({ action: 'image.import', subject: 'image', id: row.id, new: row.header })
  const { frameTimeMs, manufacturer, model, original, redaction } = row.technique
  tx.insert('image_technique', { id: row.id, frame_time_ms: frameTimeMs, manufacturer, model, original, redaction, origin: tx.origin })
  tx.audit({ action: 'image.technique', subject: 'image_technique', id: row.id, new: redaction })
}

/** The de-identified source of objects made from an image: `document` is JSON of it. */
export interface DicomSourceRow { readonly id: string; readonly sop_instance: string; readonly document: string }
export const dicomSourceOf = (db: ReadDb, imageId: string): DicomSourceRow | undefined => db.get<DicomSourceRow>('SELECT id, sop_instance, document FROM dicom_source WHERE id = ?', imageId)
export const imageByInstance = (db: ReadDb, sopInstance: string): string | undefined => db.get<{ id: string }>('SELECT id FROM dicom_source WHERE sop_instance = ?', sopInstance)?.id

export function insertDicomSource(tx: WriteDb, row: { readonly imageId: string; readonly sopInstance: string; readonly document: string }): void {
  tx.insert('dicom_source', { id: row.imageId, sop_instance: row.sopInstance, document: row.document, origin: tx.origin })
  tx.audit({ action: 'image.source', subject: 'dicom_source', id: row.imageId })
}
export const allImages = (db: ReadDb): string[] => db.all<{ id: string }>('SELECT id FROM image').map((r) => r.id)
