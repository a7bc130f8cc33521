import { caseModelRows } from '#main/database/queries/inference.ts'
import { protocols } from '#main/database/queries/reading.ts'
import type { OpenStudy } from '../../context.ts'
import { isReader } from '../cohort/scope.ts'
import { aidedScorers, scorers, type Scorer } from '../scores.ts'

type Cell = string | number | null

/** The protocols that the readings of an export were read under, as they now stand, each with the hash of its document. */
export const protocolRows = (study: OpenStudy): { readonly protocol: string; readonly version: number; readonly state: string; readonly sha256: string }[] =>
  protocols(study.db.read).filter((p) => p.state !== 'draft').map((p) => ({ protocol: p.name, version: p.version, state: p.state, sha256: p.hash }))

/** One row a case and scorer: what every AUC of the report can be computed from again, in R or elsewhere. */
export function scoreRows(study: OpenStudy): { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] } {
  const labels = new Map(caseModelRows(study.db.read).map((r) => [r.case_id, r.label]))
  const named = [...scorers(study).scorers, ...aidedScorers(study).map((s) => ({ ...s, name: `${s.name}, aided` }))]
  const rows = named.flatMap((s) => [...s.cohorts].flatMap(([cohort, scores]) => scores.map((x): Cell[] => [labels.get(x.caseId) ?? x.caseId, cohort, x.outcome, s.name, s.kind, x.value, x.call === null ? null : x.call ? 1 : 0])))
  return { columns: ['case', 'cohort', 'outcome', 'scorer', 'kind', 'score', 'call'], rows }
}

/**
 * Readers' ratings of one cohort in the input format of iMRMC: a truth row (reader -1) a case, then reader, case, modality, score. Readings
 * with the model's help are a second modality. Empty without readers.
 */
export function imrmcText(study: OpenStudy, cohort: string): string {
  const labels = new Map(caseModelRows(study.db.read).map((r) => [r.case_id, r.label]))
  const inCohort = (list: readonly Scorer[]): Scorer[] => list.filter((s) => isReader(s) && (s.cohorts.get(cohort)?.length ?? 0) > 0)
  const first = inCohort(scorers(study).scorers), aided = inCohort(aidedScorers(study))
  const columns = [...first.map((reader) => ({ reader, modality: reader.note === 'aided' ? 'aided' : 'unaided' })), ...aided.map((reader) => ({ reader, modality: 'aided' }))]
  if (columns.length === 0) return ''
  const clean = (raw: string): string => raw.replace(/[,\r\n]+/g, ' ').trim()
  const truth = new Map(columns.flatMap((c) => (c.reader.cohorts.get(cohort) ?? []).map((s) => [s.caseId, s.outcome] as const)))
  const positives = [...truth.values()].filter((o) => o === 1).length
  return [
    `${clean(study.name)}, ${clean(cohort)}`, ...protocolRows(study).map((p) => `Protocol ${clean(p.protocol)} v${p.version} SHA-256 ${p.sha256}`), `NR: ${new Set(columns.map((c) => c.reader.name)).size}`, `N0: ${truth.size - positives}`, `N1: ${positives}`, `NM: ${new Set(columns.map((c) => c.modality)).size}`, 'BEGIN DATA:',
    ...[...truth].map(([id, outcome]) => `-1,${clean(labels.get(id) ?? id)},0,${outcome}`),
    ...columns.flatMap(({ reader, modality }) => (reader.cohorts.get(cohort) ?? []).map((s) => `${clean(reader.name)},${clean(labels.get(s.caseId) ?? s.caseId)},${modality},${s.value}`)), '',
  ].join('\r\n')
}
