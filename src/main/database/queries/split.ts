import type { ReadDb, WriteDb } from '../connection.ts'

export interface SplitCase { id: string; label: string; patient_id: string; hospital: string | null; cohort: string | null; outcome: 0 | 1 | null }

export const casesForSplit = (db: ReadDb): SplitCase[] => db.all<SplitCase>(`
  SELECT study_case.id, label, patient_id, hospital, cohort, outcome FROM study_case JOIN case_clinical ON case_clinical.case_id = study_case.id WHERE excluded_reason IS NULL ORDER BY label`)

export function ensureSplitCohorts(tx: WriteDb, external: boolean): void {
  const wanted: [string, string][] = [['train', 'fit'], ['validation', 'choose'], ...(external ? [['external test', 'report'] as [string, string]] : [])]
  for (const [i, [name, role]] of wanted.entries()) {
    if (tx.get('SELECT name FROM cohort WHERE name = ?', name) !== undefined) continue
    tx.insert('cohort', { name, role, ordinal: i + 1, origin: tx.origin })
    tx.audit({ action: 'cohort.create', subject: 'cohort', id: name, new: role, reason: 'split' })
  }
}

export function assignCohort(tx: WriteDb, caseId: string, cohort: string): void {
  tx.update('study_case', { id: caseId }, { cohort })
  tx.audit({ action: 'case.assignCohort', subject: 'study_case', id: caseId, new: cohort, reason: 'split' })
}
