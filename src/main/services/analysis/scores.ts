import { analysisReadings, protocols, sessionProgress, sessionsOfProtocol, type AnalysisReading } from '#main/database/queries/reading.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { cohorts } from '#main/database/queries/cases.ts'
import { caseModelRows, currentSignatures, type CaseModelRow } from '#main/database/queries/inference.ts'
import type { ScorerKind } from '#shared/figures/index.ts'
import type { OpenStudy } from '../context.ts'
import { frozenModel, networksByImage, riskOf } from '../inference/risk.ts'
import { clinicalModel, clinicalProbability, fittingRows } from './clinicalModel.ts'
import { remembered } from './remembered.ts'
import { carriedThreshold, withCalls, type Uncalled } from './thresholds.ts'

/** One score of one case, where high means suspicion of the declared positive class. `seconds`: a reader's, without idle time. */
export interface Score { readonly caseId: string; readonly patientId: string; readonly outcome: 0 | 1; readonly value: number; readonly call: boolean | null; readonly seconds?: number }
/** A column of scores: a network's signature, the clinical or combined model, a reader. `basis` says what its calls come from. */
export interface Scorer {
  readonly name: string; readonly kind: ScorerKind; readonly seniority: string | null; readonly threshold: number | null; readonly basis: string; readonly note: string; readonly cohorts: ReadonlyMap<string, readonly Score[]>
  /** A reader whose ratings say no more than the calls: such a reader has no ROC curve. */
  readonly callsOnly: boolean
}

export const NO_COHORT = 'no cohort'
export const DL_SIGNATURE = 'DL signature'

export function byCohort(entries: Iterable<{ readonly cohort: string; readonly score: Score }>): Map<string, Score[]> {
  const map = new Map<string, Score[]>()
  for (const { cohort, score } of entries) {
    const own = map.get(cohort)
    if (own === undefined) map.set(cohort, [score])
    else own.push(score)
  }
  return map
}

/** What figures of a cohort may be called, by the cohort's role. */
export function cohortNote(role: string | undefined): string {
  if (role === 'fit') return 'fitting cohort: optimistic (resubstitution)'
  return role === 'choose' ? 'choosing cohort: optimistic' : ''
}

/** Whether ratings, over all cases read, only repeat the calls. Few ratings that happen to be alike do not count. */
export function onlyCalls(scores: readonly Score[]): boolean {
  const values = new Set(scores.map((s) => s.value))
  return scores.length >= 20 && values.size <= 2 && scores.every((s) => s.call !== null) && new Set(scores.map((s) => `${s.value} ${String(s.call)}`)).size === values.size
}

type KnownRow = CaseModelRow & { readonly outcome: 0 | 1 }

/** Every signature, the clinical and the combined model, and every reader whose scores may be seen, with the cases that have an outcome. */
export const scorers = (study: OpenStudy): { readonly scorers: readonly Scorer[]; readonly withheld: string[] } => remembered(study, 'scorers', () => everyScorer(study))

function everyScorer(study: OpenStudy): { scorers: Scorer[]; withheld: string[] } {
  const models = modelScorers(study, caseModelRows(study.db.read))
  const readers = readerScorers(study)
  return { scorers: [...models, ...readers.scorers], withheld: readers.withheld }
}

function modelScorers(study: OpenStudy, all: readonly CaseModelRow[]): Scorer[] {
  const rows = all.filter((r): r is KnownRow => r.outcome !== null)
  const roles = cohortRoles(study), signatures = currentSignatures(study.db.read), risk = riskOf(study)
  const values = new Map(signatures.map((s) => [`${s.image_id}\n${s.model}`, s.probability]))
  const column = (of: (row: KnownRow) => number | null): Map<string, Score[]> => byCohort(rows.flatMap((row) => {
    const value = of(row)
    return value === null ? [] : [{ cohort: row.cohort ?? NO_COHORT, score: { caseId: row.case_id, patientId: row.patient_id, outcome: row.outcome, value, call: null } }]
  }))
  const chosenHere = (scorer: Uncalled): Scorer => withCalls(scorer, carriedThreshold(scorer.cohorts, roles))
  const out = [...new Set(signatures.map((s) => s.model))].sort().map((name) => chosenHere({ name, kind: 'signature', seniority: null, note: name === risk.signatureModel ? DL_SIGNATURE : '', cohorts: column((row) => values.get(`${row.image_id}\n${name}`) ?? null) }))
  const fitting = fittingRows(study, all), clinical = typeof fitting === 'string' ? fitting : clinicalModel(fitting)
  if (typeof clinical !== 'string') out.push(chosenHere({ name: 'clinical', kind: 'clinical', seniority: null, note: `clinical factors alone, fitted on ${clinical.model.cohort}`, cohorts: column((row) => clinicalProbability(clinical, row)) }))
  const frozen = frozenModel(study)
  if (frozen !== null) {
    const networks = networksByImage(signatures)
    const made = column((row) => risk.of(row.case_id, values.get(`${row.image_id}\n${risk.signatureModel ?? ''}`) ?? null, networks.get(row.image_id)))
    const { threshold } = frozen.model
    if (made.size > 0) out.push(withCalls({ name: 'combined', kind: 'model', seniority: null, note: frozen.name, cohorts: made }, threshold === undefined ? null : { value: threshold.value, from: threshold.chosenOn ?? 'declared beforehand' }))
  }
  return out
}

