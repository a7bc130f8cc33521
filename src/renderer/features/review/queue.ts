import type { ReviewFlag, ReviewRow } from '#shared/contract/index.ts'
import type { StateKind } from '#renderer/ui/index.ts'

/** `second`: a second reviewer is asked; `settled`: one has decided. */
export type StateFilter = 'all' | ReviewRow['state'] | 'second' | 'settled'
export interface QueueFilter { readonly state: StateFilter; readonly cohort: string | null; readonly flag: ReviewFlag | null }
export const noFilter: QueueFilter = { state: 'all', cohort: null, flag: null }
export const isFiltered = (f: QueueFilter): boolean => f.state !== 'all' || f.cohort !== null || f.flag !== null

export const flagLabels: Readonly<Record<ReviewFlag, string>> = {
  empty: 'No lesion found', disagreement: 'Networks disagree', border: 'Uncertain border', components: 'Several components', edge: 'Touches the image border', size: 'Unusual size',
}
export const stateWords: Readonly<Record<ReviewRow['state'], { readonly kind: StateKind; readonly label: string }>> = {
  pending: { kind: 'neutral', label: 'Not reviewed' }, accepted: { kind: 'ok', label: 'Accepted' }, corrected: { kind: 'accent', label: 'Corrected' }, rejected: { kind: 'stop', label: 'Rejected' },
}

const inState = (row: ReviewRow, state: StateFilter): boolean => (state === 'all' ? true : state === 'second' ? row.second === 'asked' : state === 'settled' ? row.second === 'settled' : row.state === state)
export const passes = (row: ReviewRow, filter: QueueFilter): boolean =>
  inState(row, filter.state) && (filter.cohort === null || row.cohort === filter.cohort) && (filter.flag === null || row.flags.includes(filter.flag))

/** The rows that pass, in the queue's order; the open case stays among them, so that a decision does not take it from under the eyes. */
export const filterQueue = (rows: readonly ReviewRow[], filter: QueueFilter, open: string | null): readonly ReviewRow[] => (!isFiltered(filter) ? rows : rows.filter((r) => r.caseId === open || passes(r, filter)))

export const isPending = (row: ReviewRow): boolean => row.state === 'pending'
export const waitsForSecond = (row: ReviewRow): boolean => row.second === 'asked'

/** The next row in a direction that still waits for a decision, going round at the end; null when no other waits. */
export function nextWaiting(rows: readonly ReviewRow[], from: string | null, direction: 1 | -1, waits: (row: ReviewRow) => boolean = isPending): ReviewRow | null {
  const start = rows.findIndex((r) => r.caseId === from)
  for (let i = 1; i <= rows.length; i++) {
    const base = start === -1 && direction === -1 ? 0 : start
    const row = rows[(((base + i * direction) % rows.length) + rows.length) % rows.length]
    if (row !== undefined && row.caseId !== from && waits(row)) return row
  }
  return null
}

/** The neighbour in the strip, decided or not; null at its ends. */
export const neighbour = (rows: readonly ReviewRow[], from: string | null, direction: 1 | -1): ReviewRow | null => rows[rows.findIndex((r) => r.caseId === from) + direction] ?? null

export const withState = (rows: readonly ReviewRow[], caseId: string, state: ReviewRow['state'], second: ReviewRow['second']): ReviewRow[] => rows.map((r) => (r.caseId === caseId ? { ...r, state, second } : r))

/** Fresh rows in the places that the known ones have; new ones come at the end in their own order. Nothing moves while a person works. */
export function mergeKeepingOrder(known: readonly ReviewRow[], fresh: readonly ReviewRow[]): readonly ReviewRow[] {
  if (known.length === 0) return fresh
  const byId = new Map(fresh.map((r) => [r.caseId, r]))
  const kept = known.flatMap((r) => byId.get(r.caseId) ?? [])
  const had = new Set(kept.map((r) => r.caseId))
  return [...kept, ...fresh.filter((r) => !had.has(r.caseId))]
}

export interface QueueCounts { readonly all: number; readonly waiting: number; readonly accepted: number; readonly corrected: number; readonly rejected: number; readonly second: number; readonly settled: number }
export function countQueue(rows: readonly ReviewRow[]): QueueCounts {
  const n = { pending: 0, accepted: 0, corrected: 0, rejected: 0 }
  let second = 0, settled = 0
  for (const row of rows) {
    n[row.state]++
    if (row.second === 'asked') second++
    if (row.second === 'settled') settled++
  }
  return { all: rows.length, waiting: n.pending, accepted: n.accepted, corrected: n.corrected, rejected: n.rejected, second, settled }
}

export function cohortsOf(rows: readonly ReviewRow[]): string[] {
  const names = new Set<string>()
  for (const row of rows) if (row.cohort !== null) names.add(row.cohort)
  return [...names].sort()
}
/** The reasons that occur, in their order, with how many rows have each. */
export function flagCounts(rows: readonly ReviewRow[]): { readonly flag: ReviewFlag; readonly count: number }[] {
  const counts = new Map<ReviewFlag, number>()
  for (const row of rows) for (const flag of row.flags) counts.set(flag, (counts.get(flag) ?? 0) + 1)
  return (Object.keys(flagLabels) as ReviewFlag[]).flatMap((flag) => (counts.has(flag) ? [{ flag, count: counts.get(flag) ?? 0 }] : []))
}
