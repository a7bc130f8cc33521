import type { CasePlan, DemoStudyPlan } from './types.ts'

/** Columns of the workstation's import manifest, in order. */
export const manifestColumns = [
  'case_id', 'patient_id', 'image', 'mask', 'cohort', 'hospital', 'age', 'size_mm', 'histologic_type', 'histologic_grade',
  'er', 'pr', 'her2', 'ki67', 'sln', 'excluded_reason', 'mm_per_px',
] as const

export type ManifestRow = Readonly<Record<(typeof manifestColumns)[number], string>>

/** File name of one image of a case, without its folder. */
export const imageFileName = (plan: CasePlan, imageIndex: number): string => `${plan.caseId}_${imageIndex + 1}.png`

const cell = (value: string | number | null): string => (value === null ? '' : String(value))

/** One manifest row for one image of a case; paths are relative to the manifest. Excluded cases carry no mask. */
export function manifestRow(plan: CasePlan, imageIndex: number, mmPerPx: number | null): ManifestRow {
  const file = imageFileName(plan, imageIndex)
  const c = plan.clinical
  return {
    case_id: plan.caseId,
    patient_id: plan.patientId,
    image: `images/${file}`,
    mask: plan.excludedReason === null ? `masks/${file}` : '',
    cohort: cell(plan.cohort),
    hospital: plan.hospital,
    age: cell(c.age),
    size_mm: cell(c.sizeMm),
    histologic_type: cell(c.histologicType),
    histologic_grade: cell(c.histologicGrade),
    er: cell(c.er),
    pr: cell(c.pr),
    her2: cell(c.her2),
    ki67: cell(c.ki67),
    sln: cell(plan.sln),
    excluded_reason: cell(plan.excludedReason),
    mm_per_px: mmPerPx === null ? '' : mmPerPx.toFixed(5),
  }
}

/** Every (case, image) pair of a plan, in manifest order. */
export function imagesOf(plan: DemoStudyPlan): { readonly plan: CasePlan; readonly imageIndex: number }[] {
  return plan.cases.flatMap((c) => Array.from({ length: c.images }, (_, imageIndex) => ({ plan: c, imageIndex })))
}
