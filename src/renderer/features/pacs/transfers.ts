import { computed, shallowRef, type ComputedRef } from 'vue'
import type { CallError, CallInput, Job } from '#shared/contract/index.ts'
import type { Result } from '#shared/lib/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { useJobs } from '#renderer/stores/index.ts'

/** What was asked for, so that it can be asked for again. */
export type Wanted = { readonly kind: 'retrieve'; readonly input: CallInput<'pacs.retrieve'> } | { readonly kind: 'store'; readonly input: CallInput<'pacs.store'> }
export interface Transfer { readonly jobId: string; readonly title: string; readonly wanted: Wanted }
export interface TransferRow extends Transfer { readonly job: Job | null }

/** Transfers of this window since it was opened, newest first: they go on while other screens are shown. */
const transfers = shallowRef<readonly Transfer[]>([])

export interface Transfers {
  readonly rows: ComputedRef<readonly TransferRow[]>
  readonly running: ComputedRef<number>
  /** Null when it started, else why not. */
  start(title: string, wanted: Wanted, ended: (job: Job) => void): Promise<string | null>
  cancel(jobId: string): void
  dismiss(jobId: string): void
}

export function useTransfers(): Transfers {
  const client = useClient()
  const jobs = useJobs()
  const rows = computed<TransferRow[]>(() => transfers.value.map((t) => ({ ...t, job: jobs.jobs[t.jobId] ?? null })))
  const ask = (wanted: Wanted): Promise<Result<{ jobId: string }, CallError>> => (wanted.kind === 'retrieve' ? client.call('pacs.retrieve', wanted.input) : client.call('pacs.store', wanted.input))
  return {
    rows,
    running: computed(() => rows.value.filter((r) => r.job === null || r.job.state === 'running').length),
    async start(title, wanted, ended) {
      const answer = await ask(wanted)
      if (!answer.ok) return answer.error.message
      transfers.value = [{ jobId: answer.value.jobId, title, wanted }, ...transfers.value]
      void jobs.ended(answer.value.jobId).then(ended, () => undefined)
      return null
    },
    cancel: (jobId) => void jobs.cancel(jobId),
    dismiss: (jobId) => { transfers.value = transfers.value.filter((t) => t.jobId !== jobId) },
  }
}

const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {})
const part = (value: unknown, one: string, many: string): string[] => (typeof value === 'number' && value > 0 ? [`${value} ${value === 1 ? one : many}`] : [])

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

/** What came of a transfer, in one line. */
export function outcome(kind: Wanted['kind'], job: Job): string {
  const r = record(job.result)
  if (job.state === 'failed') return sentence(job.note)
  const stored = record(r['stored'])
  const parts = kind === 'retrieve'
    ? [...part(r['imported'], 'picture imported', 'pictures imported'), ...part(r['skipped'], 'was here already', 'were here already'), ...part(r['masks'], 'mask', 'masks'), ...part(r['left'], 'object without a picture left', 'objects without a picture left'), ...part(refusals(job).length, 'refused', 'refused')]
    : [...part(stored['seg'], 'segmentation', 'segmentations'), ...part(stored['sr'], 'report', 'reports'), ...part(stored['sc'], 'capture', 'captures'), ...part(stored['image'], 'picture', 'pictures'), ...part(refusals(job).length, 'not taken', 'not taken')]
  const text = parts.length === 0 ? 'nothing was moved' : parts.join(', ')
  return job.state === 'cancelled' ? `Cancelled; kept: ${text}.` : sentence(text)
}

export interface Refusal { readonly instance: string; readonly reason: string }
export function refusals(job: Job): readonly Refusal[] {
  const r = record(job.result)
  const list = r['refused'] ?? r['failed']
  return Array.isArray(list) ? (list as Refusal[]) : []
}
