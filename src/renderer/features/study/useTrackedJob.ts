import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { CallError, Job } from '#shared/contract/index.ts'
import type { Result } from '#shared/lib/index.ts'
import { useJobs } from '#renderer/stores/index.ts'

export interface TrackedJob {
  /** The job as last reported, while it runs. */
  readonly running: ComputedRef<Job | null>
  readonly busy: ComputedRef<boolean>
  /** Its last state, once it ended. */
  readonly ended: ShallowRef<Job | null>
  /** Why it did not start or did not finish. */
  readonly problem: Ref<string | null>
  start(begin: () => Promise<Result<{ jobId: string }, CallError>>): Promise<Job | null>
  cancel(): void
  clear(): void
}

const PLACEHOLDER = { kind: '', title: '', state: 'running', done: 0, total: 0, note: '', secondsLeft: null, provider: null, startedAt: '', finishedAt: null, result: null } as const

/** One long piece of work that a screen starts, follows and shows the end of. */
export function useTrackedJob(): TrackedJob {
  const jobs = useJobs()
  const id = ref<string | null>(null)
  const starting = ref(false)
  const ended = shallowRef<Job | null>(null)
  const problem = ref<string | null>(null)
  const running = computed<Job | null>(() => (id.value === null ? null : (jobs.jobs[id.value] ?? { ...PLACEHOLDER, id: id.value })))
  const busy = computed(() => starting.value || id.value !== null)
  const clear = (): void => {
    ended.value = null
    problem.value = null
  }
  return {
    running, busy, ended, problem, clear,
    async start(begin) {
      if (busy.value) return null
      clear()
      starting.value = true
      const answer = await begin()
      starting.value = false
      if (!answer.ok) {
        problem.value = answer.error.message
        return null
      }
      id.value = answer.value.jobId
      try {
        const last = await jobs.ended(answer.value.jobId)
        ended.value = last
        if (last.state === 'failed') problem.value = last.note
        return last
      } catch (error) {
        problem.value = error instanceof Error ? error.message : String(error)
        return null
      } finally {
        id.value = null
      }
    },
    cancel() {
      if (id.value !== null) void jobs.cancel(id.value)
    },
  }
}
