import { hasTable, type ReadDb, type WriteDb } from '../connection.ts'

/** Every content-addressed file that a row names, with words for the row. */
export const referencedObjects = (db: ReadDb): { hash: string; owner: string }[] => db.all(`
  SELECT object AS hash, 'image ' || id AS owner FROM image
  UNION ALL SELECT object, 'frame ' || frame || ' of image ' || image_id FROM image_frame
  UNION ALL SELECT mask, 'annotation ' || id FROM annotation
  UNION ALL SELECT mask, 'mask of segmentation ' || segmentation_id FROM segmentation_mask
  UNION ALL SELECT map, 'probability map of segmentation ' || segmentation_id FROM segmentation_mask
  UNION ALL SELECT cam, 'Grad-CAM of signature ' || id FROM signature${hasTable(db, 'reading_aid') ? `
  UNION ALL SELECT mask, 'contour shown to aided readers of case ' || case_id FROM reading_aid WHERE mask IS NOT NULL
  UNION ALL SELECT cam, 'Grad-CAM shown to aided readers of case ' || case_id FROM reading_aid WHERE cam IS NOT NULL` : ''}${hasTable(db, 'image_technique') ? `
  UNION ALL SELECT original, 'original file of image ' || id FROM image_technique WHERE original IS NOT NULL` : ''}${hasTable(db, 'annotation_shown') ? `
  UNION ALL SELECT mask, 'contour shown in drawing task ' || task_id FROM annotation_shown` : ''}`)

/** Notes for removal those of the hashes that no row names any more. */
export function removeObjectsLater(tx: WriteDb, hashes: readonly string[]): void {
  const named = new Set(referencedObjects(tx).map((o) => o.hash))
  for (const hash of new Set(hashes)) if (!named.has(hash)) tx.run('INSERT OR IGNORE INTO object_removal (hash) VALUES (?)', hash)
}
export const objectsToRemove = (db: ReadDb): string[] => db.all<{ hash: string }>('SELECT hash FROM object_removal').map((r) => r.hash)
export function objectRemoved(tx: WriteDb, hash: string): void {
  tx.run('DELETE FROM object_removal WHERE hash = ?', hash)
}
