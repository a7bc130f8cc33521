import type { CohortAnalysis } from '#shared/contract/index.ts'
import { analysisReadings, protocols } from '#main/database/queries/reading.ts'
import { auditHeads } from '#main/database/queries/auditLog.ts'
import type { OpenStudy } from '../../context.ts'
import { cohortNote, cohortRoles, scorers, type Scorer } from '../scores.ts'
import { calibrations, decisionOf } from './calibrate.ts'
import { operatingPoints } from './operating.ts'
import { readerAgreement } from './readerAgreement.ts'
import { cohortScope } from './scope.ts'
import { cohortTests } from './tests.ts'

function readingSeconds(study: OpenStudy, cohort: string): (reader: Scorer) => readonly number[] {
  const db = study.db.read
  const seconds = new Map<string, number[]>()
  for (const protocol of protocols(db)) for (const r of analysisReadings(db, protocol.id)) if (r.cohort === cohort) seconds.set(r.name, [...(seconds.get(r.name) ?? []), r.active_seconds])
  return (reader) => seconds.get(reader.name) ?? []
}

/** All figures of one cohort beyond its ROC curves, from the stored scores that an investigator may see. */
export function analyseCohort(study: OpenStudy, cohort: string): CohortAnalysis {
  const role = cohortRoles(study).get(cohort)
  const { scorers: all, withheld } = scorers(study)
  const scope = cohortScope(all, cohort, role)
  return {
    cohort, rows: scope.rows, cohortNote: cohortNote(role), model: scope.model?.name ?? null, modelNote: scope.model?.note ?? '', withheld,
    tests: cohortTests(scope), operating: operatingPoints(scope), calibration: calibrations(scope), ...decisionOf(scope), readers: readerAgreement(scope, readingSeconds(study, cohort)),
  }
}

const memo = new WeakMap<OpenStudy, { head: string; values: Map<string, unknown> }>()

/** The value as computed before, as long as nothing was written since: every change of a study moves the head of its audit log. */
export function remembered<T>(study: OpenStudy, key: string, make: () => T): T {
  const head = auditHeads(study.db.read).map((h) => `${h.origin}:${h.seq}:${h.hash}`).join(' ')
  let known = memo.get(study)
  if (known === undefined || known.head !== head) memo.set(study, (known = { head, values: new Map() }))
  if (!known.values.has(key)) known.values.set(key, make())
  return known.values.get(key) as T
}
