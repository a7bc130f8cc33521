import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { CaseRow, Job } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'

export interface Worklist {
  readonly rows: ShallowRef<readonly CaseRow[]>
  readonly jobs: ShallowRef<readonly Job[]>
  readonly loading: Ref<boolean>
  readonly problem: Ref<string | null>
  refresh(): Promise<void>
}

const CHANGES_CASES = new Set(['infer', 'import', 'import-dicom', 'demo'])

/** The cases and the jobs that change them; asked again when such a job ends, when the study changes, and now and then while a batch runs. */
export function useWorklist(onEnd: (job: Job) => void): Worklist {
  const client = useClient()
  const rows = shallowRef<readonly CaseRow[]>([])
  const jobs = shallowRef<readonly Job[]>([])
  const loading = ref(true)
  const problem = ref<string | null>(null)
  let asking = false
  let askAgain = false
  let asked = 0

  async function refresh(): Promise<void> {
    if (asking) {
      askAgain = true
      return
    }
    asking = true
    asked = Date.now()
    const [cases, known] = await Promise.all([client.call('cases.list', {}), client.call('jobs.list', {})])
    if (cases.ok) rows.value = cases.value.cases
    if (known.ok) jobs.value = known.value.jobs
    problem.value = cases.ok ? null : cases.error.message
    loading.value = false
    asking = false
    if (askAgain) {
      askAgain = false
      await refresh()
    }
  }
  const stop = client.onEvent((event) => {
    if (event.name === 'study' || event.name === 'changed') void refresh()
    if (event.name !== 'job') return
    const job = event.payload
    const before = jobs.value.find((j) => j.id === job.id)
    jobs.value = before === undefined ? [job, ...jobs.value] : jobs.value.map((j) => (j.id === job.id ? job : j))
    if (!CHANGES_CASES.has(job.kind)) return
    if (job.state !== 'running') {
      if (before === undefined || before.state === 'running') onEnd(job)
      void refresh()
    } else if (Date.now() - asked > 10_000) void refresh()
  })
  onBeforeUnmount(stop)
  void refresh()
  return { rows, jobs, loading, problem, refresh }
}
