import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Prediction, PredictionRow } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { createImageCache, type LoadedImage } from '#renderer/canvas/index.ts'

export interface ShownPrediction { readonly data: Prediction; readonly image: LoadedImage }
const KEEP = 6

/** Follows `caseId`: prediction and image together; neighbours are fetched ahead. */
export function usePrediction(caseId: Readonly<Ref<string | null>>): { shown: ShallowRef<ShownPrediction | null>; problem: Ref<string | null>; prefetch(id: string): void; reload(): void } {
  const client = useClient()
  const images = createImageCache(KEEP)
  const known = new Map<string, Promise<ShownPrediction>>()
  const shown = shallowRef<ShownPrediction | null>(null)
  const problem = ref<string | null>(null)
  let asked = 0
  const load = async (id: string): Promise<ShownPrediction> => {
    const data = await client.get('prediction.case', { caseId: id })
    return { data, image: await images.get(data.imageUrl) }
  }
  function get(id: string): Promise<ShownPrediction> {
    const made = known.get(id) ?? load(id)
    known.delete(id)
    known.set(id, made)
    made.catch(() => { if (known.get(id) === made) known.delete(id) })
    for (const oldest of known.keys()) {
      if (known.size <= KEEP) break
      known.delete(oldest)
    }
    return made
  }
  async function show(id: string | null): Promise<void> {
    const mine = ++asked
    problem.value = null
    if (id === null) {
      shown.value = null
      return
    }
    try {
      const next = await get(id)
      if (mine === asked) shown.value = next
    } catch (error) {
      if (mine !== asked) return
      shown.value = null
      problem.value = error instanceof Error ? error.message : String(error)
    }
  }
  watch(caseId, (id) => void show(id), { immediate: true })
  onBeforeUnmount(() => {
    asked++
    images.clear()
  })
  return {
    shown, problem,
    prefetch: (id) => { get(id).catch(() => undefined) },
    reload: () => {
      known.clear()
      void show(caseId.value)
    },
  }
}

export interface PredictionList { readonly rows: readonly PredictionRow[]; readonly model: { readonly name: string; readonly sha256: string; readonly threshold: number | null; readonly cohort: string } | null; readonly signature: string | null; readonly outcome: string }

/** All cases; asked again when a batch ends. */
export function usePredictionList(onChange: () => void): { list: ShallowRef<PredictionList | null>; problem: Ref<string | null>; refresh(): Promise<void> } {
  const client = useClient()
  const list = shallowRef<PredictionList | null>(null)
  const problem = ref<string | null>(null)
  async function refresh(): Promise<void> {
    const answer = await client.call('prediction.list', {})
    problem.value = answer.ok ? null : answer.error.message
    if (answer.ok) list.value = answer.value
  }
  onBeforeUnmount(client.onEvent((event) => {
    if (event.name === 'study' || (event.name === 'job' && event.payload.kind === 'infer' && event.payload.state !== 'running')) void refresh().then(onChange)
  }))
  void refresh()
  return { list, problem, refresh }
}
