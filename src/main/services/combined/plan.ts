import type { CombinedOptions, FitPlan } from '#shared/contract/index.ts'
import type { CohortRecord } from '#main/database/queries/cases.ts'

export const NETWORKS_SAW = 'the networks may have been fitted on these rows: their signatures, and so the risks, can be optimistic'
const NETWORKS_CHOSEN = 'the networks may have been chosen on these rows: figures can be optimistic'

type Signature = CombinedOptions['signatures'][number]
export interface CohortMembers { readonly cases: number; readonly positives: number }

/**
 * Which cohorts a model is fitted on. Clinical factors alone: the cohorts with the role `fit`. With signatures: these as well, by out-of-fold values, since a
 * network's own probabilities of the cases it was fitted on are too good; where there are none, the cohorts with the role `choose`.
 * All other cohorts are for evaluation, at the threshold that the fitting rows gave.
 */
export function planFit(cohorts: readonly Pick<CohortRecord, 'name' | 'role'>[], members: ReadonlyMap<string, CohortMembers>, signatures: readonly Signature[]): FitPlan {
  const of = (name: string): CohortMembers => members.get(name) ?? { cases: 0, positives: 0 }
  const outOfFold = signatures.length > 0 && signatures.every((s) => s.outOfFold !== null)
  const role = signatures.length === 0 || outOfFold ? 'fit' : 'choose'
  const note = (own: string): string => {
    if (own === role || signatures.length === 0) return ''
    return own === 'fit' ? NETWORKS_SAW : own === 'choose' ? NETWORKS_CHOSEN : ''
  }
  const used = cohorts.map((c) => ({ name: c.name, role: c.role, use: c.role === role ? 'fit' as const : 'evaluate' as const, note: note(c.role), ...of(c.name) }))
  const fitting = used.filter((c) => c.use === 'fit' && c.cases > 0)
  return { cohorts: used, signatures: signatures.length === 0 ? 'none' : outOfFold ? 'out of fold' : 'choosing cohort', ...words(role, signatures, outOfFold, fitting.map((c) => c.name)) }
}

function words(role: 'fit' | 'choose', signatures: readonly Signature[], outOfFold: boolean, names: readonly string[]): Pick<FitPlan, 'basis' | 'problem'> {
  if (names.length === 0) {
    const todo = `give a cohort the role "${role}" in the study's page${role === 'choose' ? ', or import out-of-fold signatures of the fitting cohort' : ''}`
    return { basis: '', problem: `No cohort with cases has the role "${role}", so there is nothing to fit on: ${todo}.` }
  }
  const where = names.join(' and ')
  if (signatures.length === 0) return { basis: `Clinical factors alone are fitted on ${where}: the cohorts with the role "fit".`, problem: null }
  if (outOfFold) return { basis: `Fitted on ${where} with out-of-fold signatures (${signatures.map((s) => s.outOfFold?.name ?? '').join(', ')}): every value comes from a network, and a mask, that never saw the case.`, problem: null }
  return { basis: `There are no out-of-fold signatures of the fitting cohort, whose own signatures are too good. So the model is fitted on ${where}, the cohort with the role "choose", which the networks were not fitted on.`, problem: null }
}
