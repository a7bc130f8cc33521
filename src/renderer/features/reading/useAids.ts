import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { maskFromText } from '#shared/geometry/index.ts'
import type { ReadingItem } from '#shared/contract/index.ts'
import { greyOf, loadImage, type OverlaySpec } from '#renderer/canvas/index.ts'
import { meaningColours } from '#renderer/ui/index.ts'

interface Heat { readonly url: string; readonly width: number; readonly height: number; readonly values: Float32Array }

/** What the aided part shows over the image: the fused contour and the Grad-CAM map, each where the protocol lists it. */
export function useAids(item: Readonly<Ref<ReadingItem | null>>, frame: Readonly<Ref<number>>): { hidden: Ref<boolean>; overlays: ComputedRef<readonly OverlaySpec[]>; failed: Ref<boolean> } {
  const hidden = ref(false)
  const failed = ref(false)
  const heat = shallowRef<Heat | null>(null)
  const cam = computed(() => item.value?.aids?.gradcam ?? null)
  watch(cam, async (wanted) => {
    failed.value = false
    if (wanted === null) return
    try {
      const image = await loadImage(wanted.url)
      const grey = greyOf(image)
      image.close()
      if (cam.value?.url === wanted.url) heat.value = { url: wanted.url, width: grey.width, height: grey.height, values: Float32Array.from(grey.data, (v) => v / 255) }
    } catch {
      failed.value = true
    }
  })
  // Each aided part begins with its aids on the image, whatever was hidden in the case before.
  watch(() => (item.value?.aids == null ? null : item.value.position), () => { hidden.value = false })
  const overlays = computed<readonly OverlaySpec[]>(() => {
    const aids = item.value?.aids
    if (aids == null || frame.value !== (aids.frame ?? 0)) return []
    const out: OverlaySpec[] = []
    const box = cam.value
    if (box !== null && heat.value?.url === box.url) out.push({ kind: 'heat', id: 'gradcam', label: 'Grad-CAM', width: heat.value.width, height: heat.value.height, values: heat.value.values, range: [0, 1], threshold: 0.3, palette: 'viridis', opacity: 0.5, fade: true, extent: { left: box.left, top: box.top, width: box.width, height: box.height } })
    const mask = aids.contour == null ? null : maskFromText(aids.contour)
    if (mask?.ok === true) out.push({ kind: 'mask', id: 'contour', label: 'Fused contour', mask: mask.value, colour: meaningColours.dark.fused, fill: 0 })
    return out
  })
  return { hidden, overlays, failed }
}
