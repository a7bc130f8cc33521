import type { Migration } from '../migrate.ts'

/** Why a signature was computed where it was: what was chosen, and what made the program fall back. */
export const providerNote: Migration = {
  id: '20261128_2015_provider_note',
  sql: 'ALTER TABLE signature ADD COLUMN provider_note TEXT;',
}
