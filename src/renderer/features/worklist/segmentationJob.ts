import type { Job, Provider } from '#shared/contract/index.ts'

export interface SegmentationInput { readonly cohort: string | undefined; readonly provider: Provider | 'auto' }
const PROVIDER_NAMES: Readonly<Record<Provider | 'auto', string>> = { auto: 'Automatic', cuda: 'CUDA', dml: 'DirectML', coreml: 'CoreML', webgpu: 'WebGPU', cpu: 'CPU' }
const isProvider = (value: unknown): value is Provider | 'auto' => typeof value === 'string' && value in PROVIDER_NAMES

export const providerName = (name: string): string => (isProvider(name) ? PROVIDER_NAMES[name] : name)

/** What a batch was started with, to start it again the same way. */
export function inputOf(job: Pick<Job, 'input'>): SegmentationInput {
  const input = (typeof job.input === 'object' && job.input !== null ? job.input : {}) as Record<string, unknown>
  return { cohort: typeof input['cohort'] === 'string' ? input['cohort'] : undefined, provider: isProvider(input['provider']) ? input['provider'] : 'auto' }
}

/** Of one case, asked for where the case is shown: no batch that the worklist would go on with. */
const ofOneCase = (job: Pick<Job, 'input'>): boolean => typeof (job.input as { caseId?: unknown } | null)?.caseId === 'string'
const newest = (jobs: readonly Job[]): Job | null => jobs.filter((j) => j.kind === 'infer' && !ofOneCase(j)).reduce<Job | null>((last, j) => (last === null || j.startedAt > last.startedAt ? j : last), null)

export const runningBatch = (jobs: readonly Job[]): Job | null => jobs.find((j) => j.kind === 'infer' && j.state === 'running') ?? null

/** The batch that stopped before its end and was not started again: it goes on where it stopped. */
export function resumableBatch(jobs: readonly Job[]): Job | null {
  const last = newest(jobs)
  return last !== null && (last.state === 'interrupted' || last.state === 'cancelled' || last.state === 'failed') ? last : null
}

export interface BatchResult { readonly images: number; readonly segmented: number; readonly alreadyDone: number; readonly empty: number; readonly failed: readonly { readonly case_id: string; readonly reason: string }[]; readonly fallbacks: readonly { readonly reason: string; readonly results: number }[] }

/** The report of a batch that ended, where the job has one. */
export function batchResult(job: Pick<Job, 'result'>): BatchResult | null {
  const r = job.result as Partial<BatchResult> | null
  return typeof r === 'object' && r !== null && typeof r.segmented === 'number' && Array.isArray(r.failed) ? { images: r.images ?? 0, segmented: r.segmented, alreadyDone: r.alreadyDone ?? 0, empty: r.empty ?? 0, failed: r.failed, fallbacks: r.fallbacks ?? [] } : null
}

/** One sentence on a batch that ended. */
export function batchSentence(job: Pick<Job, 'result' | 'provider'>): string {
  const r = batchResult(job)
  if (r === null) return ''
  if (r.segmented === 0 && r.failed.length === 0) return 'Every image was segmented already.'
  const parts = [`${r.segmented} ${r.segmented === 1 ? 'image' : 'images'} segmented`]
  if (r.empty > 0) parts.push(`no lesion found in ${r.empty}`)
  if (r.failed.length > 0) parts.push(`${r.failed.length} failed`)
  const fell = r.fallbacks.reduce((sum, f) => sum + f.results, 0)
  if (fell > 0) parts.push(`${fell} results not on the chosen provider`)
  return `${parts.join(', ')}${job.provider === null ? '' : ` (${providerName(job.provider)})`}.`
}

/** What runs, on which provider, and what went wrong so far: the line under the bar. */
export function batchDetail(job: Pick<Job, 'provider' | 'note'>): string {
  const notes = job.note.split(' · ').filter((part) => part !== '' && part !== job.provider)
  return [job.provider === null ? 'Starting the networks' : `${providerName(job.provider)} provider`, '3 networks and fusion', ...notes].join(' · ')
}

/** The first clause of why a provider is not available, short enough for one line; the models screen has the whole reason. */
export function shortReason(reason: string): string {
  const clause = reason.split(/[;(]/)[0]?.trim() ?? ''
  return clause.length > 48 ? `${clause.slice(0, 47).trimEnd()}…` : clause
}
