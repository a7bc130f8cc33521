import { caseModelRows } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../../context.ts'
import { isReader } from '../cohort/scope.ts'
import { scorers } from '../scores.ts'

type Cell = string | number | null

/** One row a case and scorer: what every AUC of the report can be computed from again, in R or elsewhere. */
export function scoreRows(study: OpenStudy): { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] } {
  const labels = new Map(caseModelRows(study.db.read).map((r) => [r.case_id, r.label]))
  const rows = scorers(study).scorers.flatMap((s) => [...s.cohorts].flatMap(([cohort, scores]) => scores.map((x): Cell[] => [labels.get(x.caseId) ?? x.caseId, cohort, x.outcome, s.name, s.kind, x.value, x.call === null ? null : x.call ? 1 : 0])))
  return { columns: ['case', 'cohort', 'outcome', 'scorer', 'kind', 'score', 'call'], rows }
}

/** Readers' ratings of one cohort in the input format of iMRMC: a truth row (reader -1) a case, then reader, case, modality, score. Empty without readers. */
export function imrmcText(study: OpenStudy, cohort: string): string {
  const labels = new Map(caseModelRows(study.db.read).map((r) => [r.case_id, r.label]))
  const readers = scorers(study).scorers.filter((s) => isReader(s) && (s.cohorts.get(cohort)?.length ?? 0) > 0)
  const clean = (raw: string): string => raw.replace(/[,\r\n]+/g, ' ').trim()
  const truth = new Map(readers.flatMap((r) => (r.cohorts.get(cohort) ?? []).map((s) => [s.caseId, s.outcome] as const)))
  if (readers.length === 0) return ''
  const positives = [...truth.values()].filter((o) => o === 1).length
  return [
    `${clean(study.name)}, ${clean(cohort)}`, `NR: ${readers.length}`, `N0: ${truth.size - positives}`, `N1: ${positives}`, 'NM: 1', 'BEGIN DATA:',
    ...[...truth].map(([id, outcome]) => `-1,${clean(labels.get(id) ?? id)},0,${outcome}`),
    ...readers.flatMap((r) => (r.cohorts.get(cohort) ?? []).map((s) => `${clean(r.name)},${clean(labels.get(s.caseId) ?? s.caseId)},unaided,${s.value}`)), '',
  ].join('\r\n')
}
