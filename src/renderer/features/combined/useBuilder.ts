import { computed, onBeforeUnmount, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { BuiltModel, CombinedOptions, FitPlan, FitRequest, FrozenCombined, Job } from '#shared/contract/index.ts'
import type { LearnerComparison } from '#shared/statistics/builder/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { useTrackedJob, type TrackedJob } from '#renderer/features/study/index.ts'
import { choicesOf, firstChoices, requestOf, type Choices } from './request.ts'

export interface FinishedFit { readonly jobId: string; readonly at: string; readonly built: BuiltModel; readonly request: FitRequest }
export interface Builder {
  readonly options: ShallowRef<CombinedOptions | null>
  readonly choices: Ref<Choices | null>
  readonly plan: ShallowRef<FitPlan | null>
  readonly problem: Ref<string | null>
  readonly fit: ShallowRef<FinishedFit | null>
  /** Whether the controls say something else than what the shown fit was made with. */
  readonly changed: ComputedRef<boolean>
  readonly fitting: TrackedJob
  readonly comparison: ShallowRef<LearnerComparison | null>
  readonly comparing: TrackedJob
  readonly frozen: ShallowRef<readonly FrozenCombined[]>
  readonly runs: ShallowRef<readonly { readonly id: string; readonly name: string; readonly network: string; readonly folds: number; readonly cases: number; readonly importedAt: string }[]>
  load(): Promise<void>
  refreshFrozen(): Promise<void>
  build(): Promise<void>
  compare(): Promise<void>
}

const asFit = (job: Job): FinishedFit | null => (job.state === 'done' && job.result !== null ? { jobId: job.id, at: job.finishedAt ?? job.startedAt, built: job.result as BuiltModel, request: job.input as FitRequest } : null)

/** The builder's state: what may be chosen, what was, the last fit of the study (kept, so that the screen can be left and come back to) and the frozen versions. */
export function useBuilder(): Builder {
  const client = useClient()
  const options = shallowRef<CombinedOptions | null>(null)
  const choices = ref<Choices | null>(null)
  const plan = shallowRef<FitPlan | null>(null)
  const problem = ref<string | null>(null)
  const fit = shallowRef<FinishedFit | null>(null)
  const comparison = shallowRef<LearnerComparison | null>(null)
  const frozen = shallowRef<readonly FrozenCombined[]>([])
  const runs = shallowRef<Builder['runs']['value']>([])
  const fitting = useTrackedJob(), comparing = useTrackedJob()

  async function refreshFrozen(): Promise<void> {
    const answer = await client.call('combined.list', {})
    if (!answer.ok) return
    frozen.value = answer.value.models
    runs.value = answer.value.runs
  }
  async function load(): Promise<void> {
    const [known, jobs] = await Promise.all([client.call('combined.options', {}), client.call('jobs.list', {}), refreshFrozen()])
    problem.value = known.ok ? null : known.error.message
    if (!known.ok) return
    options.value = known.value
    const done = jobs.ok ? jobs.value.jobs.filter((j) => j.state === 'done') : []
    const last = done.find((j) => j.kind === 'combined-fit')
    fit.value = last === undefined ? null : asFit(last)
    comparison.value = (done.find((j) => j.kind === 'combined-compare')?.result as LearnerComparison | undefined) ?? null
    choices.value = fit.value === null ? firstChoices(known.value) : choicesOf(fit.value.request, known.value)
    const running = jobs.ok ? jobs.value.jobs.find((j) => j.kind === 'combined-fit' && j.state === 'running') : undefined
    if (running !== undefined) await follow(running.id)
  }
  async function follow(jobId: string): Promise<void> {
    const ended = await fitting.start(() => Promise.resolve({ ok: true, value: { jobId } }))
    if (ended !== null) fit.value = asFit(ended) ?? fit.value
  }
  let asked = 0
  watch(() => (choices.value === null ? '' : JSON.stringify([choices.value.outcome, choices.value.signatures])), async () => {
    const c = choices.value, mine = ++asked
    if (c === null) return
    const answer = await client.call('combined.plan', { outcome: c.outcome, signatures: [...c.signatures] })
    if (mine !== asked) return
    plan.value = answer.ok ? answer.value : null
    problem.value = answer.ok ? null : answer.error.message
  })
  onBeforeUnmount(client.onEvent((event) => {
    if (event.name !== 'study') return
    options.value = choices.value = fit.value = comparison.value = plan.value = null
    void load()
  }))
  return {
    options, choices, plan, problem, fit, fitting, comparison, comparing, frozen, runs, load, refreshFrozen,
    changed: computed(() => fit.value !== null && choices.value !== null && JSON.stringify(requestOf(choices.value)) !== JSON.stringify(requestOf(choicesOf(fit.value.request, options.value as CombinedOptions)))),
    async build() {
      const c = choices.value
      if (c === null) return
      const ended = await fitting.start(() => client.call('combined.fit', requestOf(c)))
      if (ended !== null) fit.value = asFit(ended) ?? fit.value
    },
    async compare() {
      const c = choices.value
      if (c === null) return
      const ended = await comparing.start(() => client.call('combined.compare', { outcome: c.outcome, factors: [...c.factors], seed: c.seed }))
      if (ended?.state === 'done') comparison.value = ended.result as LearnerComparison
    },
  }
}
