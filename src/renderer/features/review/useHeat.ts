import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { SegmentationModel } from '#shared/domain/index.ts'
import { greyOf, loadImage } from '#renderer/canvas/index.ts'
import { meaningLabels, useToasts } from '#renderer/ui/index.ts'
import { meaningOf } from './lineage.ts'
import type { HeatView } from './overlays.ts'
import type { ShownCase } from './useReviewCase.ts'

interface Loaded { readonly url: string; readonly width: number; readonly height: number; readonly values: Float32Array }

/** The probability map of the chosen model of the shown case; it arrives after the image, and only the one that was last asked for is kept. */
export function useHeat(shown: Readonly<Ref<ShownCase | null>>): { model: Ref<SegmentationModel | 'none'>; opacity: Ref<number>; view: ComputedRef<HeatView | null> } {
  const toasts = useToasts()
  const model = ref<SegmentationModel | 'none'>('none')
  const opacity = ref(70)
  const loaded = shallowRef<Loaded | null>(null)
  const url = computed(() => shown.value?.data.masks.find((m) => m.model === model.value)?.map ?? null)
  watch(url, async (wanted) => {
    if (wanted === null) return
    try {
      const image = await loadImage(wanted)
      const grey = greyOf(image)
      image.close()
      if (url.value === wanted) loaded.value = { url: wanted, width: grey.width, height: grey.height, values: Float32Array.from(grey.data, (v) => v / 255) }
    } catch (error) {
      toasts.show({ kind: 'stop', title: 'The probability map could not be read', detail: error instanceof Error ? error.message : String(error) })
    }
  })
  const view = computed<HeatView | null>(() => {
    const map = loaded.value
    if (map === null || map.url !== url.value || model.value === 'none') return null
    return { label: meaningLabels[meaningOf[model.value]], width: map.width, height: map.height, values: map.values, opacity: opacity.value / 100, palette: 'viridis' }
  })
  return { model, opacity, view }
}
