import { suggestedCohortRole } from '#shared/domain/index.ts'
import type { WriteDb } from '#main/database/index.ts'
import { cohortExists, nextCohortOrdinal } from '#main/database/queries/cases.ts'

/** Makes a cohort that a case names for the first time, with the role that its name suggests. */
export function ensureCohort(tx: WriteDb, name: string): void {
  if (cohortExists(tx, name)) return
  const role = suggestedCohortRole(name)
  tx.insert('cohort', { name, role, ordinal: nextCohortOrdinal(tx), origin: tx.origin })
  tx.audit({ action: 'cohort.create', subject: 'cohort', id: name, new: role, reason: 'first case of it imported' })
}
