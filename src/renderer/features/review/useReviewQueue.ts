import { computed, onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { Job, ReviewRow } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { mergeKeepingOrder, withState } from './queue.ts'

export interface ReviewQueue {
  readonly rows: ShallowRef<readonly ReviewRow[]>
  readonly loading: Ref<boolean>
  readonly problem: Ref<string | null>
  /** The batch that is segmenting now, if one is. */
  readonly batch: Readonly<Ref<Job | null>>
  refresh(): Promise<void>
  setState(caseId: string, state: ReviewRow['state'], second: ReviewRow['second']): void
  started(jobId: string): Promise<void>
}

/** The queue in the order it had when the screen opened; cases that a running batch adds come at the end, now and then. */
export function useReviewQueue(): ReviewQueue {
  const client = useClient()
  const rows = shallowRef<readonly ReviewRow[]>([])
  const loading = ref(true)
  const problem = ref<string | null>(null)
  const job = shallowRef<Job | null>(null)
  let asked = 0
  let asking: Promise<void> | null = null

  async function load(): Promise<void> {
    asked = Date.now()
    const answer = await client.call('review.queue', {})
    problem.value = answer.ok ? null : answer.error.message
    if (answer.ok) rows.value = mergeKeepingOrder(rows.value, answer.value.rows)
    loading.value = false
  }
  const refresh = (): Promise<void> => (asking ??= load().finally(() => { asking = null }))
  const stop = client.onEvent((event) => {
    if (event.name === 'study') {
      rows.value = []
      void refresh()
    }
    if (event.name !== 'job' || event.payload.kind !== 'infer') return
    job.value = event.payload
    if (event.payload.state !== 'running' || Date.now() - asked > 8000) void refresh()
  })
  onBeforeUnmount(stop)
  void refresh()
  void client.call('jobs.list', {}).then((known) => {
    if (known.ok && job.value === null) job.value = known.value.jobs.find((j) => j.kind === 'infer' && j.state === 'running') ?? null
  })
  return {
    rows, loading, problem, refresh,
    batch: computed(() => (job.value?.state === 'running' ? job.value : null)),
    setState: (caseId, state, second) => { rows.value = withState(rows.value, caseId, state, second) },
    async started(jobId) {
      const answer = await client.call('jobs.get', { jobId })
      if (answer.ok && answer.value.state === 'running') job.value = answer.value
    },
  }
}
