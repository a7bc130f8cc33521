import type { CohortAnalysis } from '#shared/contract/index.ts'
import type { OpenStudy } from '../../context.ts'
import { aidedScorers, type Scorer } from '../scores.ts'
import { narrowed, type Scope } from '../scoped.ts'
import { aidedComparison } from './aided.ts'

/** Aided against unaided on the cases of the scope; `readers` are the unaided scorers of the same scope. */
export const aidedOf = (study: OpenStudy, asked: Scope, readers: readonly Scorer[]): Pick<CohortAnalysis, 'aided' | 'aidedNote'> =>
  aidedComparison(readers, narrowed(study, asked, aidedScorers(study)), asked.cohort)
