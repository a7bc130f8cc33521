import { createRandom, type Random } from '#shared/lib/index.ts'
import { drawFactors, recordFactors } from './clinical.ts'
import { drawLesion } from './features.ts'
import { clinicalLogOdds, imageLogOdds, outcomesAtPrevalence } from './outcome.ts'
import { stratifiedPatients } from './split.ts'
import type { CasePlan, CohortName, DemoStudyPlan, ExclusionReason, Hospital } from './types.ts'

export interface DemoStudyOptions {
  /** Cases of the three cohorts together; the excluded ones come on top. 180 unless told. */
  readonly cases?: number
  readonly seed?: string | number
  /** Share of the cases that hospital B contributes as the external test cohort, 0 to 1. */
  readonly externalShare?: number
  /** Share of hospital A's patients in the training cohort. */
  readonly trainShare?: number
  /** Share of cases with a metastatic sentinel node. */
  readonly prevalence?: number
}

const exclusionShare: Record<Hospital, number> = { A: 0.11, B: 0.2 }
const pad = (n: number): string => String(n).padStart(4, '0')

type Draft = Omit<CasePlan, 'cohort' | 'sln' | 'excludedReason'> & { readonly latentOutcome: number }

function drawCase(random: Random, hospital: Hospital, number: number, patient: { id: string; age: number }): Draft {
  const latent = random.normal()
  const lesion = drawLesion(random.fork('lesion'), latent)
  const factors = drawFactors(random.fork('pathology'), latent)
  const noise = random.fork('outcome').next()
  const many = random.next()
  const imageSignal = imageLogOdds(lesion)
  const signal = imageSignal + clinicalLogOdds(factors)
  return {
    caseId: `SYN-${hospital}-${pad(number)}`,
    patientId: patient.id,
    hospital,
    seed: `${random.fork('pixels').int(2 ** 31)}-${hospital}-${number}`,
    images: many < 0.02 ? 3 : many < 0.13 ? 2 : 1,
    clinical: recordFactors(random.fork('record'), patient.age, lesion, factors),
    lesion,
    imageSignal,
    signal,
    latentOutcome: signal + 1.05 * Math.log((noise + 1e-9) / (1 - noise + 1e-9)),
  }
}

/** Cases of one hospital in order of arrival; about one patient in 25 brings a second lesion. */
function drawHospital(random: Random, hospital: Hospital, count: number): Draft[] {
  const drafts: Draft[] = []
  for (let patientNumber = 1; drafts.length < count; patientNumber++) {
    const own = random.fork(patientNumber)
    const patient = { id: `SYN-P${hospital}-${pad(patientNumber)}`, age: Math.round(Math.min(86, Math.max(26, 53.5 + 10.8 * own.normal()))) }
    const lesions = own.next() < 0.04 ? 2 : 1
    for (let i = 0; i < lesions && drafts.length < count; i++) drafts.push(drawCase(own.fork(i), hospital, drafts.length + 1, patient))
  }
  return drafts
}

function finish(draft: Draft, rest: Pick<CasePlan, 'cohort' | 'sln' | 'excludedReason'>): CasePlan {
  const { latentOutcome: _hidden, ...kept } = draft
  return { ...kept, ...rest }
}

function included(random: Random, hospital: Hospital, count: number, options: Required<DemoStudyOptions>): CasePlan[] {
  const drafts = drawHospital(random, hospital, count)
  const outcomes = outcomesAtPrevalence(drafts.map((d) => d.latentOutcome), options.prevalence)
  const members = drafts.map((draft, i) => ({ draft, patientId: draft.patientId, sln: outcomes[i] ?? 0 }))
  const training = stratifiedPatients(random.fork('split'), members, options.trainShare)
  const cohortOf = (patientId: string): CohortName => (hospital === 'B' ? 'external test' : training.has(patientId) ? 'train' : 'validation')
  return members.map(({ draft, sln }) => finish(draft, { cohort: cohortOf(draft.patientId), sln, excludedReason: null }))
}

/** The reason at rank `u` in [0, 1): fixed shares, so that even a small study shows each of them. */
function reasonAt(u: number): ExclusionReason {
  if (u < 0.45) return 'neoadjuvant therapy before ultrasound'
  return u < 0.75 ? 'incomplete pathology' : 'poor image quality'
}

/** Cases that the study turned away: numbered after the included ones, other patients, one image each. */
function excluded(random: Random, hospital: Hospital, includedCount: number): CasePlan[] {
  const count = Math.round(includedCount * exclusionShare[hospital])
  return Array.from({ length: count }, (_, i) => {
    const own = random.fork(i)
    const number = includedCount + i + 1
    const patient = { id: `SYN-P${hospital}-X${pad(i + 1)}`, age: Math.round(Math.min(86, Math.max(26, 53.5 + 10.8 * own.normal()))) }
    const draft = { ...drawCase(own.fork('case'), hospital, number, patient), images: 1 }
    const excludedReason = reasonAt((i + 0.5) / count)
    const sln = excludedReason === 'incomplete pathology' ? null : draft.latentOutcome > 0 ? 1 : 0
    const clinical = excludedReason === 'incomplete pathology' ? { ...draft.clinical, histologicGrade: null, her2: null, ki67: null } : draft.clinical
    return finish({ ...draft, clinical }, { cohort: null, sln, excludedReason })
  })
}

/**
 * Plans the synthetic demo study: every case with its clinical data, lesion and simulated outcome, and no pixels.
 * Hospital A is divided 7:3 by patient, stratified by outcome; hospital B is the external test cohort. The same options give the same plan.
 * @throws RangeError where `cases` is not a positive integer.
 */
export function planDemoStudy(options: DemoStudyOptions = {}): DemoStudyPlan {
  const full = { cases: 180, seed: 1, externalShare: 50 / 180, trainShare: 0.7, prevalence: 0.47, ...options }
  if (!Number.isInteger(full.cases) || full.cases < 1) throw new RangeError(`cases must be a positive integer, not ${full.cases}`)
  const random = createRandom(`demo-study/${full.seed}`)
  const external = Math.round(full.cases * full.externalShare)
  const counts: [Hospital, number][] = [['A', full.cases - external], ['B', external]]
  return {
    seed: String(full.seed),
    cases: [
      ...counts.flatMap(([hospital, count]) => included(random.fork(hospital), hospital, count, full)),
      ...counts.flatMap(([hospital, count]) => excluded(random.fork(`excluded-${hospital}`), hospital, count)),
    ],
  }
}
