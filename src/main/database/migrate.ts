import type Database from 'better-sqlite3'
import { foundation } from './migrations/20261123_0900_foundation.ts'
import { readerStudy } from './migrations/20261128_1700_reader_study.ts'
import { dicomSource } from './migrations/20261128_1710_dicom_source.ts'
import { annotationSeq } from './migrations/20261128_1715_annotation_seq.ts'
import { worldOutside } from './migrations/20261128_1715_world_outside.ts'
import { combinedAndAdjudication } from './migrations/20261128_1715_combined_and_adjudication.ts'
import { taskShows } from './migrations/20261128_2030_task_shows.ts'
import { withdrawnAgain } from './migrations/20261128_2015_withdrawn_again.ts'
import { readingAidFrame } from './migrations/20261128_2015_reading_aid_frame.ts'
import { providerNote } from './migrations/20261128_2015_provider_note.ts'

/** A step of the schema. Ids start with a timestamp and are never reused; a step that shipped is never edited. */
export interface Migration { readonly id: string; readonly sql: string }

export const MIGRATIONS: readonly Migration[] = [foundation, readerStudy, dicomSource, annotationSeq, worldOutside, combinedAndAdjudication, taskShows, withdrawnAgain, readingAidFrame, providerNote]

/** The database holds a step that this build does not know: opening it could lose what the newer build stored. */
export class UnknownMigrationError extends Error {
  readonly ids: readonly string[]
  constructor(ids: readonly string[]) {
    super(`this study was last used by a newer version of the workstation (it has ${ids.join(', ')}); nothing was changed; open it with that version or a later one`)
    this.ids = ids
  }
}

/** Which steps are stored and which are missing; throws `UnknownMigrationError` for steps from the future. */
export function pendingMigrations(db: Database.Database, known: readonly Migration[] = MIGRATIONS): readonly Migration[] {
  db.exec('CREATE TABLE IF NOT EXISTS applied_migration (id TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT')
  const applied = new Set((db.prepare('SELECT id FROM applied_migration').all() as { id: string }[]).map((row) => row.id))
  const unknown = [...applied].filter((id) => !known.some((m) => m.id === id))
  if (unknown.length > 0) throw new UnknownMigrationError(unknown)
  return known.filter((m) => !applied.has(m.id))
}

/** Applies the missing steps in order, all or none. */
export function migrate(db: Database.Database, at: string, known: readonly Migration[] = MIGRATIONS): readonly string[] {
  const missing = pendingMigrations(db, known)
  const apply = db.transaction(() => {
    for (const step of missing) {
      db.exec(step.sql)
      db.prepare('INSERT INTO applied_migration (id, applied_at) VALUES (?, ?)').run(step.id, at)
    }
  })
  apply.immediate()
  return missing.map((m) => m.id)
}
