import type { Migration } from '../migrate.ts'

/**
 * Aided reading, further questions, training cases, protocol versions, readers who leave or are replaced, readers elsewhere, black boxes over burned-in text.
 * Columns that are added to audited tables are empty in older rows and are left out of their hashes while they are (`audited.ts`).
 * A reading is one answer to one case in one part, so its key has the modality: empty stands for unaided.
 */
export const readerStudy: Migration = {
  id: '20261128_1700_reader_study',
  sql: `
-- The same person with two accounts: exposures of both count for the washout.
ALTER TABLE account ADD COLUMN person TEXT;
ALTER TABLE reading_session ADD COLUMN modality TEXT CHECK (modality IN ('unaided','aided','unaided_then_aided'));
ALTER TABLE reading_order ADD COLUMN training INTEGER CHECK (training = 1);
ALTER TABLE reading_draft ADD COLUMN modality TEXT;
ALTER TABLE reading_draft ADD COLUMN answers TEXT;

CREATE TABLE reading_rebuilt (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES reading_session(id), position INTEGER NOT NULL, call TEXT NOT NULL CHECK (call IN ('positive','negative')), rating REAL NOT NULL, active_seconds REAL NOT NULL,
  confirmed INTEGER NOT NULL, submitted_at TEXT NOT NULL, origin TEXT NOT NULL,
  modality TEXT CHECK (modality IN ('unaided','aided')), answers TEXT, protocol_hash TEXT, over_limit INTEGER
) STRICT;
INSERT INTO reading_rebuilt (id, session_id, position, call, rating, active_seconds, confirmed, submitted_at, origin) SELECT id, session_id, position, call, rating, active_seconds, confirmed, submitted_at, origin FROM reading;
DROP TABLE reading;
ALTER TABLE reading_rebuilt RENAME TO reading;
CREATE UNIQUE INDEX reading_once ON reading(session_id, position, coalesce(modality, 'unaided'));

-- How far a session is: a case counts when its last part is answered.
CREATE VIEW reading_progress AS SELECT s.id AS session_id,
  (SELECT count(*) FROM reading_order o WHERE o.session_id = s.id) AS total,
  (SELECT count(*) FROM reading r WHERE r.session_id = s.id AND coalesce(r.modality, 'unaided') = CASE coalesce(s.modality, 'unaided') WHEN 'unaided' THEN 'unaided' ELSE 'aided' END) AS done
FROM reading_session s;

CREATE TABLE protocol_version (
  id TEXT PRIMARY KEY, protocol_id TEXT NOT NULL REFERENCES protocol(id), version INTEGER NOT NULL, document TEXT NOT NULL, hash TEXT NOT NULL, reason TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL,
  UNIQUE (protocol_id, version)
) STRICT;
-- What the model said of each case when the study was started: what aided readers see never moves under them.
CREATE TABLE reading_aid_set (id TEXT PRIMARY KEY, protocol_id TEXT NOT NULL UNIQUE REFERENCES protocol(id), aids TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE TABLE reading_aid (
  set_id TEXT NOT NULL REFERENCES reading_aid_set(id), case_id TEXT NOT NULL REFERENCES study_case(id), mask TEXT, signature REAL, risk REAL, risk_lower REAL, risk_upper REAL, cam TEXT, cam_box TEXT, source TEXT NOT NULL, PRIMARY KEY (set_id, case_id)
) STRICT, WITHOUT ROWID;

-- Boxes over burned-in text, by scanner layout: the hospital (empty: every one) and the size of the picture. The newest of a layout counts.
CREATE TABLE text_mask (id TEXT PRIMARY KEY, hospital TEXT, width INTEGER NOT NULL, height INTEGER NOT NULL, boxes TEXT NOT NULL, reason TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL) STRICT;

-- Work that was carried to another workstation, what came back, and what could not be taken because it was done twice.
CREATE TABLE package (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('reader','annotator')), account_id TEXT NOT NULL REFERENCES account(id), items INTEGER NOT NULL, chain TEXT NOT NULL, head_seq INTEGER NOT NULL, head_hash TEXT NOT NULL,
  created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE TABLE package_merge (
  id TEXT PRIMARY KEY, package_id TEXT NOT NULL REFERENCES package(id), chain TEXT NOT NULL, head_seq INTEGER NOT NULL, head_hash TEXT NOT NULL, taken INTEGER NOT NULL, known INTEGER NOT NULL, conflicts INTEGER NOT NULL, merged_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE TABLE merge_conflict (
  id TEXT PRIMARY KEY, package_id TEXT NOT NULL REFERENCES package(id), subject TEXT NOT NULL, subject_id TEXT NOT NULL, kept_id TEXT NOT NULL, document TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
`,
}
