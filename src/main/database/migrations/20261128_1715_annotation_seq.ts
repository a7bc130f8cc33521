/** How far the journal of its task had come when a version was stored: what was drawn after it is not in it. Versions from before have no row. */
export const annotationSeq = {
  id: '20261128_1715_annotation_seq',
  sql: `
CREATE TABLE annotation_seq (annotation_id TEXT PRIMARY KEY REFERENCES annotation(id), seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
}
