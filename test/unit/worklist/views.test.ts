import { describe, expect, test } from 'vitest'
import { caseColumns } from '#renderer/features/worklist/columns.ts'
import { applyFilter, chosenCohorts, isNarrowed, readArrangement, saveFilter, toggleCohort, VIEW_IDS, viewCounts, viewOf, withView } from '#renderer/features/worklist/views.ts'
import { emptyTableState } from '#renderer/ui/table/model.ts'
import { filterRows } from '#renderer/ui/table/rows.ts'
import { caseRow } from './rows.ts'
import { cpuTime } from '#test/support/cpuTime.ts'

const reasons = ['incomplete pathology', 'poor image quality']
const rows = [
  caseRow({ id: 'new' }),
  caseRow({ id: 'failed', segmentation: 'failed', cohort: 'test' }),
  caseRow({ id: 'found', segmentation: 'found' }),
  caseRow({ id: 'empty', segmentation: 'empty', cohort: 'test' }),
  caseRow({ id: 'accepted', segmentation: 'found', review: 'accepted' }),
  caseRow({ id: 'rejected', segmentation: 'empty', review: 'rejected' }),
  caseRow({ id: 'out', excludedReason: 'incomplete pathology', cohort: null }),
  caseRow({ id: 'out too', excludedReason: 'poor image quality', segmentation: 'found' }),
]
const shown = (state: typeof emptyTableState): string[] => filterRows(rows, caseColumns('SLN'), state).map((r) => r.id)

describe('views of the worklist', () => {
  test('each view shows the cases it names, by filters that the table itself applies', () => {
    expect(shown(withView(emptyTableState, 'all', reasons))).toHaveLength(rows.length)
    expect(shown(withView(emptyTableState, 'segment', reasons))).toEqual(['new', 'failed'])
    expect(shown(withView(emptyTableState, 'review', reasons))).toEqual(['found', 'empty'])
    expect(shown(withView(emptyTableState, 'reviewed', reasons))).toEqual(['accepted', 'rejected'])
    expect(shown(withView(emptyTableState, 'empty', reasons))).toEqual(['empty', 'rejected'])
    expect(shown(withView(emptyTableState, 'excluded', reasons))).toEqual(['out', 'out too'])
  })

  test('the counts beside the views are the rows that the views show', () => {
    const counts = viewCounts(rows)
    for (const view of VIEW_IDS) expect([view, counts[view]]).toEqual([view, shown(withView(emptyTableState, view, reasons)).length])
  })

  test('a view is recognised by its filters, whatever their order, and not once a person changed them', () => {
    for (const view of VIEW_IDS) expect(viewOf(withView(emptyTableState, view, reasons), [...reasons].reverse())).toBe(view)
    const state = withView(emptyTableState, 'review', reasons)
    expect(viewOf({ ...state, filters: { ...state.filters, segmentation: { kind: 'choice', values: ['Lesion found'] } } }, reasons)).toBeNull()
  })

  test('changing the view keeps cohort, text and order', () => {
    const before = { ...toggleCohort(emptyTableState, 'test'), quick: 'P1', sort: [{ id: 'risk', direction: 'desc' as const }] }
    const after = withView(before, 'segment', reasons)
    expect(chosenCohorts(after)).toEqual(['test'])
    expect([after.quick, after.sort]).toEqual(['P1', before.sort])
    expect(shown(after)).toEqual(['failed'])
    expect(chosenCohorts(withView(after, 'all', reasons))).toEqual(['test'])
  })

  test('cohort chips add up and come off again; without one all are shown', () => {
    const both = toggleCohort(toggleCohort(emptyTableState, 'test'), 'train')
    expect(chosenCohorts(both)).toEqual(['test', 'train'])
    const none = toggleCohort(toggleCohort(both, 'test'), 'train')
    expect(none.filters).toEqual({})
    expect(isNarrowed(none)).toBe(false)
  })
})

describe('kept filters', () => {
  test('a filter kept under a name brings back filters, text and order, but not the widths', () => {
    const state = { ...toggleCohort(emptyTableState, 'test'), quick: 'x', widths: { case: 99 } }
    const [kept] = saveFilter([], 'mine', state)
    const later = { ...emptyTableState, widths: { case: 50 } }
    expect(kept === undefined ? null : applyFilter(later, kept)).toEqual({ ...later, filters: state.filters, quick: 'x' })
  })

  test('the same name replaces, names are in order', () => {
    const once = saveFilter(saveFilter([], 'b', emptyTableState), 'a', emptyTableState)
    const twice = saveFilter(once, 'b', { ...emptyTableState, quick: 'new' })
    expect(twice.map((s) => [s.name, s.quick])).toEqual([['a', ''], ['b', 'new']])
  })

  test('an arrangement survives storage; a damaged one counts as none', () => {
    const state = toggleCohort(emptyTableState, 'test')
    const saved = saveFilter([], 'mine', state)
    expect(readArrangement(JSON.stringify({ state, saved }))).toEqual({ state, saved })
    for (const text of [null, 'no JSON', '{}', '{"state":{"sort":1},"saved":[]}', '{"state":null,"saved":"x"}']) expect(readArrangement(text)).toEqual({ state: emptyTableState, saved: [] })
  })
})

test('ten thousand rows are filtered by text and sorted in well under a frame budget of work a person notices', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => caseRow({ id: `c${i}`, label: `Case ${String(i).padStart(5, '0')}`, patient: `P${i % 900}`, risk: (i * 7919 % 1000) / 1000 }))
  const columns = caseColumns('SLN')
  const took = cpuTime(() => expect(filterRows(many, columns, { filters: {}, quick: 'case 0123' }).map((r) => r.label)).toContain('Case 01234'))
  expect(took).toBeLessThan(1500)
})
