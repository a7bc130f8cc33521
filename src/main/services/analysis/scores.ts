import type { AnalysisReading } from '#main/database/queries/reading.ts'
import { analysisReadings, protocols, sessionProgress, sessionsOfProtocol } from '#main/database/queries/reading.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { cohorts } from '#main/database/queries/cases.ts'
import { caseModelRows, currentSignatures, type CaseModelRow } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../context.ts'
import { frozenModel, riskOf } from '../inference/risk.ts'

/** One score of one case, where high means suspicion of the declared positive class. */
export interface Score { readonly caseId: string; readonly patientId: string; readonly outcome: 0 | 1; readonly value: number; readonly call: boolean | null }
/** A column of scores: a network's signature, the combined model, a reader. */
export interface Scorer { readonly name: string; readonly kind: 'model' | 'signature' | 'senior' | 'junior' | 'reader'; readonly seniority: string | null; readonly threshold: number | null; readonly note: string; readonly cohorts: ReadonlyMap<string, readonly Score[]> }

function byCohort(entries: readonly { cohort: string; score: Score }[]): Map<string, Score[]> {
  const map = new Map<string, Score[]>()
  for (const { cohort, score } of entries) map.set(cohort, [...(map.get(cohort) ?? []), score])
  return map
}

/** What figures of a cohort may be called, by the cohort's role. */
export function cohortNote(role: string | undefined): string {
  if (role === 'fit') return 'fitting cohort: optimistic (resubstitution)'
  return role === 'choose' ? 'choosing cohort: optimistic' : ''
}

/** Every signature, the combined model and every reader whose scores may be seen, with the cases that have an outcome. */
export function scorers(study: OpenStudy): { scorers: Scorer[]; withheld: string[] } {
  const db = study.db.read
  const rows = caseModelRows(db).filter((r): r is CaseModelRow & { outcome: 0 | 1 } => r.outcome !== null)
  const out: Scorer[] = []
  const signatures = currentSignatures(db, null)
  const risk = riskOf(study)
  const values = new Map(signatures.map((s) => [`${s.image_id}\n${s.model}`, s.probability]))
  const scoreOf = (row: CaseModelRow & { outcome: 0 | 1 }, value: number, threshold: number | null): { cohort: string; score: Score } =>
    ({ cohort: row.cohort ?? 'no cohort', score: { caseId: row.case_id, patientId: row.patient_id, outcome: row.outcome, value, call: threshold === null ? null : value >= threshold } })
  for (const name of [...new Set(signatures.map((s) => s.model))].sort()) {
    const entries = rows.flatMap((row) => {
      const value = values.get(`${row.image_id}\n${name}`)
      return value === undefined ? [] : [scoreOf(row, value, null)]
    })
    out.push({ name, kind: 'signature', seniority: null, threshold: null, note: name === risk.signatureModel ? 'DL signature' : '', cohorts: byCohort(entries) })
  }
  const frozen = frozenModel(study)
  if (frozen !== null && risk.signatureModel !== null) {
    const threshold = frozen.model.threshold?.value ?? null
    const entries = rows.flatMap((row) => {
      const probability = risk.of(row.case_id, values.get(`${row.image_id}\n${risk.signatureModel ?? ''}`) ?? null)
      return probability === null ? [] : [scoreOf(row, probability, threshold)]
    })
    if (entries.length > 0) out.push({ name: 'combined', kind: 'model', seniority: null, threshold, note: frozen.name, cohorts: byCohort(entries) })
  }
  const readers = readerScorers(study)
  return { scorers: [...out, ...readers.scorers], withheld: readers.withheld }
}

function readerScorers(study: OpenStudy): { scorers: Scorer[]; withheld: string[] } {
  const db = study.db.read
  const scorers: Scorer[] = [], withheld: string[] = []
  for (const protocol of protocols(db)) {
    const readings = analysisReadings(db, protocol.id)
    const groups = new Map<string, AnalysisReading[]>()
    for (const r of readings) groups.set(r.account_id, [...(groups.get(r.account_id) ?? []), r])
    for (const own of groups.values()) {
      const first = own[0] as AnalysisReading
      scorers.push({
        name: first.name, kind: first.seniority === 'senior' || first.seniority === 'junior' ? first.seniority : 'reader', seniority: first.seniority, threshold: null, note: '',
        cohorts: byCohort(own.map((r) => ({ cohort: r.cohort, score: { caseId: r.case_id, patientId: r.patient_id, outcome: r.outcome, value: r.rating, call: r.call === 'positive' } }))),
      })
    }
    if (protocol.state !== 'started') continue
    for (const session of sessionsOfProtocol(db, protocol.id)) {
      const { total, done } = sessionProgress(db, session.id)
      if (done < total) withheld.push(`${accountById(db, session.account_id)?.name ?? 'a reader'} (${done} of ${total})`)
    }
  }
  return { scorers, withheld }
}

export const cohortRoles = (study: OpenStudy): Map<string, string> => new Map(cohorts(study.db.read).map((c) => [c.name, c.role]))
