import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Cine as CineData } from '#shared/contract/index.ts'
import { useCine, type Cine } from '#renderer/canvas/cine/index.ts'
import type { ImageCache } from '#renderer/canvas/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { useToasts } from '#renderer/ui/index.ts'

export interface ImageCine {
  /** The cine of the image; null for a still and while it is being asked for. */
  readonly data: ShallowRef<CineData | null>
  readonly cine: Cine
  readonly active: ComputedRef<boolean>
  reload(): Promise<void>
  /** Marks a frame as the one that stands for the cine; the rule is the suggestion's where it is the suggested frame and `confirm` is set. */
  choose(frame: number, confirm?: boolean): Promise<boolean>
}

/**
 * The cine behind an image that a screen shows; nothing is asked for stills. With `pictures`, the screen's own cache, the picture at `url` is the frame
 * that the cine starts with: it is fetched once, and before the rest of the cine, which would keep the host from answering.
 */
export function useImageCine(image: () => { readonly id: string; readonly frames: number; readonly start: number; readonly url?: string } | null, chosen: () => void, pictures?: Pick<ImageCache, 'get' | 'peek'>): ImageCine {
  const client = useClient()
  const toasts = useToasts()
  const data = shallowRef<CineData | null>(null)
  let asked = 0
  const cine = useCine(() => {
    const now = data.value
    return now === null ? null : { urls: now.urls, frameTimeMs: now.frameTimeMs, start: image()?.start ?? 0 }
  }, pictures)
  async function reload(): Promise<void> {
    const mine = ++asked
    const now = image()
    if (now === null || now.frames < 2) {
      data.value = null
      return
    }
    if (now.url !== undefined) await pictures?.get(now.url).catch(() => undefined)
    if (mine !== asked) return
    const answer = await client.call('cine.get', { imageId: now.id })
    if (mine !== asked) return
    data.value = answer.ok ? answer.value : null
    if (!answer.ok) toasts.show({ kind: 'stop', title: 'The cine could not be read', detail: answer.error.message })
  }
  async function choose(frame: number, confirm = false): Promise<boolean> {
    const now = data.value
    if (now === null) return false
    const answer = await client.call('cine.choose', { imageId: now.imageId, frame, rule: confirm && now.suggestion === frame ? 'largest cross-section' : 'chosen by a person' })
    if (!answer.ok) {
      toasts.show({ kind: 'stop', title: 'The key frame was not marked', detail: answer.error.message })
      return false
    }
    toasts.show({ kind: 'ok', title: `Frame ${frame + 1} stands for the cine`, detail: 'The next automatic segmentation uses it.' })
    await reload()
    chosen()
    return true
  }
  watch(() => image()?.id ?? null, (id, before) => {
    if (id !== before) data.value = null
    void reload()
  }, { immediate: true })
  return { data, cine, active: computed(() => data.value !== null), reload, choose }
}
