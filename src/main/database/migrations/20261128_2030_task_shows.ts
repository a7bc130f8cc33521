import type { Migration } from '../migrate.ts'

/**
 * What a drawing task shows besides the picture. `shows` is a list of what the investigator allowed, empty for a blind task; `annotation_shown` holds what was in fact shown,
 * from the first time on: the mask as it then was, so that neither a later run of the networks nor work elsewhere moves it. `annotation.shown` says of a version what its author
 * had seen of the picture by then; empty is blind.
 * A repeat knows its washout, so that the last look at the case counts, also one after the repeat was assigned. Once the repeat itself was opened it stays open.
 */
export const taskShows: Migration = {
  id: '20261128_2030_task_shows',
  sql: `
ALTER TABLE annotation_task ADD COLUMN shows TEXT;
ALTER TABLE annotation_task ADD COLUMN washout_days INTEGER;
ALTER TABLE annotation ADD COLUMN shown TEXT;
CREATE TABLE annotation_shown (
  id TEXT PRIMARY KEY, task_id TEXT NOT NULL REFERENCES annotation_task(id), what TEXT NOT NULL CHECK (what IN ('model','other')), source TEXT NOT NULL, series TEXT NOT NULL, frame INTEGER NOT NULL, mask TEXT NOT NULL,
  start INTEGER NOT NULL CHECK (start IN (0,1)), created_at TEXT NOT NULL, origin TEXT NOT NULL, UNIQUE (task_id, what, source)
) STRICT;
CREATE VIEW annotation_opening AS SELECT t.id AS task_id,
  CASE WHEN t.washout_days IS NULL OR EXISTS (SELECT 1 FROM exposure e WHERE e.account_id = t.account_id AND e.case_id = t.case_id AND e.kind = 'annotation:' || t.id) THEN t.not_before
  ELSE nullif(max(coalesce(t.not_before, ''), coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT max(e.at) FROM exposure e WHERE e.case_id = t.case_id
    AND e.account_id IN (SELECT o.id FROM account o WHERE coalesce(o.person, o.id) = (SELECT coalesce(a.person, a.id) FROM account a WHERE a.id = t.account_id))), '+' || t.washout_days || ' days'), '')), '') END AS opens_on
FROM annotation_task t;
`,
}
