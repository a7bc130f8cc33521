/** What a cell can hold for sorting and filtering. */
export type CellValue = string | number | boolean | null | undefined

/** A column of a DataTable. `value` sorts and filters, `text` shows; without `text` the value is written by kind. */
export interface TableColumn<Row> {
  readonly id: string
  readonly label: string
  readonly value: (row: Row) => CellValue
  readonly text?: ((row: Row) => string) | undefined
  /** Numbers are right-aligned with tabular figures; choices filter by their distinct values. Default 'text'. */
  readonly kind?: 'text' | 'number' | 'choice' | 'boolean' | undefined
  readonly decimals?: number | undefined
  readonly unit?: string | undefined
  /** Explains the column in the header's tooltip. */
  readonly title?: string | undefined
  readonly width?: number | undefined
  readonly minWidth?: number | undefined
  /** Takes what is left of the width, until resized by hand. */
  readonly grow?: boolean | undefined
  readonly sortable?: boolean | undefined
  readonly filterable?: boolean | undefined
  /** Hidden until chosen in the column menu. */
  readonly optional?: boolean | undefined
  /** Cannot be hidden. */
  readonly fixed?: boolean | undefined
}

export type ColumnFilter =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'range'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'choice'; readonly values: readonly string[] }

export interface SortKey { readonly id: string; readonly direction: 'asc' | 'desc' }

/** All that a person arranged, plain data: a saved view of the worklist stores exactly this. */
export interface TableState {
  readonly sort: readonly SortKey[]
  readonly filters: Readonly<Record<string, ColumnFilter>>
  readonly quick: string
  /** Shown or hidden by hand; columns not named follow `optional`. */
  readonly shown: Readonly<Record<string, boolean>>
  readonly widths: Readonly<Record<string, number>>
}

export const emptyTableState: TableState = { sort: [], filters: {}, quick: '', shown: {}, widths: {} }

export type RowKey = string | number

/** The text of a cell; '' where the value is missing. */
export function cellText<Row>(column: TableColumn<Row>, row: Row): string {
  if (column.text) return column.text(row)
  const value = column.value(row)
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return Number.isNaN(value) ? '' : column.decimals === undefined ? String(value) : value.toFixed(column.decimals)
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return value
}

export const isShown = <Row>(column: TableColumn<Row>, state: TableState): boolean => column.fixed === true || (state.shown[column.id] ?? !column.optional)
