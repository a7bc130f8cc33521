import type { ProtocolPlan } from '#shared/contract/index.ts'
import { AID_LABELS, DEFAULT_WASHOUT_DAYS, clinicalVariable, isAided } from '#shared/domain/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { casesWithoutOutcome, cohorts, representativeImage } from '#main/database/queries/cases.ts'
import { isInvestigator } from '#main/database/queries/exposure.ts'
import { casesByLabel, casesOfCohorts } from '#main/database/queries/reading.ts'
import type { ReadDb } from '#main/database/index.ts'
import type { OpenStudy } from '../context.ts'
import { modelAids, missingAids } from './aids.ts'

export interface PlannedCase { readonly case_id: string; readonly cohort: string; readonly patient_id: string; readonly label: string }
export interface PlanProblem { readonly field: string; readonly message: string }
export interface CheckedPlan { readonly cases: readonly PlannedCase[]; readonly training: readonly PlannedCase[]; readonly problems: readonly PlanProblem[]; readonly notes: readonly string[] }

const some = (names: readonly string[]): string => `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
const planned = (rows: readonly { case_id: string; cohort: string | null; patient_id: string; label: string }[]): PlannedCase[] => rows.map((c) => ({ ...c, cohort: c.cohort ?? 'no cohort' }))

/** The cases of a plan: of its cohorts and of its list, each once, in label order. */
export function casesOfPlan(db: ReadDb, plan: Pick<ProtocolPlan, 'cohorts' | 'caseLabels'>): PlannedCase[] {
  const all = [...planned(casesOfCohorts(db, plan.cohorts)), ...planned(casesByLabel(db, plan.caseLabels))]
  return [...new Map(all.map((c) => [c.case_id, c])).values()].sort((a, b) => (a.label < b.label ? -1 : 1))
}
export const trainingOfPlan = (db: ReadDb, plan: Pick<ProtocolPlan, 'training'>): PlannedCase[] => {
  const rows = new Map(planned(casesByLabel(db, plan.training.caseLabels)).map((c) => [c.label, c]))
  return [...new Set(plan.training.caseLabels)].flatMap((label) => rows.get(label) ?? [])
}

function caseProblems(db: ReadDb, plan: ProtocolPlan, cases: readonly PlannedCase[], training: readonly PlannedCase[]): PlanProblem[] {
  const out: PlanProblem[] = []
  const known = new Set(cohorts(db).map((c) => c.name))
  const unknown = plan.cohorts.filter((c) => !known.has(c))
  if (unknown.length > 0) out.push({ field: 'cohorts', message: `there is no cohort ${some(unknown)}` })
  const found = new Set(casesByLabel(db, [...plan.caseLabels, ...plan.training.caseLabels]).map((c) => c.label))
  const lost = plan.caseLabels.filter((label) => !found.has(label)), lostTraining = plan.training.caseLabels.filter((label) => !found.has(label))
  if (lost.length > 0) out.push({ field: 'caseLabels', message: `not among the included cases with an image: ${some(lost)}` })
  if (lostTraining.length > 0) out.push({ field: 'training', message: `not among the included cases with an image: ${some(lostTraining)}` })
  if (cases.length === 0) out.push({ field: 'cohorts', message: 'no case with an image is chosen' })
  const patients = new Set(cases.map((c) => c.patient_id))
  const both = training.filter((c) => patients.has(c.patient_id))
  if (both.length > 0) out.push({ field: 'training', message: `a training case must be of a patient who is not read: ${some(both.map((c) => c.label))}` })
  const blank = plan.training.feedback ? casesWithoutOutcome(db, training.map((c) => c.case_id)) : 0
  if (blank > 0) out.push({ field: 'training', message: `feedback needs the outcome of every training case; ${blank} ${blank === 1 ? 'has' : 'have'} none` })
  return out
}

/** Who cannot read: investigators under any of their accounts, other roles, accounts that are disabled, a person named twice. */
export function readerProblems(db: ReadDb, readers: readonly string[]): PlanProblem[] {
  const out: PlanProblem[] = []
  const people = new Map<string, string>()
  for (const id of readers) {
    const account = accountById(db, id)
    const say = (message: string): void => void out.push({ field: 'readers', message })
    if (account === undefined) say('one of the readers has no account')
    else if (account.role !== 'reader') say(`${account.name} is not a reader; an investigator or annotator of the study cannot read in it`)
    else if (isInvestigator(db, id)) say(`${account.name} is also an investigator of the study and cannot read in it`)
    else if (account.disabled === 1) say(`the account of ${account.name} is disabled`)
    else if (people.has(account.person ?? account.id)) say(`${account.name} and ${people.get(account.person ?? account.id) ?? ''} are the same person`)
    if (account !== undefined) people.set(account.person ?? account.id, account.name)
  }
  return out
}

function designProblems(study: OpenStudy, plan: ProtocolPlan): PlanProblem[] {
  const out: PlanProblem[] = []
  const say = (field: string, message: string): void => void out.push({ field, message })
  if (plan.modality === 'crossover' && plan.sessions !== 2) say('sessions', 'a crossover has two sessions')
  if (plan.sessions > 1 && plan.washoutDays < DEFAULT_WASHOUT_DAYS) say('washoutDays', `two sessions over the same cases need a washout of at least ${DEFAULT_WASHOUT_DAYS} days`)
  if (isAided(plan.modality) && plan.aids.length === 0) say('aids', 'choose what of the model an aided reader sees')
  if (!isAided(plan.modality) && plan.aids.length > 0) say('aids', 'an unaided reading shows nothing of the model')
  const factors = plan.factors.filter((name) => clinicalVariable(name) === undefined || name === study.outcome.column)
  if (factors.length > 0) say('factors', `not a clinical factor that may be shown: ${some(factors)}`)
  if (new Set(plan.questions.map((q) => q.id)).size < plan.questions.length) say('questions', 'two questions have the same id')
  for (const q of plan.questions) {
    if (q.kind === 'number' && q.min >= q.max) say('questions', `“${q.label}” needs a lowest value under its highest`)
    if (q.kind === 'choice' && new Set(q.options).size < q.options.length) say('questions', `“${q.label}” has an option twice`)
  }
  return out
}

/** Everything that stops a plan, and what to know about it. Nothing is stored. */
export function checkPlan(study: OpenStudy, plan: ProtocolPlan): CheckedPlan {
  const db = study.db.read
  const cases = casesOfPlan(db, plan), training = trainingOfPlan(db, plan)
  const problems = [...caseProblems(db, plan, cases, training), ...readerProblems(db, plan.readers), ...designProblems(study, plan)]
  const notes: string[] = []
  const open = casesWithoutOutcome(db, cases.map((c) => c.case_id))
  if (open > 0) notes.push(`${open} of ${cases.length} cases have no outcome yet; they are read, and analysed once they have one`)
  if (isAided(plan.modality) && plan.aids.length > 0) {
    const images = [...training, ...cases].map((c) => ({ caseId: c.case_id, imageId: representativeImage(db, c.case_id)?.image_id ?? '' }))
    for (const { aid, missing } of missingAids(modelAids(study, images), plan.aids)) {
      if (missing === images.length) problems.push({ field: 'aids', message: `no case has “${AID_LABELS[aid]}” yet: run the model first` })
      else if (missing > 0) notes.push(`${missing} of ${images.length} cases have no “${AID_LABELS[aid]}”; the reader is told so`)
    }
  }
  if (plan.modality === 'crossover' && plan.readers.length % 2 === 1) notes.push('an odd number of readers: one more begins unaided than aided')
  return { cases, training, problems, notes }
}
