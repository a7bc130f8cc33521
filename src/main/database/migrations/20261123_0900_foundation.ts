import type { Migration } from '../migrate.ts'

/**
 * The first tables. Rows that a person makes carry `origin` (the workstation) and a globally unique id, so that studies merge.
 * The outcome and the clinical variables live in a table of their own: queries for readers and annotators never name it.
 */
export const foundation: Migration = {
  id: '20261123_0900_foundation',
  sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE workstation (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;

CREATE TABLE account (
  id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('investigator','annotator','reader')),
  seniority TEXT CHECK (seniority IN ('junior','senior')), years_experience REAL, password TEXT NOT NULL, must_change INTEGER NOT NULL, demo INTEGER NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE TABLE sign_in_failure (account_id TEXT PRIMARY KEY REFERENCES account(id), count INTEGER NOT NULL, locked_until TEXT) STRICT;

CREATE TABLE cohort (name TEXT PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('fit','choose','report')), ordinal INTEGER NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE TABLE patient (id TEXT PRIMARY KEY, label TEXT NOT NULL UNIQUE, withdrawn_at TEXT, origin TEXT NOT NULL) STRICT;
CREATE TABLE study_case (
  id TEXT PRIMARY KEY, label TEXT NOT NULL UNIQUE, patient_id TEXT NOT NULL REFERENCES patient(id), cohort TEXT REFERENCES cohort(name), hospital TEXT, excluded_reason TEXT,
  imported_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE INDEX study_case_patient ON study_case(patient_id);
CREATE INDEX study_case_cohort ON study_case(cohort);
CREATE TABLE case_clinical (case_id TEXT PRIMARY KEY REFERENCES study_case(id), outcome INTEGER CHECK (outcome IN (0,1)), variables TEXT NOT NULL, origin TEXT NOT NULL) STRICT;

CREATE TABLE image (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES study_case(id), ordinal INTEGER NOT NULL, object TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, channels INTEGER NOT NULL,
  frames INTEGER NOT NULL DEFAULT 1, calibration TEXT NOT NULL, source_name TEXT NOT NULL, source_sha256 TEXT NOT NULL, imported_at TEXT NOT NULL, origin TEXT NOT NULL, UNIQUE (case_id, ordinal)
) STRICT;
-- The frames of a cine after the first, which is the image's own object.
CREATE TABLE image_frame (image_id TEXT NOT NULL REFERENCES image(id), frame INTEGER NOT NULL, object TEXT NOT NULL, PRIMARY KEY (image_id, frame)) STRICT, WITHOUT ROWID;
CREATE INDEX image_source ON image(source_sha256);
CREATE TABLE representative_choice (id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES study_case(id), image_id TEXT NOT NULL REFERENCES image(id), rule TEXT NOT NULL, chooser TEXT, created_at TEXT NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE INDEX representative_case ON representative_choice(case_id, created_at);

-- Contours that people made or brought: immutable versions. purpose: imported | drawn | correction | consensus
CREATE TABLE annotation_task (
  id TEXT PRIMARY KEY, number INTEGER NOT NULL, case_id TEXT NOT NULL REFERENCES study_case(id), image_id TEXT NOT NULL REFERENCES image(id), account_id TEXT NOT NULL REFERENCES account(id),
  purpose TEXT NOT NULL CHECK (purpose IN ('drawn','correction')), round INTEGER NOT NULL, segmentation_id TEXT, not_before TEXT, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX annotation_task_once ON annotation_task(account_id, image_id, purpose, round, coalesce(segmentation_id, ''));
CREATE TABLE annotation (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES study_case(id), image_id TEXT NOT NULL REFERENCES image(id), frame INTEGER NOT NULL DEFAULT 0, task_id TEXT REFERENCES annotation_task(id),
  account_id TEXT REFERENCES account(id), purpose TEXT NOT NULL CHECK (purpose IN ('imported','drawn','correction','consensus')), version INTEGER NOT NULL, document TEXT, mask TEXT NOT NULL, area_px INTEGER NOT NULL,
  active_seconds REAL NOT NULL, tools TEXT NOT NULL, app_version TEXT NOT NULL, derived_from TEXT, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE INDEX annotation_image ON annotation(image_id, purpose);
CREATE INDEX annotation_task_version ON annotation(task_id, version);
CREATE TABLE annotation_journal (task_id TEXT NOT NULL REFERENCES annotation_task(id), seq INTEGER NOT NULL, entry TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (task_id, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE annotation_flag (id TEXT PRIMARY KEY, task_id TEXT NOT NULL REFERENCES annotation_task(id), flag TEXT, comment TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL) STRICT;

CREATE TABLE segmentation (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES study_case(id), image_id TEXT NOT NULL REFERENCES image(id), frame INTEGER NOT NULL DEFAULT 0, model_set TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('found','empty')),
  provider TEXT NOT NULL, provider_note TEXT NOT NULL, milliseconds REAL NOT NULL, disagreement REAL NOT NULL, uncertainty REAL NOT NULL, components INTEGER NOT NULL, touches_border INTEGER NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE INDEX segmentation_image ON segmentation(image_id, created_at);
CREATE INDEX segmentation_case ON segmentation(case_id);
CREATE TABLE segmentation_mask (
  segmentation_id TEXT NOT NULL REFERENCES segmentation(id), model TEXT NOT NULL CHECK (model IN ('deeplabv3','unet','unetpp','fusion')), model_sha256 TEXT NOT NULL, mask TEXT NOT NULL, map TEXT NOT NULL, area_px INTEGER NOT NULL, PRIMARY KEY (segmentation_id, model)
) STRICT, WITHOUT ROWID;
-- Derived from two masks, so it can be made again at any time.
CREATE TABLE mask_metric (
  segmentation_id TEXT NOT NULL REFERENCES segmentation(id), model TEXT NOT NULL, annotation_id TEXT NOT NULL REFERENCES annotation(id), dice REAL, iou REAL, precision REAL, recall REAL, PRIMARY KEY (segmentation_id, model, annotation_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE segmentation_failure (id TEXT PRIMARY KEY, image_id TEXT NOT NULL REFERENCES image(id), reason TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL) STRICT;

CREATE TABLE signature (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES study_case(id), image_id TEXT NOT NULL REFERENCES image(id), segmentation_id TEXT REFERENCES segmentation(id), annotation_id TEXT REFERENCES annotation(id),
  mask_kind TEXT NOT NULL CHECK (mask_kind IN ('automatic','corrected')), model_set TEXT NOT NULL, model TEXT NOT NULL, model_sha256 TEXT NOT NULL, is_signature INTEGER NOT NULL, probability REAL NOT NULL, cam TEXT NOT NULL,
  box TEXT NOT NULL, provider TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE INDEX signature_case ON signature(case_id, created_at);
CREATE INDEX signature_image ON signature(image_id);

CREATE TABLE combined_model (id TEXT PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL, sha256 TEXT NOT NULL, frozen_at TEXT NOT NULL, origin TEXT NOT NULL, UNIQUE (name, version)) STRICT;

CREATE TABLE review (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES study_case(id), segmentation_id TEXT NOT NULL REFERENCES segmentation(id), account_id TEXT NOT NULL REFERENCES account(id),
  decision TEXT NOT NULL CHECK (decision IN ('accepted','corrected','rejected')), reason TEXT, difficulty TEXT, comment TEXT NOT NULL, seconds REAL NOT NULL, annotation_id TEXT REFERENCES annotation(id),
  dice_to_fused REAL, hd95_to_fused REAL, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE INDEX review_segmentation ON review(segmentation_id, created_at);

CREATE TABLE protocol (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('draft','started','closed')), document TEXT NOT NULL, hash TEXT NOT NULL,
  created_at TEXT NOT NULL, started_at TEXT, closed_at TEXT, close_reason TEXT, origin TEXT NOT NULL
) STRICT;
CREATE TABLE reading_session (id TEXT PRIMARY KEY, protocol_id TEXT NOT NULL REFERENCES protocol(id), account_id TEXT NOT NULL REFERENCES account(id), ordinal INTEGER NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL, UNIQUE (protocol_id, account_id, ordinal)) STRICT;
CREATE TABLE reading_order (session_id TEXT NOT NULL REFERENCES reading_session(id), position INTEGER NOT NULL, case_id TEXT NOT NULL REFERENCES study_case(id), image_id TEXT NOT NULL REFERENCES image(id), PRIMARY KEY (session_id, position), UNIQUE (session_id, case_id)) STRICT, WITHOUT ROWID;
CREATE TABLE reading (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES reading_session(id), position INTEGER NOT NULL, call TEXT NOT NULL CHECK (call IN ('positive','negative')), rating REAL NOT NULL, active_seconds REAL NOT NULL,
  confirmed INTEGER NOT NULL, submitted_at TEXT NOT NULL, origin TEXT NOT NULL, UNIQUE (session_id, position)
) STRICT;
CREATE TABLE reading_draft (session_id TEXT NOT NULL REFERENCES reading_session(id), position INTEGER NOT NULL, call TEXT, rating REAL, active_seconds REAL NOT NULL, saved_at TEXT NOT NULL, PRIMARY KEY (session_id, position)) STRICT, WITHOUT ROWID;
CREATE TABLE reading_event (id INTEGER PRIMARY KEY, session_id TEXT NOT NULL REFERENCES reading_session(id), position INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE exposure (account_id TEXT NOT NULL REFERENCES account(id), case_id TEXT NOT NULL REFERENCES study_case(id), kind TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (account_id, case_id, kind, at)) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  origin TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, subject_id TEXT NOT NULL, old TEXT, new TEXT, reason TEXT,
  row_hash TEXT, previous_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (origin, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_subject ON audit(subject_id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE job (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('running','done','failed','cancelled','interrupted')), input TEXT NOT NULL, result TEXT, note TEXT NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL,
  provider TEXT, actor TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT
) STRICT;
`,
}
