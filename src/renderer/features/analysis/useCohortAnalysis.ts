import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { CallOutput, CaseFilter, CohortAnalysis, FilterVariable } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'

type Roc = CallOutput<'analysis.roc'>

export interface CohortView {
  readonly cohort: Ref<string | null>
  readonly cohorts: Ref<readonly string[]>
  readonly filters: Ref<readonly CaseFilter[]>
  readonly variables: Ref<readonly FilterVariable[]>
  readonly roc: Ref<Roc | null>
  readonly data: Ref<CohortAnalysis | null>
  readonly problem: Ref<string | null>
  readonly loading: ComputedRef<boolean>
  load(): Promise<void>
}

/** The chosen cohort, the conditions on its cases and all figures of them; the last answer stays on screen until the next one is there. */
export function useCohortAnalysis(): CohortView {
  const client = useClient()
  const cohort = ref<string | null>(null), cohorts = ref<readonly string[]>([]), problem = ref<string | null>(null), pending = ref(0)
  const filters = shallowRef<readonly CaseFilter[]>([]), variables = shallowRef<readonly FilterVariable[]>([])
  const roc = shallowRef<Roc | null>(null), data = shallowRef<CohortAnalysis | null>(null)
  async function load(): Promise<void> {
    const asked = { cohort: cohort.value ?? '', filters: [...filters.value] }
    pending.value++
    const [first, second] = await Promise.all([client.call('analysis.roc', asked), cohort.value === null ? null : client.call('analysis.cohort', asked)])
    pending.value--
    if ((cohort.value ?? '') !== asked.cohort || JSON.stringify(filters.value) !== JSON.stringify(asked.filters)) return
    problem.value = !first.ok ? first.error.message : second !== null && !second.ok ? second.error.message : null
    if (!first.ok) return
    cohorts.value = first.value.cohorts
    if (cohort.value === null) {
      cohort.value = first.value.cohorts.at(-1) ?? null
      if (cohort.value === null) roc.value = first.value
      else void client.call('analysis.variables', {}).then((answer) => { if (answer.ok) variables.value = answer.value.variables })
      return
    }
    roc.value = first.value
    if (second?.ok === true) data.value = second.value
  }
  watch([cohort, filters], ([now]) => {
    if (now !== null) void load()
  })
  return { cohort, cohorts, filters, variables, roc, data, problem, loading: computed(() => pending.value > 0), load }
}
