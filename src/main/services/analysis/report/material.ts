import type { CallOutput, CohortAnalysis } from '#shared/contract/index.ts'
import type { CohortRole } from '#shared/domain/index.ts'
import { signatureModel } from '#main/database/queries/combined.ts'
import { caseModelRows, type CaseModelRow } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../../context.ts'
import { frozenModel, type FrozenModel } from '../../inference/risk.ts'
import { clinicalModel, fittingRows, type ClinicalModel, type FittingRows } from '../clinicalModel.ts'
import { analyseCohort } from '../cohort/analyseCohort.ts'
import { rocOf } from '../roc.ts'
import { cohortRoles } from '../scores.ts'
import { ALL_REPORTING } from '../scoped.ts'
import { maskFigures, type MaskFigure } from '../segmentation.ts'

export type Roc = CallOutput<'analysis.roc'>
export interface CohortMaterial { readonly cohort: string; readonly role: CohortRole | undefined; readonly roc: Roc; readonly analysis: CohortAnalysis }

/** Everything that the report prints, computed once; text, tables and figures are made of the same rows. */
export interface Material {
  readonly study: OpenStudy
  readonly rows: readonly CaseModelRow[]
  readonly masks: readonly MaskFigure[]
  readonly cohorts: readonly CohortMaterial[]
  readonly fitting: FittingRows | string
  readonly clinical: ClinicalModel | string
  readonly frozen: FrozenModel | null
  /** the name of the network that gives the DL signature */
  readonly signature: string | null
}

export function gather(study: OpenStudy, say: (done: number, total: number, note: string) => void): Material {
  const rows = caseModelRows(study.db.read), roles = cohortRoles(study)
  const names = rocOf(study, { cohort: '', filters: [] }).cohorts.filter((c) => c !== ALL_REPORTING)
  const cohorts = names.map((cohort, i): CohortMaterial => {
    say(i, names.length + 4, `cohort ${cohort}`)
    return { cohort, role: roles.get(cohort) as CohortRole | undefined, roc: rocOf(study, { cohort, filters: [] }), analysis: analyseCohort(study, { cohort, filters: [] }) }
  })
  say(names.length, names.length + 4, 'masks and models')
  const fitting = fittingRows(study, rows)
  return { study, rows, masks: maskFigures(study), cohorts, fitting, clinical: typeof fitting === 'string' ? fitting : clinicalModel(fitting), frozen: frozenModel(study), signature: signatureModel(study.db.read)?.model ?? null }
}

/** A cohort with what its figures may be called. */
export const cohortLabel = ({ cohort, role }: Pick<CohortMaterial, 'cohort' | 'role'>): string => (role === 'fit' ? `${cohort} (fitting)` : role === 'choose' ? `${cohort} (choosing)` : cohort)
export const ROWS = { fitting: 'fitting rows, optimistic', evaluation: 'rows that took no part in fitting' } as const
