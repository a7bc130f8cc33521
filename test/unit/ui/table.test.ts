import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellText, emptyTableState, isShown, type TableColumn } from '#renderer/ui/table/model.ts'
import { distinctTexts, filterRows, sortRows, toggleSort } from '#renderer/ui/table/rows.ts'
import { movedIndex, rangeOf, toggled } from '#renderer/ui/table/selection.ts'
import { cpuTime } from '#test/support/cpuTime.ts'

interface Row { readonly id: string; readonly dice: number | null; readonly cohort: string; readonly ok: boolean }
const columns: TableColumn<Row>[] = [
  { id: 'id', label: 'Case', value: (r) => r.id, fixed: true },
  { id: 'dice', label: 'Dice', value: (r) => r.dice, kind: 'number', decimals: 3 },
  { id: 'cohort', label: 'Cohort', value: (r) => r.cohort, kind: 'choice' },
  { id: 'ok', label: 'OK', value: (r) => r.ok, kind: 'boolean', optional: true },
]
const rows: Row[] = [
  { id: 'Case 10', dice: 0.9, cohort: 'train', ok: true }, { id: 'Case 9', dice: null, cohort: 'test', ok: false },
  { id: 'Case 2', dice: 0.7, cohort: 'train', ok: false }, { id: 'Case 1', dice: 0.9, cohort: 'test', ok: true },
]
const ids = (list: readonly Row[]): string[] => list.map((r) => r.id.slice(5))

describe('sorting', () => {
  it('orders numbers in texts as people do', () => {
    expect(ids(sortRows(rows, columns, [{ id: 'id', direction: 'asc' }]))).toEqual(['1', '2', '9', '10'])
    expect(ids(sortRows(rows, columns, [{ id: 'id', direction: 'desc' }]))).toEqual(['10', '9', '2', '1'])
  })
  it('keeps missing values last in both directions and ties in their order', () => {
    expect(ids(sortRows(rows, columns, [{ id: 'dice', direction: 'asc' }]))).toEqual(['2', '10', '1', '9'])
    expect(ids(sortRows(rows, columns, [{ id: 'dice', direction: 'desc' }]))).toEqual(['10', '1', '2', '9'])
  })
  it('uses the second key within the first and ignores columns that are gone', () => {
    expect(ids(sortRows(rows, columns, [{ id: 'cohort', direction: 'asc' }, { id: 'gone', direction: 'asc' }, { id: 'dice', direction: 'asc' }]))).toEqual(['1', '9', '2', '10'])
  })
  it('is a permutation of the rows, whatever the values', () => {
    const row = fc.record({ id: fc.string(), dice: fc.option(fc.double()), cohort: fc.string(), ok: fc.boolean() })
    fc.assert(fc.property(fc.array(row), fc.constantFrom('id', 'dice', 'ok'), fc.constantFrom('asc' as const, 'desc' as const), (list, id, direction) => {
      const sorted = sortRows(list, columns, [{ id, direction }])
      expect(new Set(sorted)).toEqual(new Set(list))
      expect(sorted).toHaveLength(list.length)
    }))
  })
  it('cycles through ascending, descending and none, alone or beside other keys', () => {
    const one = toggleSort([], 'a', false)
    expect(one).toEqual([{ id: 'a', direction: 'asc' }])
    expect(toggleSort(one, 'a', false)).toEqual([{ id: 'a', direction: 'desc' }])
    expect(toggleSort([{ id: 'a', direction: 'desc' }], 'a', false)).toEqual([])
    expect(toggleSort(one, 'b', true)).toEqual([{ id: 'a', direction: 'asc' }, { id: 'b', direction: 'asc' }])
    expect(toggleSort(one, 'b', false)).toEqual([{ id: 'b', direction: 'asc' }])
  })
})

describe('filtering', () => {
  const filter = (more: object): string[] => ids(filterRows(rows, columns, { ...emptyTableState, ...more }))
  it('by text, choice and range; a missing number is in no range', () => {
    expect(filter({ filters: { id: { kind: 'text', text: 'case 1' } } })).toEqual(['10', '1'])
    expect(filter({ filters: { cohort: { kind: 'choice', values: ['test'] } } })).toEqual(['9', '1'])
    expect(filter({ filters: { dice: { kind: 'range', min: 0.8, max: null } } })).toEqual(['10', '1'])
    expect(filter({ filters: { dice: { kind: 'range', min: null, max: 0.7 } } })).toEqual(['2'])
  })
  it('by every word anywhere in the row, as it is shown', () => {
    expect(filter({ quick: 'TRAIN 0.900' })).toEqual(['10'])
    expect(filter({ quick: 'yes test' })).toEqual(['1'])
  })
  it('open filters let everything through', () => {
    expect(filter({ filters: { id: { kind: 'text', text: '' }, dice: { kind: 'range', min: null, max: null }, cohort: { kind: 'choice', values: [] } } })).toHaveLength(4)
  })
  it('10,000 rows are filtered and sorted without going through them again for each (the bench says how fast)', () => {
    const many = Array.from({ length: 10_000 }, (_, i): Row => ({ id: `Case ${(i * 7919) % 10_000}`, dice: ((i * 31) % 997) / 997, cohort: i % 3 ? 'train' : 'test', ok: i % 2 === 0 }))
    const time = (): number => cpuTime(() => sortRows(filterRows(many, columns, { quick: 'train', filters: { dice: { kind: 'range', min: 0.2, max: null } } }), columns, [{ id: 'dice', direction: 'desc' }]))
    expect(Math.min(time(), time(), time())).toBeLessThan(400)
  })
})

describe('cells and columns', () => {
  it('show numbers with their decimals, booleans as words, missing as nothing', () => {
    expect(columns.map((c) => cellText(c, rows[1] as Row))).toEqual(['Case 9', '', 'test', 'No'])
    expect(cellText(columns[1] as TableColumn<Row>, rows[0] as Row)).toBe('0.900')
  })
  it('are hidden when optional unless asked for, and never when fixed', () => {
    expect(columns.map((c) => isShown(c, emptyTableState))).toEqual([true, true, true, false])
    expect(columns.map((c) => isShown(c, { ...emptyTableState, shown: { id: false, ok: true, dice: false } }))).toEqual([true, false, true, true])
  })
  it('count their distinct values', () => {
    expect(distinctTexts(rows, columns[2] as TableColumn<Row>)).toEqual([{ text: 'test', count: 2 }, { text: 'train', count: 2 }])
  })
})

describe('moving and selecting', () => {
  it('stays within the table', () => {
    expect(movedIndex('ArrowDown', -1, 5, 3)).toBe(0)
    expect(movedIndex('ArrowUp', 0, 5, 3)).toBe(0)
    expect(movedIndex('PageDown', 3, 5, 3)).toBe(4)
    expect(movedIndex('PageUp', 1, 5, 3)).toBe(0)
    expect(movedIndex('End', 1, 5, 3)).toBe(4)
    expect(movedIndex('a', 1, 5, 3)).toBeNull()
    expect(movedIndex('Home', -1, 0, 3)).toBeNull()
  })
  it('extends both ways from the anchor', () => {
    expect(rangeOf(['a', 'b', 'c', 'd'], 'c', 'a')).toEqual(['a', 'b', 'c'])
    expect(rangeOf(['a', 'b', 'c', 'd'], 'gone', 'b')).toEqual(['b'])
    expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
    expect(toggled(['a'], 'c')).toEqual(['a', 'c'])
  })
})