interface Group { readonly first: AnalysisReading; readonly entries: { cohort: string; score: Score }[] }

interface Reading { readonly protocol: string; readonly rows: readonly AnalysisReading[] }

/** Each reader of each reading; who has read in several is told apart by the reading's name. */
function grouped(readings: readonly Reading[], several: ReadonlySet<string>): Scorer[] {
  return readings.flatMap(({ protocol, rows }) => {
    const groups = new Map<string, Group>()
    for (const r of rows) {
      const own = groups.get(r.account_id) ?? { first: r, entries: [] }
      groups.set(r.account_id, own)
      own.entries.push({ cohort: r.cohort ?? NO_COHORT, score: { caseId: r.case_id, patientId: r.patient_id, outcome: r.outcome, value: r.rating, call: r.call === 'positive', seconds: r.active_seconds } })
    }
    return [...groups.values()].map(({ first, entries }): Scorer => ({
      name: several.has(first.account_id) ? `${first.name} · ${protocol}` : first.name, kind: first.seniority === 'senior' || first.seniority === 'junior' ? first.seniority : 'reader', seniority: first.seniority, threshold: null,
      basis: first.modality === 'aided' ? 'calls with the model’s help' : 'the reader’s calls', note: first.modality, callsOnly: onlyCalls(entries.map((e) => e.score)), cohorts: byCohort(entries),
    }))
  })
}

/** Each reader's readings as the protocol counts them (unaided where it has them), the same readers' aided ones beside, and whose are withheld. */
function readerScorers(study: OpenStudy): { scorers: Scorer[]; withheld: string[] } {
  const db = study.db.read, all = protocols(db)
  const withheld = all.filter((p) => p.state === 'started').flatMap((protocol) => sessionsOfProtocol(db, protocol.id).flatMap((session) => {
    const { total, done } = sessionProgress(db, session.id)
    return done < total ? [`${accountById(db, session.account_id)?.name ?? 'a reader'} (${done} of ${total})`] : []
  }))
  const readings = readingsOf(study)
  return { scorers: grouped(readings, severalOf(readings)), withheld }
}

const readingsOf = (study: OpenStudy): Reading[] => protocols(study.db.read).map((p) => ({ protocol: p.name, rows: analysisReadings(study.db.read, p.id) }))
/** Accounts with answers in more than one reading. */
function severalOf(readings: readonly Reading[]): Set<string> {
  const each = readings.flatMap((r) => [...new Set(r.rows.map((row) => row.account_id))])
  return new Set(each.filter((id, i) => each.indexOf(id) !== i))
}

/** The aided readings of protocols that have unaided ones too, each reader under the name of the unaided scorer. */
export const aidedScorers = (study: OpenStudy): readonly Scorer[] => remembered(study, 'aided scorers', () => {
  const mixed = protocols(study.db.read).filter((p) => !['aided', 'unaided'].includes((JSON.parse(p.document) as { modality?: string }).modality ?? 'unaided'))
  return mixed.length === 0 ? [] : grouped(mixed.map((p) => ({ protocol: p.name, rows: analysisReadings(study.db.read, p.id, 'aided') })), severalOf(readingsOf(study)))
})

export const cohortRoles = (study: OpenStudy): Map<string, string> => new Map(cohorts(study.db.read).map((c) => [c.name, c.role]))
