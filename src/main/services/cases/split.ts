import { Failure } from '#shared/contract/errors.ts'
import { createRandom } from '#shared/lib/index.ts'
import { cohortCounts, type CohortCount } from '#main/database/queries/cases.ts'
import { assignCohort, casesForSplit, ensureSplitCohorts } from '#main/database/queries/split.ts'
import { metaValue, setMeta } from '#main/database/queries/meta.ts'
import type { OpenStudy } from '../context.ts'

export interface SplitPlan { readonly hospital: string; readonly train: number; readonly seed: number }

/**
 * Splits one hospital's patients into `train` and `validation`, stratified by outcome (a patient's outcome is positive when any case is);
 * the other hospitals become `external test`. Stored with its seed; a second split is refused, because it would redraw what was fixed.
 */
export function splitByPatient(study: OpenStudy, actor: string, plan: SplitPlan): CohortCount[] {
  const cases = casesForSplit(study.db.read)
  if (cases.length === 0) throw new Failure('not_ready', 'there are no included cases to split; import a manifest first')
  if (metaValue(study.db.read, 'split') !== undefined) throw new Failure('locked', 'the cohorts were split before; a split is never redrawn, since models may have seen it')
  const assigned = cases.find((c) => c.cohort !== null)
  if (assigned !== undefined) throw new Failure('locked', `case ${assigned.label} has the cohort ${assigned.cohort ?? ''} from its manifest; a split would overwrite it`)
  const own = cases.filter((c) => c.hospital === plan.hospital)
  if (own.length === 0) throw new Failure('invalid_input', `no case comes from hospital ${plan.hospital}; there are: ${[...new Set(cases.map((c) => c.hospital ?? 'not stated'))].join(', ')}`)
  const patients = new Map<string, number | null>()
  for (const c of own) patients.set(c.patient_id, c.outcome === 1 ? 1 : (patients.get(c.patient_id) ?? c.outcome))
  const inOther = cases.find((c) => c.hospital !== plan.hospital && patients.has(c.patient_id))
  if (inOther !== undefined) throw new Failure('refused', `the patient of case ${inOther.label} was seen in two hospitals; exclude one of the cases first`)
  const training = new Set<string>()
  const random = createRandom(plan.seed)
  for (const outcome of [1, 0, null]) {
    const group = random.fork(String(outcome)).shuffle([...patients].filter(([, o]) => o === outcome).map(([id]) => id).sort())
    for (const id of group.slice(0, Math.round(group.length * plan.train))) training.add(id)
  }
  study.db.write(actor, (tx) => {
    ensureSplitCohorts(tx, cases.some((c) => c.hospital !== plan.hospital))
    for (const c of cases) {
      const cohort = c.hospital !== plan.hospital ? 'external test' : training.has(c.patient_id) ? 'train' : 'validation'
      assignCohort(tx, c.id, cohort)
    }
    setMeta(tx, 'split', JSON.stringify(plan))
    tx.audit({ action: 'study.split', subject: 'meta', id: 'split', new: JSON.stringify(plan) })
  })
  return cohortCounts(study.db.read)
}
