import { Failure, type CombinedOptions, type FitPlan } from '#shared/contract/index.ts'
import type { BuilderRow } from '#shared/statistics/builder/index.ts'
import type { Term } from '#shared/statistics/regression/index.ts'
import { outOfFoldValues } from '#main/database/queries/combined.ts'
import { cohorts } from '#main/database/queries/cases.ts'
import { currentSignatures } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../context.ts'
import { factorsOf, outcomesOf, signaturesOf, studyCases, termOf, type StudyCase } from './columns.ts'
import { planFit, type CohortMembers } from './plan.ts'

/** Where one case's signature came from: a row of the study, or a run of out-of-fold values. */
export interface RowSource { readonly case: string; readonly label: string; readonly signatures: Readonly<Record<string, string>> }
export interface Assembled {
  readonly plan: FitPlan; readonly terms: readonly Term[]; readonly outcome: CombinedOptions['outcomes'][number]; readonly signatures: CombinedOptions['signatures']
  readonly rows: readonly BuilderRow[]
  /** One a row, in the same order. */
  readonly sources: readonly RowSource[]
}

function outcomeValue(row: StudyCase, outcome: CombinedOptions['outcomes'][number]): 0 | 1 | null {
  if (outcome.ofStudy) return row.outcome
  const value = row.values[outcome.column]
  return value === undefined || value === '' ? null : value === outcome.positive ? 1 : 0
}

/** What is known of the study for the choice of a model: outcomes, factors, signatures. */
export function combinedOptions(study: OpenStudy): CombinedOptions {
  const cases = studyCases(study), factors = factorsOf(study, cases)
  return { outcomes: outcomesOf(study, cases, factors), factors, signatures: signaturesOf(study) }
}

export function planOf(study: OpenStudy, outcomeColumn: string, signatureNames: readonly string[], cases: readonly StudyCase[] = studyCases(study)): { plan: FitPlan; outcome: CombinedOptions['outcomes'][number]; signatures: CombinedOptions['signatures'] } {
  const outcome = outcomesOf(study, cases, factorsOf(study, cases)).find((o) => o.column === outcomeColumn)
  if (outcome === undefined) throw new Failure('invalid_input', `${outcomeColumn} is not a column with two values: choose another outcome`)
  const known = signaturesOf(study)
  const signatures = signatureNames.map((name) => {
    const found = known.find((s) => s.name === name)
    if (found === undefined) throw new Failure('invalid_input', `no network of this study gives ${name}; run the automatic segmentation first`)
    return found
  })
  const members = new Map<string, CohortMembers>()
  for (const c of cases) {
    const y = outcomeValue(c, outcome)
    if (c.cohort === null || y === null) continue
    const m = members.get(c.cohort) ?? { cases: 0, positives: 0 }
    members.set(c.cohort, { cases: m.cases + 1, positives: m.positives + y })
  }
  return { plan: planFit(cohorts(study.db.read), members, signatures), outcome, signatures }
}

/** The rows of every cohort with the signatures that may be used there: out-of-fold values in a cohort that is fitted on by them, else the standing ones. */
export function assembleRows(study: OpenStudy, request: { outcome: string; factors: readonly string[]; signatures: readonly string[] }): Assembled {
  const cases = studyCases(study), factors = factorsOf(study, cases)
  const { plan, outcome, signatures } = planOf(study, request.outcome, request.signatures, cases)
  const terms = [...request.factors, ...request.signatures].map((name) => {
    const term = termOf(name, factors)
    if (term === null || name === outcome.column) throw new Failure('invalid_input', name === outcome.column ? `${name} is the outcome and cannot be a factor as well` : `the study has no factor ${name}`)
    return term
  })
  const standing = new Map(currentSignatures(study.db.read).map((s) => [`${s.image_id}\n${s.model}`, s]))
  const runs = new Map(signatures.filter((s) => s.outOfFold !== null).map((s) => [s.name, new Map(outOfFoldValues(study.db.read, s.outOfFold?.id ?? '').map((v) => [v.case_id, v.probability]))]))
  const fitted = new Set(plan.cohorts.filter((c) => c.use === 'fit').map((c) => c.name))
  const sources: RowSource[] = []
  const rows = cases.filter((c) => c.cohort !== null).map((c): BuilderRow => {
    const values: Record<string, string | number | null> = { [outcome.column]: outcomeValue(c, outcome) }
    for (const term of terms) {
      const raw = c.values[term.name]
      values[term.name] = raw === undefined || raw === '' ? null : term.kind === 'numeric' ? Number(raw) : raw
    }
    const from: Record<string, string> = {}
    for (const s of signatures) {
      const held = plan.signatures === 'out of fold' && fitted.has(c.cohort ?? '') ? runs.get(s.name)?.get(c.case_id) : undefined
      const row = standing.get(`${c.image_id}\n${s.network}`)
      if (plan.signatures === 'out of fold' && fitted.has(c.cohort ?? '')) {
        values[s.name] = held ?? null
        if (held !== undefined) from[s.name] = `out of fold ${s.outOfFold?.id ?? ''}`
      } else {
        values[s.name] = row?.probability ?? null
        if (row !== undefined) from[s.name] = row.id
      }
    }
    sources.push({ case: c.case_id, label: c.label, signatures: from })
    return { cohort: c.cohort ?? '', patient: c.patient_id, values }
  })
  return { plan, terms, outcome, signatures, rows, sources }
}
