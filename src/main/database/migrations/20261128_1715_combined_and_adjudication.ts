import type { Migration } from '../migrate.ts'

/**
 * Out-of-fold signatures (values of networks that never saw the case, on masks of networks that never saw it either), which a combined model may be
 * fitted with on the networks' own fitting cohort; and second reviewers: a question to one, and the review that settled another.
 */
export const combinedAndAdjudication: Migration = {
  id: '20261128_1715_combined_and_adjudication',
  sql: `
CREATE TABLE out_of_fold_run (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, model TEXT NOT NULL, folds INTEGER NOT NULL, source_sha256 TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE TABLE out_of_fold_value (
  run_id TEXT NOT NULL REFERENCES out_of_fold_run(id), case_id TEXT NOT NULL REFERENCES study_case(id), fold INTEGER NOT NULL, probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1), PRIMARY KEY (run_id, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE review_question (
  id TEXT PRIMARY KEY, segmentation_id TEXT NOT NULL REFERENCES segmentation(id), review_id TEXT NOT NULL REFERENCES review(id), account_id TEXT NOT NULL REFERENCES account(id), question TEXT NOT NULL, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE INDEX review_question_segmentation ON review_question(segmentation_id);
CREATE TABLE adjudication (
  id TEXT PRIMARY KEY, segmentation_id TEXT NOT NULL REFERENCES segmentation(id), review_id TEXT NOT NULL UNIQUE REFERENCES review(id), settles TEXT NOT NULL REFERENCES review(id), agrees INTEGER NOT NULL CHECK (agrees IN (0,1)),
  dice REAL, hd95 REAL, created_at TEXT NOT NULL, origin TEXT NOT NULL
) STRICT;
CREATE INDEX adjudication_segmentation ON adjudication(segmentation_id);
`,
}
