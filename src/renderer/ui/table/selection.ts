import type { RowKey } from './model.ts'

/** The keys between two rows of the shown order, both included; either unknown: just the target. */
export function rangeOf(order: readonly RowKey[], anchor: RowKey | null, target: RowKey): RowKey[] {
  const from = anchor === null ? -1 : order.indexOf(anchor)
  const to = order.indexOf(target)
  if (from < 0 || to < 0) return [target]
  return order.slice(Math.min(from, to), Math.max(from, to) + 1)
}

export const toggled = (selected: readonly RowKey[], key: RowKey): RowKey[] =>
  selected.includes(key) ? selected.filter((other) => other !== key) : [...selected, key]

/** Where a key press moves the active row, or null where the key means nothing here. `at` -1: none active yet. */
export function movedIndex(key: string, at: number, count: number, page: number): number | null {
  if (count === 0) return null
  const clamp = (i: number): number => Math.min(count - 1, Math.max(0, i))
  switch (key) {
    case 'ArrowDown': return clamp(at + 1)
    case 'ArrowUp': return at < 0 ? count - 1 : clamp(at - 1)
    case 'PageDown': return clamp(at + page)
    case 'PageUp': return clamp(at - page)
    case 'Home': return 0
    case 'End': return count - 1
    default: return null
  }
}
