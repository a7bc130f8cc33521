import type { Figure, FigureSeries } from './model.ts'

type Cell = string | number | undefined
const header = ['series', 'kind', 'label', 'x', 'y', 'x_low', 'x_high', 'y_low', 'y_high', 'q1', 'median', 'q3', 'value', 'p']

const quote = (cell: Cell): string => {
  const text = cell === undefined ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function rowsOf(series: FigureSeries, category: (x: number) => Cell): Cell[][] {
  const start: Cell[] = [series.label, series.kind]
  switch (series.kind) {
    case 'line': case 'step': return series.points.map((p) => [...start, '', p.x, p.y])
    case 'points': return series.points.map((p) => [...start, p.label ?? category(p.x) ?? '', p.x, p.y, p.xError?.[0], p.xError?.[1], p.yError?.[0], p.yError?.[1]])
    case 'band': return series.points.map((p) => [...start, '', p.x, '', '', '', p.low, p.high])
    case 'box': return series.boxes.flatMap((b) => [
      [...start, category(b.x), b.x, '', '', '', b.min, b.max, b.q1, b.median, b.q3],
      ...(b.outliers ?? []).map((y) => [...start, 'outlier', b.x, y]),
    ])
    case 'cells': return series.cells.map((c) => [...start, c.label ?? '', c.x, c.y, '', '', '', '', '', '', '', c.value ?? '', c.p ?? ''])
    case 'bars': return series.bars.map((b) => [...start, category(b.x), b.x, b.y, '', '', b.low, b.high])
  }
}

/** Every drawn number, one a row, in full precision; RFC 4180 with a header and CRLF. Series are told apart by their label. */
export function figureToCsv(figure: Figure): string {
  const names = figure.x.kind === 'category' ? figure.x.categories : undefined
  const category = (x: number): Cell => names?.[Math.round(x)] ?? ''
  const rows = [header as Cell[], ...figure.series.flatMap((series) => rowsOf(series, category))]
  return `${rows.map((row) => header.map((_, i) => quote(row[i])).join(',')).join('\r\n')}\r\n`
}
