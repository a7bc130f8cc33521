import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { ReviewCase } from '#shared/contract/index.ts'
import type { RleMask } from '#shared/geometry/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { createImageCache, type LoadedImage } from '#renderer/canvas/index.ts'
import { lineageOf, type LineageMask } from './lineage.ts'
import { disagreementBand } from './overlays.ts'

/** A case with everything that its picture needs: shown at once or not at all, so that masks never lie on another case's image. */
export interface ShownCase { readonly data: ReviewCase; readonly image: LoadedImage; readonly lineage: readonly LineageMask[]; readonly band: RleMask | null }

const KEEP = 8

export interface ReviewCaseView {
  readonly shown: ShallowRef<ShownCase | null>
  readonly problem: Ref<string | null>
  /** Starts loading a case that will probably be asked for next. */
  prefetch(caseId: string): void
  /** Forgets what is known of a case, so that it is asked again when it is next shown. */
  forget(caseId: string): void
  reload(): void
}

/** Follows `caseId`: the case's masks and image, a few kept, the next ones fetched ahead. */
export function useReviewCase(caseId: Readonly<Ref<string | null>>): ReviewCaseView {
  const client = useClient()
  const images = createImageCache(KEEP)
  const known = new Map<string, Promise<ShownCase>>()
  const shown = shallowRef<ShownCase | null>(null)
  const problem = ref<string | null>(null)
  let asked = 0

  async function fetchCase(id: string): Promise<ShownCase> {
    const data = await client.get('review.case', { caseId: id })
    const image = await images.get(data.imageUrl)
    const lineage = lineageOf(data)
    return { data, image, lineage, band: disagreementBand(lineage) }
  }
  function get(id: string): Promise<ShownCase> {
    const made = known.get(id) ?? fetchCase(id)
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
    forget: (id) => { known.delete(id) },
    reload: () => {
      if (caseId.value !== null) known.delete(caseId.value)
      void show(caseId.value)
    },
  }
}
