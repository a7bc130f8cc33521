import { computed, ref, watch, type Ref } from 'vue'
import type { OverlaySpec } from '#renderer/canvas/index.ts'
import { standingCorrection } from './maskRows.ts'
import { reviewOverlays, type HeatView } from './overlays.ts'
import type { ShownCase } from './useReviewCase.ts'

const KEY = 'sln.review.overlays'
interface Kept { readonly masks: readonly string[]; readonly band: boolean }
const first: Kept = { masks: ['fusion', 'correction'], band: true }

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Kept> | null
    return kept !== null && Array.isArray(kept.masks) && typeof kept.band === 'boolean' ? { masks: kept.masks, band: kept.band } : first
  } catch {
    return first
  }
}

/** Which masks are drawn, the same from case to case, remembered on this computer. `correction` stands for the newest one. */
export function useOverlayState(shown: Readonly<Ref<ShownCase | null>>, heat: Readonly<Ref<HeatView | null>>): {
  visible: Ref<ReadonlySet<string>>; band: Ref<boolean>; hidden: Ref<boolean>; overlays: Readonly<Ref<readonly OverlaySpec[]>>; toggle(id: string): void
} {
  const kept = read()
  const visible = ref<ReadonlySet<string>>(new Set(kept.masks)) as Ref<ReadonlySet<string>>
  const band = ref(kept.band)
  const hidden = ref(false)
  watch([visible, band], () => localStorage.setItem(KEY, JSON.stringify({ masks: [...visible.value], band: band.value } satisfies Kept)))
  const overlays = computed<readonly OverlaySpec[]>(() => {
    const now = shown.value
    if (now === null) return []
    const standing = standingCorrection(now)
    const drawn = now.lineage.filter((m) => m.meaning !== 'correction' || m.id === standing?.id)
    const ids = new Set(visible.value)
    if (standing !== null && ids.has('correction')) ids.add(standing.id)
    return reviewOverlays(drawn, now.band, { masks: ids, band: band.value }, heat.value)
  })
  return {
    visible, band, hidden, overlays,
    toggle(id) {
      if (id === 'band') {
        band.value = !band.value
        return
      }
      const next = new Set(visible.value)
      if (!next.delete(id)) next.add(id)
      visible.value = next
    },
  }
}
