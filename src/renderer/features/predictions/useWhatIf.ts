import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { DataRow } from '#shared/statistics/regression/index.ts'
import type { ShownPrediction } from './usePrediction.ts'
import { controlsOf, differs, readModel, readRow, valueAt, type Control, type LiveModel, type Reading } from './whatIf.ts'

export interface WhatIf {
  readonly live: ComputedRef<LiveModel | null>
  readonly problem: ComputedRef<string | null>
  readonly controls: ComputedRef<readonly Control[]>
  readonly present: ComputedRef<DataRow>
  readonly row: Ref<DataRow>
  readonly changed: ComputedRef<boolean>
  readonly reading: ComputedRef<Reading | null>
  readonly missing: ComputedRef<string | null>
  readonly imagined: ComputedRef<Reading | null>
  set(term: string, value: string | number): void
  setAt(term: string, points: number): void
  reset(): void
}

/** The frozen model over the shown case, and over values that a person turns. They live here and nowhere else: nothing of it is stored. */
export function useWhatIf(shown: Readonly<Ref<ShownPrediction | null>>): WhatIf {
  const read = computed(() => {
    const frozen = shown.value?.data.frozen ?? null
    return frozen === null ? null : readModel(frozen.document)
  })
  const live = computed(() => (read.value !== null && 'live' in read.value ? read.value.live : null))
  const present = computed<DataRow>(() => shown.value?.data.row ?? {})
  const row = ref<DataRow>({})
  const reset = (): void => { row.value = { ...present.value } }
  watch(present, reset, { immediate: true })
  const changed = computed(() => live.value !== null && differs(live.value, present.value, row.value))
  const standing = computed(() => (live.value === null ? null : readRow(live.value, present.value)))
  return {
    live, present, row, changed, reset,
    problem: computed(() => (read.value !== null && 'problem' in read.value ? read.value.problem : null)),
    controls: computed(() => (live.value === null ? [] : controlsOf(live.value))),
    reading: computed(() => (standing.value !== null && 'reading' in standing.value ? standing.value.reading : null)),
    missing: computed(() => (standing.value !== null && 'problem' in standing.value ? standing.value.problem : null)),
    imagined: computed(() => {
      if (live.value === null || !changed.value) return null
      const made = readRow(live.value, row.value)
      return 'reading' in made ? made.reading : null
    }),
    set: (term, value) => { row.value = { ...row.value, [term]: value } },
    setAt: (term, points) => {
      const value = live.value === null ? null : valueAt(live.value, term, points)
      if (value !== null) row.value = { ...row.value, [term]: value }
    },
  }
}
