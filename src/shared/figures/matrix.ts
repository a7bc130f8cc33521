import type { Figure, FigureLabel } from './model.ts'

/** One cell: row against column. */
export interface MatrixCell { readonly row: string; readonly column: string; readonly value: number | null; readonly p?: number | null; /** in place of the value, where there is none */ readonly text?: string }

const number = (v: number): string => v.toFixed(3).replace('-', '−')
const pWords = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`)

/** Pairwise figures as cells of rows against columns with their values and p written in: DeLong, NRI, IDI. */
export function matrixFigure(options: { readonly id: string; readonly title: string; readonly subtitle?: string; readonly rows: readonly string[]; readonly columns: readonly string[]; /** the written name of a row or column */ label?(name: string): string; readonly cells: readonly MatrixCell[]; readonly full: number; readonly notes?: readonly string[] }): Figure {
  const { rows, columns, label = (name: string): string => name } = options
  const placed = options.cells.flatMap((c) => { const x = columns.indexOf(c.column), y = rows.indexOf(c.row); return x < 0 || y < 0 ? [] : [{ ...c, x, y }] })
  const labels = placed.flatMap(({ x, y, value, p, text }): FigureLabel[] => {
    const first = value === null ? (text ?? '–') : number(value)
    return p === undefined || p === null ? [{ x, y: y + 0.05, text: first, anchor: 'middle' }] : [{ x, y: y - 0.06, text: first, anchor: 'middle' }, { x, y: y + 0.16, text: pWords(p), anchor: 'middle' }]
  })
  return {
    id: options.id, title: options.title, subtitle: options.subtitle, legend: 'none', notes: options.notes,
    x: { label: '', kind: 'category', categories: columns.map(label), grid: false }, y: { label: '', kind: 'category', categories: rows.map(label), grid: false },
    series: [{ id: 'cells', label: options.title, colour: 0, below: 3, full: options.full, kind: 'cells', legend: false, cells: placed.map(({ x, y, value, p, row, column }) => ({ x, y, value, p, label: `${row} | ${column}` })) }],
    labels,
  }
}
