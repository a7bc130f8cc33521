import type { Migration } from '../migrate.ts'

/**
 * What objects made from a DICOM picture (segmentations, reports) must say of it, in de-identified form: its UIDs made from the study's secret, its size and frames, its de-identified header.
 * `id` is the image's; `sop_instance` the new UID, by which a segmentation finds its picture and a retrieval knows what it has.
 */
export const dicomSource: Migration = {
  id: '20261128_1710_dicom_source',
  sql: `
CREATE TABLE dicom_source (id TEXT PRIMARY KEY REFERENCES image(id), sop_instance TEXT NOT NULL, document TEXT NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE INDEX dicom_source_instance ON dicom_source(sop_instance);
`,
}
