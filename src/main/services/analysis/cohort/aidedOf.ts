import type { CohortAnalysis } from '#shared/contract/index.ts'
import { simulatedAidProtocols } from '#main/database/queries/readingAids.ts'
import type { OpenStudy } from '../../context.ts'
import { aidedScorers, type Scorer } from '../scores.ts'
import { narrowed, type Scope } from '../scoped.ts'
import { aidedComparison } from './aided.ts'

/** Aided against unaided on the cases of the scope, with a note where the rows say that no model made the aid; `readers` are the unaided scorers of the same scope. */
export function aidedOf(study: OpenStudy, asked: Scope, readers: readonly Scorer[]): Pick<CohortAnalysis, 'aided' | 'aidedNote'> {
  const made = aidedComparison(readers, narrowed(study, asked, aidedScorers(study)), asked.cohort)
  const simulated = made.aided === null ? [] : simulatedAidProtocols(study.db.read)
  return simulated.length === 0 ? made : { ...made, aidedNote: `The aid of ${simulated.map((name) => `“${name}”`).join(' and ')} was simulated: no model computed it.` }
}
