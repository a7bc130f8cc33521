import { computed, ref, watch, type Ref } from 'vue'
import type { RowKey, TableState } from '#renderer/ui/index.ts'
import { readArrangement, type SavedFilter } from './views.ts'

/** Where a person last was, so that coming back from a case finds it again; gone with the window. */
const lastCase = new Map<string, RowKey | null>()

/** Order, filters, widths and named filters of one person in one study, kept on this computer. */
export function useArrangement(owner: string): { state: Ref<TableState>; saved: Ref<readonly SavedFilter[]>; active: Ref<string | null> } {
  const key = `sln.worklist.${owner}`
  const kept = readArrangement(localStorage.getItem(key))
  const state = ref(kept.state) as Ref<TableState>
  const saved = ref(kept.saved) as Ref<readonly SavedFilter[]>
  const current = ref<RowKey | null>(lastCase.get(owner) ?? null)
  const active = computed<string | null>({
    get: () => (current.value === null ? null : String(current.value)),
    set: (id) => {
      current.value = id
      lastCase.set(owner, id)
    },
  })
  watch([state, saved], () => localStorage.setItem(key, JSON.stringify({ state: state.value, saved: saved.value })))
  return { state, saved, active }
}
