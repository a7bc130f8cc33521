import type { Migration } from '../migrate.ts'

/** Who has withdrawn is recognised when they come again: by keyed codes of the labels and pictures that were deleted, which name nobody. */
export const withdrawnAgain: Migration = {
  id: '20261128_2015_withdrawn_again',
  sql: `
CREATE TABLE withdrawn_code (code TEXT PRIMARY KEY, withdrawal_id TEXT NOT NULL REFERENCES withdrawal(id)) STRICT, WITHOUT ROWID;
`,
}
