import type { CallOutput, CaseFilter } from '#shared/contract/index.ts'
import { caseModelRows } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../context.ts'
import { cohortRoles, NO_COHORT, scorers, type Scorer } from './scores.ts'
import { conditionText, pickCases } from './variables.ts'

/** All reporting cohorts as one: offered where there is more than one. Fitting and choosing rows never enter it. */
export const ALL_REPORTING = 'all reporting cohorts'

export interface Scope { readonly cohort: string; readonly filters: readonly CaseFilter[] }
type Count = CallOutput<'analysis.roc'>['scope']

export interface Scoped { readonly scorers: readonly Scorer[]; readonly withheld: string[]; readonly scope: Count; readonly role: string | undefined; readonly cohorts: string[] }

interface Cases { readonly members: readonly string[]; readonly ids: ReadonlySet<string> | null; readonly count: Count }

/** The cases of a scope: those with a known outcome in its cohorts that meet every condition. */
function casesOf(study: OpenStudy, { cohort, filters }: Scope): Cases {
  const members = cohort === ALL_REPORTING ? reportingOf(study) : [cohort]
  const inside = caseModelRows(study.db.read).filter((r) => r.outcome !== null && members.includes(r.cohort ?? NO_COHORT))
  const { ids, unknown } = pickCases(inside, filters)
  const kept = ids === null ? inside : inside.filter((r) => ids.has(r.case_id))
  return { members, ids, count: { label: cohort, outcome: study.outcome.label, cases: kept.length, positives: kept.filter((r) => r.outcome === 1).length, of: inside.length, unknown, conditions: filters.map(conditionText) } }
}

const reportingOf = (study: OpenStudy): string[] => [...cohortRoles(study)].filter(([, role]) => role === 'report').map(([name]) => name)

const cut = (all: readonly Scorer[], cohort: string, { members, ids }: Cases): Scorer[] => all.map((s) => {
  const scores = members.flatMap((name) => s.cohorts.get(name) ?? [])
  return { ...s, cohorts: new Map([[cohort, ids === null ? scores : scores.filter((x) => ids.has(x.caseId))]]) }
})

/** Some scorers on the cases of a scope, under the scope's name. */
export const narrowed = (study: OpenStudy, asked: Scope, all: readonly Scorer[]): Scorer[] => cut(all, asked.cohort, casesOf(study, asked))

/** Every scorer on the cases of one cohort (or of all reporting cohorts) that meet the conditions, under the cohort's name; and how many cases that are. */
export function scoped(study: OpenStudy, asked: Scope): Scoped {
  const roles = cohortRoles(study), { scorers: all, withheld } = scorers(study), cases = casesOf(study, asked)
  const names = [...new Set([...roles.keys(), ...all.flatMap((s) => [...s.cohorts.keys()])])]
  return { scorers: cut(all, asked.cohort, cases), withheld, scope: cases.count, role: asked.cohort === ALL_REPORTING ? 'report' : roles.get(asked.cohort), cohorts: reportingOf(study).length > 1 ? [...names, ALL_REPORTING] : names }
}
