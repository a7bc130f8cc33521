import { Failure, type BuiltModel, type CompareRequest, type FitRequest } from '#shared/contract/index.ts'
import type { LearnerComparison } from '#shared/statistics/builder/index.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import { runStatistics } from '#main/runtime/statistics/run.ts'
import type { OpenStudy } from '../context.ts'
import type { JobHandle } from '../jobs/jobs.ts'
import { assembleRows } from './rows.ts'

const need = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly message: string } }): T => {
  if (result.ok) return result.value
  throw new Failure('invalid_input', result.error.message)
}

/** Fits, selects and measures on a thread of its own. The rows are read once, before it starts. */
export async function buildModel(study: OpenStudy, request: FitRequest, job: JobHandle): Promise<BuiltModel> {
  const { rows, sources, plan, terms, outcome, signatures } = assembleRows(study, request)
  if (plan.problem !== null) throw new Failure('not_ready', plan.problem)
  const spec = {
    outcome: outcome.column, positiveClass: `${outcome.label}${study.synthetic ? ' (simulated)' : ''}`, terms, signatures: request.signatures, forced: request.forced, selection: request.selection, estimator: request.estimator,
    cohorts: plan.cohorts.filter((c) => c.cases > 0).map(({ name, use, note }) => ({ name, use, note })), threshold: request.threshold, summary: request.summary, resamples: request.resamples, seed: request.seed,
  }
  const report = need(await runStatistics('build', { rows, spec }, { signal: job.signal, progress: (d, t, what) => job.progress(d, t, what) }))
  const used = new Set(plan.cohorts.filter((c) => c.use === 'fit').map((c) => c.name))
  const fitted = rows.flatMap((row, i) => (used.has(row.cohort) ? [{ row, source: sources[i] }] : []))
  return {
    report, plan, signatures: signatures.map(({ name, network, sha256: hash, main }) => ({ name, network, sha256: hash, main })),
    fittedOn: fitted.map(({ source }) => ({ case: source?.case ?? '', signatures: source?.signatures ?? {} })), rowsSha256: sha256(canonicalJson(fitted.map(({ row }) => row.values))),
  }
}

/** The clinical signature by three kinds of models, on a thread of its own. */
export async function compareModels(study: OpenStudy, request: CompareRequest, job: JobHandle): Promise<LearnerComparison> {
  const { rows, plan, terms, outcome } = assembleRows(study, { ...request, signatures: [] })
  if (plan.problem !== null) throw new Failure('not_ready', plan.problem)
  const { outerFolds, innerFolds, repeats, seed } = request
  const spec = { outcome: outcome.column, terms, cohorts: plan.cohorts.filter((c) => c.cases > 0).map(({ name, use, note }) => ({ name, use, note })), outerFolds, innerFolds, repeats, seed }
  return need(await runStatistics('compare', { rows, spec }, { signal: job.signal, progress: (d, t, what) => job.progress(d, t, what) }))
}
