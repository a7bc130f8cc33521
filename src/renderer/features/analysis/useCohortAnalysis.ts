import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { CallOutput, CohortAnalysis } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'

type Roc = CallOutput<'analysis.roc'>

export interface CohortView {
  readonly cohort: Ref<string | null>
  readonly cohorts: Ref<readonly string[]>
  readonly roc: Ref<Roc | null>
  readonly data: Ref<CohortAnalysis | null>
  readonly problem: Ref<string | null>
  readonly loading: ComputedRef<boolean>
  load(): Promise<void>
}

/** The chosen cohort and all its figures; the last answer stays on screen until the next one is there. */
export function useCohortAnalysis(): CohortView {
  const client = useClient()
  const cohort = ref<string | null>(null), cohorts = ref<readonly string[]>([]), problem = ref<string | null>(null), pending = ref(0)
  const roc = shallowRef<Roc | null>(null), data = shallowRef<CohortAnalysis | null>(null)
  async function load(): Promise<void> {
    pending.value++
    const asked = cohort.value
    const [first, second] = await Promise.all([client.call('analysis.roc', { cohort: asked ?? '' }), asked === null ? null : client.call('analysis.cohort', { cohort: asked })])
    pending.value--
    if (cohort.value !== asked) return
    problem.value = !first.ok ? first.error.message : second !== null && !second.ok ? second.error.message : null
    if (!first.ok) return
    cohorts.value = first.value.cohorts
    if (asked === null) {
      cohort.value = first.value.cohorts.at(-1) ?? null
      if (cohort.value === null) roc.value = first.value
      return
    }
    roc.value = first.value
    if (second?.ok === true) data.value = second.value
  }
  watch(cohort, (now) => {
    if (now !== null) void load()
  })
  return { cohort, cohorts, roc, data, problem, loading: computed(() => pending.value > 0), load }
}
