import type { ReadDb } from '../connection.ts'

/** Every content-addressed file that a row names, with words for the row. */
export const referencedObjects = (db: ReadDb): { hash: string; owner: string }[] => db.all(`
  SELECT object AS hash, 'image ' || id AS owner FROM image
  UNION ALL SELECT object, 'frame ' || frame || ' of image ' || image_id FROM image_frame
  UNION ALL SELECT mask, 'annotation ' || id FROM annotation
  UNION ALL SELECT mask, 'mask of segmentation ' || segmentation_id FROM segmentation_mask
  UNION ALL SELECT map, 'probability map of segmentation ' || segmentation_id FROM segmentation_mask
  UNION ALL SELECT cam, 'Grad-CAM of signature ' || id FROM signature
  UNION ALL SELECT mask, 'contour shown to aided readers of case ' || case_id FROM reading_aid WHERE mask IS NOT NULL
  UNION ALL SELECT cam, 'Grad-CAM shown to aided readers of case ' || case_id FROM reading_aid WHERE cam IS NOT NULL`)
