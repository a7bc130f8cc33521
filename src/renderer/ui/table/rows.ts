import { assertNever } from '#shared/lib/index.ts'
import { cellText, type CellValue, type ColumnFilter, type SortKey, type TableColumn, type TableState } from './model.ts'

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const isMissing = (value: CellValue): boolean => value === null || value === undefined || value === '' || Number.isNaN(value)

/** Numbers by size, texts as people order them ('case 9' before 'case 10'), no before yes. Not for missing values. */
function compareValues(a: CellValue, b: CellValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  return collator.compare(String(a), String(b))
}

/** Rows in the order of the sort keys; stable; missing values last in either direction. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[], sort: readonly SortKey[]): Row[] {
  const keys = sort.flatMap((key) => {
    const column = columns.find((candidate) => candidate.id === key.id)
    return column ? [{ column, sign: key.direction === 'asc' ? 1 : -1 }] : []
  })
  if (keys.length === 0) return [...rows]
  const decorated = rows.map((row) => ({ row, values: keys.map(({ column }) => column.value(row)) }))
  decorated.sort((a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const left = a.values[i]
      const right = b.values[i]
      const missing = Number(isMissing(left)) - Number(isMissing(right))
      if (missing !== 0) return missing
      const order = isMissing(left) ? 0 : compareValues(left, right) * (keys[i]?.sign ?? 1)
      if (order !== 0) return order
    }
    return 0
  })
  return decorated.map(({ row }) => row)
}

function passes<Row>(column: TableColumn<Row>, filter: ColumnFilter, row: Row): boolean {
  switch (filter.kind) {
    case 'text': return cellText(column, row).toLowerCase().includes(filter.text.toLowerCase())
    case 'choice': return filter.values.includes(cellText(column, row))
    case 'range': {
      const value = column.value(row)
      if (typeof value !== 'number' || Number.isNaN(value)) return false
      return (filter.min === null || value >= filter.min) && (filter.max === null || value <= filter.max)
    }
    default: return assertNever(filter)
  }
}

/** Whether the filter would let everything through: an empty text, an open range, no value chosen. */
export function isOpen(filter: ColumnFilter): boolean {
  switch (filter.kind) {
    case 'text': return filter.text === ''
    case 'choice': return filter.values.length === 0
    case 'range': return filter.min === null && filter.max === null
    default: return assertNever(filter)
  }
}

/** Every word of the quick filter must be in some cell of the row. `columns` are the ones that are searched. */
export function quickMatches<Row>(row: Row, columns: readonly TableColumn<Row>[], words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = columns.map((column) => cellText(column, row)).join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}

export function filterRows<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[], state: Pick<TableState, 'filters' | 'quick'>): Row[] {
  const words = state.quick.toLowerCase().split(/\s+/).filter(Boolean)
  const active = columns.flatMap((column) => {
    const filter = state.filters[column.id]
    return filter && !isOpen(filter) ? [{ column, filter }] : []
  })
  return rows.filter((row) => active.every(({ column, filter }) => passes(column, filter, row)) && quickMatches(row, columns, words))
}

/** Distinct texts of a column with their counts, in order, for the choice filter. */
export function distinctTexts<Row>(rows: readonly Row[], column: TableColumn<Row>): { readonly text: string; readonly count: number }[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const text = cellText(column, row)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, count]) => ({ text, count })).sort((a, b) => collator.compare(a.text, b.text))
}

/** The next sort after a click on a header: ascending, descending, none. With `add` the other keys stay. */
export function toggleSort(sort: readonly SortKey[], id: string, add: boolean): SortKey[] {
  const now = sort.find((key) => key.id === id)
  const next: SortKey[] = now === undefined ? [{ id, direction: 'asc' }] : now.direction === 'asc' ? [{ id, direction: 'desc' }] : []
  if (!add) return next
  if (now === undefined) return [...sort, ...next]
  return sort.flatMap((key) => (key.id === id ? next : [key]))
}
