import type { Migration } from '../migrate.ts'

/** The frame of a cine that an aid belongs to; empty stands for the first, which stills have alone. */
export const readingAidFrame: Migration = {
  id: '20261128_2015_reading_aid_frame',
  sql: 'ALTER TABLE reading_aid ADD COLUMN frame INTEGER;',
}
