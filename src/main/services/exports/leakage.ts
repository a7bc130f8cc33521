import { Failure } from '#shared/contract/errors.ts'
import type { ExportPicture } from './collect.ts'

/**
 * Throws where a patient, or the very same picture, is in two cohorts: figures of a model trained on such a split are worthless.
 * Looks at what will be written, not at how it came to be.
 */
export function checkLeakage(pictures: readonly Pick<ExportPicture, 'case' | 'object' | 'ordinal'>[]): void {
  const patients = new Map<string, { cohort: string; label: string }>(), objects = new Map<string, { cohort: string; label: string }>()
  const faults: string[] = []
  for (const { case: item, object } of pictures) {
    const here = { cohort: item.cohort ?? '', label: item.label }
    const patient = patients.get(item.patient), picture = objects.get(object)
    if (patient === undefined) patients.set(item.patient, here)
    else if (patient.cohort !== here.cohort) faults.push(`patient ${item.patient} is in cohort ${patient.cohort} (case ${patient.label}) and in cohort ${here.cohort} (case ${here.label})`)
    if (picture === undefined) objects.set(object, here)
    else if (picture.cohort !== here.cohort) faults.push(`case ${picture.label} of cohort ${picture.cohort} and case ${here.label} of cohort ${here.cohort} have the very same picture`)
  }
  if (faults.length === 0) return
  const more = faults.length > 5 ? ` (and ${faults.length - 5} more)` : ''
  throw new Failure('refused', `LEAKAGE: ${faults.slice(0, 5).join('; ')}${more}. Nothing was written. Correct the cohorts or exclude the cases, then export again`)
}
