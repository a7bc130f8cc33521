import { reactive } from 'vue'
import type { StateKind } from '../types.ts'

export interface ToastRequest {
  readonly title: string
  readonly detail?: string | undefined
  readonly kind?: StateKind | undefined
  /** Milliseconds; 0 stays until closed. Default 5000, stop: 0. */
  readonly duration?: number | undefined
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

export interface ToastEntry extends ToastRequest { readonly id: number }

const entries = reactive<ToastEntry[]>([])
let lastId = 0

/** Short notices at the lower right. `show` returns the id for `dismiss`. At most four are shown; the oldest goes. */
export function useToasts() {
  const dismiss = (id: number): void => {
    const i = entries.findIndex((entry) => entry.id === id)
    if (i >= 0) entries.splice(i, 1)
  }
  const show = (toast: ToastRequest): number => {
    lastId += 1
    entries.push({ ...toast, id: lastId })
    if (entries.length > 4) entries.shift()
    return lastId
  }
  return { entries, show, dismiss }
}
