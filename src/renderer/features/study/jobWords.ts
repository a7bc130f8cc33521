import type { Job } from '#shared/contract/index.ts'
import type { StateKind } from '#renderer/ui/index.ts'
import { formatDuration } from '#renderer/ui/feedback/duration.ts'

const STATES: Readonly<Record<Job['state'], { kind: StateKind; label: string }>> = {
  running: { kind: 'progress', label: 'Running' }, done: { kind: 'ok', label: 'Done' }, failed: { kind: 'stop', label: 'Failed' }, cancelled: { kind: 'attention', label: 'Cancelled' }, interrupted: { kind: 'attention', label: 'Interrupted' },
}
export const jobState = (job: Pick<Job, 'state'>): { kind: StateKind; label: string } => STATES[job.state]

/** How long it took; '' while it runs or where the end is not known. */
export function jobDuration(job: Pick<Job, 'startedAt' | 'finishedAt' | 'state'>): string {
  if (job.finishedAt === null || job.state === 'interrupted') return ''
  const ms = Date.parse(job.finishedAt) - Date.parse(job.startedAt)
  return Number.isFinite(ms) && ms >= 0 ? formatDuration(ms) : ''
}
const PROVIDERS: Readonly<Record<string, string>> = { auto: 'Automatic', cuda: 'CUDA', dml: 'DirectML', coreml: 'CoreML', webgpu: 'WebGPU', cpu: 'CPU' }
/** An execution provider as it is written everywhere; a name that is not known stays as it is. */
export const providerName = (provider: string): string => PROVIDERS[provider] ?? provider
export const jobCount = (job: Pick<Job, 'done' | 'total'>): string => (job.total === 0 ? '' : `${job.done} of ${job.total}`)
