import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { greyOf, loadImage, type HeatOverlay, type OverlaySpec } from '#renderer/canvas/index.ts'
import { meaningColours, useToasts, type PaletteName } from '#renderer/ui/index.ts'
import { maskFromText, type RleMask } from '#shared/geometry/index.ts'
import { networkLabel, networkRows, type MaskKind, type NetworkRow, type SignatureValue } from './signatures.ts'
import type { ShownPrediction } from './usePrediction.ts'

export interface CamView {
  readonly rows: ComputedRef<readonly NetworkRow[]>
  readonly network: Ref<string | null>
  readonly maskKind: Ref<MaskKind>
  readonly on: Ref<boolean>
  readonly opacity: Ref<number>
  readonly threshold: Ref<number>
  readonly palette: Ref<PaletteName>
  readonly value: ComputedRef<SignatureValue | null>
  readonly overlays: ComputedRef<readonly OverlaySpec[]>
  readonly cropOverlays: ComputedRef<readonly OverlaySpec[]>
  toggle(id: string): void
  set(change: CamChange): void
}

export interface CamChange { readonly network?: string; readonly maskKind?: MaskKind; readonly opacity?: number; readonly threshold?: number; readonly palette?: PaletteName }

/** Which network's Grad-CAM is drawn and how. The map covers the crop box and is scaled to its own maximum. */
export function useCam(shown: Readonly<Ref<ShownPrediction | null>>): CamView {
  const toasts = useToasts()
  const network = ref<string | null>(null)
  const maskKind = ref<MaskKind>('automatic')
  const on = ref(true), hiddenMask = ref(false), hiddenBox = ref(false)
  const opacity = ref(60), threshold = ref(30)
  const palette = ref<PaletteName>('viridis')
  const map = shallowRef<{ readonly url: string; readonly width: number; readonly height: number; readonly values: Float32Array } | null>(null)
  const rows = computed(() => networkRows(shown.value?.data.signatures ?? []))
  watch(shown, (now) => {
    if (!rows.value.some((r) => r.name === network.value)) network.value = rows.value[0]?.name ?? null
    maskKind.value = now?.data.maskKind ?? 'automatic'
  }, { immediate: true })
  const value = computed<SignatureValue | null>(() => {
    const row = rows.value.find((r) => r.name === network.value)
    return row === undefined ? null : (row[maskKind.value] ?? row.newest)
  })
  watch(() => value.value?.cam ?? null, async (url) => {
    if (url === null) return
    try {
      const image = await loadImage(url)
      const grey = greyOf(image)
      image.close()
      if (value.value?.cam === url) map.value = { url, width: grey.width, height: grey.height, values: Float32Array.from(grey.data, (v) => v / 255) }
    } catch (error) {
      toasts.show({ kind: 'stop', title: 'The Grad-CAM map could not be read', detail: error instanceof Error ? error.message : String(error) })
    }
  }, { immediate: true })
  const heat = computed<Omit<HeatOverlay, 'extent'> | null>(() => {
    const m = map.value
    if (m === null || value.value === null || m.url !== value.value.cam) return null
    return {
      id: 'cam', kind: 'heat', label: `Grad-CAM ${networkLabel(value.value.name)}`, unit: 'of its maximum', width: m.width, height: m.height, values: m.values, range: [0, 1], palette: palette.value,
      opacity: opacity.value / 100, threshold: threshold.value / 100, fade: true, visible: on.value,
    }
  })
  const mask = computed<RleMask | null>(() => {
    const text = shown.value?.data.mask ?? null
    const made = text === null ? null : maskFromText(text)
    return made?.ok === true ? made.value : null
  })
  const overlays = computed<readonly OverlaySpec[]>(() => {
    const box = value.value?.box
    const rect = box === undefined ? undefined : { left: box.x, top: box.y, width: box.width, height: box.height }
    const corrected = shown.value?.data.maskKind === 'corrected'
    return [
      ...(heat.value === null || rect === undefined ? [] : [{ ...heat.value, extent: rect }]),
      ...(mask.value === null ? [] : [{ id: 'mask', kind: 'mask' as const, label: corrected ? 'Corrected mask' : 'Fused mask', mask: mask.value, colour: corrected ? meaningColours.dark.correction : meaningColours.dark.fused, fill: 0, visible: !hiddenMask.value }]),
      ...(rect === undefined ? [] : [{ id: 'box', kind: 'box' as const, label: 'Crop', box: rect, colour: '#4aa8ff', dash: [4, 3], visible: !hiddenBox.value }]),
    ]
  })
  return {
    rows, network, maskKind, on, opacity, threshold, palette, value, overlays,
    cropOverlays: computed(() => (heat.value === null ? [] : [heat.value])),
    set: (change) => {
      network.value = change.network ?? network.value
      maskKind.value = change.maskKind ?? maskKind.value
      opacity.value = change.opacity ?? opacity.value
      threshold.value = change.threshold ?? threshold.value
      palette.value = change.palette ?? palette.value
    },
    toggle: (id) => {
      if (id === 'cam') on.value = !on.value
      else if (id === 'mask') hiddenMask.value = !hiddenMask.value
      else if (id === 'box') hiddenBox.value = !hiddenBox.value
    },
  }
}
