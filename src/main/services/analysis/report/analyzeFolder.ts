import { stringify } from 'csv-stringify/sync'
import { caseModelRows } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../../context.ts'
import { isReader } from '../cohort/scope.ts'
import { cohortRoles, DL_SIGNATURE, scorers, type Scorer } from '../scores.ts'
import { protocolRows } from './scoreFiles.ts'

type Spec = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string }

/** The analyses of a cohort as `sln analyze` reads them; patients with several cases are beyond its DeLong, which has no clusters. */
function specs(here: readonly Scorer[]): Spec[] {
  const names = (list: readonly Scorer[]): string[] => list.map((s) => s.name)
  const rated = here.filter((s) => !s.callsOnly), readers = here.filter(isReader), models = here.filter((s) => !isReader(s))
  const order = [here.find((s) => s.kind === 'clinical'), here.find((s) => s.note === DL_SIGNATURE), here.find((s) => s.kind === 'model')].filter((s): s is Scorer => s !== undefined)
  const model = order.at(-1)
  const calls = readers.map((r) => `${r.name} call`)
  const rating = readers.filter((r) => !r.callsOnly)
  return [
    ...(rated.length > 0 ? [{ id: 'roc', type: 'roc', outcome: 'outcome', scores: names(rated) }] : []),
    ...(models.length > 0 ? [{ id: 'calibration', type: 'calibration', outcome: 'outcome', probs: names(models), g: 10 }] : []),
    ...order.flatMap((old, i) => order.slice(i + 1).map((newer) => ({ id: `reclassification ${old.name} to ${newer.name}`, type: 'reclass', outcome: 'outcome', old: old.name, new: newer.name }))),
    ...(model !== undefined && rating.length > 0 ? [{ id: 'model against readers', type: 'model_vs_readers', outcome: 'outcome', model: model.name, readers: names(rating) }] : []),
    ...(readers.length > 1 ? [{ id: 'kappa of calls', type: 'kappa', raters: calls, levels: [1, 0] }, { id: 'fleiss of calls', type: 'fleiss', raters: calls, levels: [1, 0] }, { id: 'icc of ratings', type: 'icc', raters: names(readers) }] : []),
  ]
}

/** data.csv and task.json of one cohort: `sln analyze` on them computes the figures of the report again. Empty where nobody scored the cohort. */
export function analyzeFiles(study: OpenStudy, cohort: string): [string, string][] {
  const here = scorers(study).scorers.filter((s) => (s.cohorts.get(cohort)?.length ?? 0) > 0)
  const rows = caseModelRows(study.db.read).filter((r) => r.outcome !== null && r.cohort === cohort)
  if (here.length === 0 || rows.length === 0) return []
  const columns = here.map((s) => ({ scorer: s, scores: new Map((s.cohorts.get(cohort) ?? []).map((x) => [x.caseId, x])) }))
  const head = ['case', 'outcome', ...here.map((s) => s.name), ...here.filter(isReader).map((s) => `${s.name} call`)]
  const body = rows.map((r) => [r.label, r.outcome, ...columns.map((c) => c.scores.get(r.case_id)?.value ?? ''), ...columns.filter((c) => isReader(c.scorer)).map((c) => { const call = c.scores.get(r.case_id)?.call; return call === undefined || call === null ? '' : call ? 1 : 0 })])
  const task = { case: `${study.name}, ${cohort}`, role: cohortRoles(study).get(cohort) ?? null, protocols: protocolRows(study), analyses: specs(here) }
  return [['data.csv', stringify([head, ...body])], ['task.json', `${JSON.stringify(task, null, 2)}\n`]]
}
