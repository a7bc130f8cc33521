import type { CaseRow } from '#shared/contract/index.ts'
import { emptyTableState, type ColumnFilter, type TableState } from '#renderer/ui/table/model.ts'
import { isExcluded, isSegmented } from './caseWords.ts'

/** The fixed views at the head of the worklist, as column filters, so that the table shows what they mean. */
export const VIEW_IDS = ['all', 'segment', 'review', 'reviewed', 'empty', 'excluded'] as const
export type ViewId = (typeof VIEW_IDS)[number]
type Filters = TableState['filters']

const choice = (...values: readonly string[]): ColumnFilter => ({ kind: 'choice', values })
const included = choice('')

/** Reasons are needed because "excluded" is the choice of every reason that occurs. */
export function viewFilters(view: ViewId, reasons: readonly string[]): Filters {
  switch (view) {
    case 'all': return {}
    case 'segment': return { segmentation: choice('Not segmented', 'Failed'), excluded: included }
    case 'review': return { segmentation: choice('Lesion found', 'No lesion found'), review: choice('Not reviewed'), excluded: included }
    case 'reviewed': return { review: choice('Accepted', 'Corrected', 'Rejected') }
    case 'empty': return { segmentation: choice('No lesion found') }
    case 'excluded': return { excluded: choice(...reasons) }
  }
}

const OWNED = ['segmentation', 'review', 'excluded']

/** The table with the view's filters; filters of other columns (cohort, text) stay. */
export function withView(state: TableState, view: ViewId, reasons: readonly string[]): TableState {
  const others = Object.fromEntries(Object.entries(state.filters).filter(([id]) => !OWNED.includes(id)))
  return { ...state, filters: { ...others, ...viewFilters(view, reasons) } }
}

const key = (filter: ColumnFilter | undefined): string => (filter === undefined ? '' : filter.kind === 'choice' ? [...filter.values].sort().join('\n') || '\n' : JSON.stringify(filter))

/** The view that the filters amount to, or null when a person changed them by hand. */
export function viewOf(state: TableState, reasons: readonly string[]): ViewId | null {
  return VIEW_IDS.find((id) => {
    const wanted = viewFilters(id, reasons)
    return OWNED.every((column) => key(state.filters[column]) === key(wanted[column]))
  }) ?? null
}

export const viewCounts = (rows: readonly CaseRow[]): Record<ViewId, number> => {
  const count = (test: (row: CaseRow) => boolean): number => rows.reduce((n, row) => n + (test(row) ? 1 : 0), 0)
  return {
    all: rows.length,
    segment: count((r) => !isExcluded(r) && !isSegmented(r)),
    review: count((r) => !isExcluded(r) && isSegmented(r) && r.review === 'none'),
    reviewed: count((r) => r.review !== 'none'),
    empty: count((r) => r.segmentation === 'empty'),
    excluded: count(isExcluded),
  }
}

/** The cohorts whose cases are shown; empty: all. */
export const chosenCohorts = (state: TableState): readonly string[] => (state.filters['cohort']?.kind === 'choice' ? state.filters['cohort'].values : [])

export function toggleCohort(state: TableState, cohort: string): TableState {
  const now = chosenCohorts(state)
  const next = now.includes(cohort) ? now.filter((c) => c !== cohort) : [...now, cohort]
  const { cohort: _old, ...rest } = state.filters
  return { ...state, filters: next.length === 0 ? rest : { ...rest, cohort: choice(...next) } }
}

/** A filter that a person kept under a name: filters, quick text and order; not the widths. */
export interface SavedFilter { readonly name: string; readonly filters: Filters; readonly quick: string; readonly sort: TableState['sort'] }

export const saveFilter = (saved: readonly SavedFilter[], name: string, state: TableState): SavedFilter[] =>
  [...saved.filter((s) => s.name !== name), { name, filters: state.filters, quick: state.quick, sort: state.sort }].sort((a, b) => (a.name < b.name ? -1 : 1))
export const applyFilter = (state: TableState, saved: SavedFilter): TableState => ({ ...state, filters: saved.filters, quick: saved.quick, sort: saved.sort })
export const isNarrowed = (state: TableState): boolean => state.quick !== '' || Object.keys(state.filters).length > 0

export interface Arrangement { readonly state: TableState; readonly saved: readonly SavedFilter[] }

/** Reads a kept arrangement; anything that is not one counts as none. */
export function readArrangement(text: string | null): Arrangement {
  const none: Arrangement = { state: emptyTableState, saved: [] }
  if (text === null) return none
  try {
    const kept = JSON.parse(text) as Partial<Arrangement>
    const state = { ...emptyTableState, ...kept.state }
    const sound = Array.isArray(state.sort) && typeof state.quick === 'string' && typeof state.filters === 'object' && Array.isArray(kept.saved)
    return sound ? { state, saved: kept.saved ?? [] } : none
  } catch {
    return none
  }
}
