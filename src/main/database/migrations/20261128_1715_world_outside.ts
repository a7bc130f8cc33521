import type { Migration } from '../migrate.ts'

/**
 * What the world outside needs: how a picture was made, which frame of a cine stands for it, templates for text in the picture, withdrawals.
 * A withdrawal takes texts out of the audit log; the chain stays checkable because the entry's own hash is kept and `audit_redaction`
 * (which the withdrawal's hash covers) says what the entry hashes to without its texts.
 */
export const worldOutside: Migration = {
  id: '20261128_1715_world_outside',
  sql: `
CREATE TABLE image_technique (
  id TEXT PRIMARY KEY REFERENCES image(id), frame_time_ms REAL, manufacturer TEXT, model TEXT, original TEXT, redaction TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
-- Derived from the models and a frame, so it can be made again at any time.
CREATE TABLE frame_area (image_id TEXT NOT NULL REFERENCES image(id), frame INTEGER NOT NULL, model_set TEXT NOT NULL, area_px INTEGER NOT NULL, provider TEXT NOT NULL, PRIMARY KEY (image_id, frame, model_set)) STRICT, WITHOUT ROWID;
CREATE TABLE key_frame (
  id TEXT PRIMARY KEY, image_id TEXT NOT NULL REFERENCES image(id), frame INTEGER NOT NULL, rule TEXT NOT NULL CHECK (rule IN ('largest cross-section','chosen by a person')), suggested INTEGER, chooser TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE INDEX key_frame_image ON key_frame(image_id, created_at);
-- Where a scanner writes text. Versions: the newest of a maker, model and size counts, and only once it was reviewed.
CREATE TABLE scanner_template (
  id TEXT PRIMARY KEY, manufacturer TEXT NOT NULL, model TEXT NOT NULL, columns INTEGER NOT NULL, rows INTEGER NOT NULL, boxes TEXT NOT NULL, author TEXT NOT NULL, created_at TEXT NOT NULL, reviewer TEXT, reviewed_at TEXT, origin TEXT NOT NULL
) STRICT;
CREATE TABLE withdrawal (id TEXT PRIMARY KEY, patient_id TEXT NOT NULL REFERENCES patient(id), cases INTEGER NOT NULL, images INTEGER NOT NULL, reason TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE TABLE audit_redaction (withdrawal_id TEXT NOT NULL REFERENCES withdrawal(id), origin TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (origin, seq)) STRICT, WITHOUT ROWID;
-- Files that no row names any more and that must go: kept here until they are gone, so that a power cut leaves none behind.
CREATE TABLE object_removal (hash TEXT PRIMARY KEY) STRICT;
DROP TRIGGER audit_no_update;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit WHEN NOT (
  EXISTS (SELECT 1 FROM audit_redaction r WHERE r.origin = OLD.origin AND r.seq = OLD.seq)
  AND NEW.origin IS OLD.origin AND NEW.seq IS OLD.seq AND NEW.at IS OLD.at AND NEW.actor IS OLD.actor AND NEW.action IS OLD.action AND NEW.subject IS OLD.subject AND NEW.subject_id IS OLD.subject_id
  AND NEW.old IS NULL AND NEW.new IS NULL AND NEW.reason IS NULL AND NEW.row_hash IS OLD.row_hash AND NEW.previous_hash IS OLD.previous_hash AND NEW.hash IS OLD.hash
) BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
`,
}
