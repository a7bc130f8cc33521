import { AnalysisFailure } from './request.ts'

/** A column of a table: numbers where every value present is a number, otherwise text. Missing is NaN or null. */
export type Column =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }

/** A parsed table: columns of equal length in the order of the file. Names may hold any characters. */
export interface Table {
  readonly rows: number
  readonly columns: ReadonlyMap<string, Column>
}

const numeral = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const infinities = new Map([['Inf', Infinity], ['+Inf', Infinity], ['-Inf', -Infinity]])

/** Types the columns of a file's records (header first). An empty field or `NA` is missing; a missing trailing field too. */
export function parseTable(records: readonly (readonly string[])[]): Table {
  const [header = [], ...body] = records
  const columns = new Map<string, Column>()
  header.forEach((name, j) => {
    if (!columns.has(name)) columns.set(name, parseColumn(body.map((r) => r[j])))
  })
  return { rows: body.length, columns }
}

function parseColumn(fields: readonly (string | undefined)[]): Column {
  const values = fields.map((f) => (f === undefined || f === '' || f === 'NA' ? null : f))
  const numbers = new Float64Array(values.length).fill(NaN)
  for (const [i, v] of values.entries()) {
    if (v === null) continue
    const text = v.trim()
    const number = infinities.get(text) ?? (numeral.test(text) ? Number(text) : undefined)
    if (number === undefined) return { kind: 'text', values }
    numbers[i] = number
  }
  return { kind: 'number', values: numbers }
}

export function column(table: Table, name: string): Column {
  const found = table.columns.get(name)
  if (!found) throw new AnalysisFailure('unknown_column', `The table has no column "${name}"; it has: ${[...table.columns.keys()].join(', ')}.`, name)
  return found
}

/** A numeric column; missing values are NaN. */
export function numbers(table: Table, name: string): Float64Array {
  const found = column(table, name)
  if (found.kind === 'number') return found.values
  const bad = found.values.find((v) => v !== null && !numeral.test(v.trim()))
  throw new AnalysisFailure('bad_task', `The column "${name}" should hold numbers but has the value "${bad ?? ''}".`, name)
}

/** A column as text, as it is compared with declared levels: numbers in their shortest form, missing values null. */
export function texts(table: Table, name: string): (string | null)[] {
  const found = column(table, name)
  return found.kind === 'text' ? [...found.values] : Array.from(found.values, (x) => (Number.isNaN(x) ? null : numberText(x)))
}

/** A number as text with at most 15 significant digits, so that 1, 1.0 and "1" name the same level. */
export function numberText(x: number): string {
  return String(Number(x.toPrecision(15)))
}

/** A declared level or filter value (text, number or truth value) as text. */
export function levelText(value: unknown): string {
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string') return value
  throw new AnalysisFailure('bad_task', `A level must be text or a number, not ${JSON.stringify(value)}.`)
}

/** True where no value of the named columns is missing in that row. */
export function isComplete(table: Table, names: readonly string[]): (row: number) => boolean {
  const columns = names.map((n) => column(table, n))
  return (row) => columns.every((c) => (c.kind === 'number' ? !Number.isNaN(c.values[row]!) : c.values[row] !== null))
}

/** The rows for which `keep` holds, in order. */
export function filterRows(table: Table, keep: (row: number) => boolean): Table {
  const rows = Array.from({ length: table.rows }, (_, i) => i).filter(keep)
  const columns = new Map<string, Column>()
  for (const [name, c] of table.columns) {
    columns.set(name, c.kind === 'number'
      ? { kind: 'number', values: Float64Array.from(rows, (i) => c.values[i]!) }
      : { kind: 'text', values: rows.map((i) => c.values[i]!) })
  }
  return { rows: rows.length, columns }
}

/** Complete cases over exactly these columns. */
export function completeCases(table: Table, names: readonly string[]): Table {
  return filterRows(table, isComplete(table, names))
}

/** The rows whose column equals a value; no filter gives the table itself. */
export function whereEquals(table: Table, where: { column: string; equals: unknown } | undefined): Table {
  if (where === undefined) return table
  const values = texts(table, where.column)
  const numeric = column(table, where.column).kind === 'number'
  const wanted = levelText(where.equals)
  const wantedText = numeric && numeral.test(wanted.trim()) ? numberText(Number(wanted)) : wanted
  return filterRows(table, (i) => values[i] === wantedText)
}
