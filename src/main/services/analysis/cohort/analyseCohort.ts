import type { CohortAnalysis } from '#shared/contract/index.ts'
import type { OpenStudy } from '../../context.ts'
import { cohortNote } from '../scores.ts'
import { scoped, type Scope } from '../scoped.ts'
import { aidedOf } from './aidedOf.ts'
import { calibrations, decisionOf } from './calibrate.ts'
import { operatingPoints } from './operating.ts'
import { readerAgreement } from './readerAgreement.ts'
import { reclassifications } from './reclassify.ts'
import { cohortScope } from './scope.ts'
import { cohortTests } from './tests.ts'

/** All figures of one cohort, or of the part of it that meets the conditions, beyond its ROC curves; from the stored scores that an investigator may see. */
export function analyseCohort(study: OpenStudy, asked: Scope): CohortAnalysis {
  const { scorers, withheld, scope: count, role } = scoped(study, asked)
  const scope = cohortScope(scorers, asked.cohort, role)
  return {
    cohort: asked.cohort, scope: count, rows: scope.rows, cohortNote: cohortNote(role), model: scope.model?.name ?? null, modelNote: scope.model?.note ?? '', withheld,
    tests: cohortTests(scope), operating: operatingPoints(scope), calibration: calibrations(scope), ...decisionOf(scope), reclassification: reclassifications(scope), readers: readerAgreement(scope), ...aidedOf(study, asked, scope.readers),
  }
}
