import type { Figure } from '#shared/figures/index.ts'

/** A report as plain data: the HTML page and the PDF are written from the same blocks. */
export interface ReportDocument {
  readonly title: string
  readonly subtitle: string
  /** Printed at the foot of every page. */
  readonly foot: string
  readonly blocks: readonly ReportBlock[]
}

export interface ReportTable {
  /** File name of its CSV, without the ending. */
  readonly id: string
  readonly caption: string
  readonly columns: readonly ReportColumn[]
  /** A line above the heads that names groups of columns. */
  readonly heads?: readonly { readonly label: string; readonly span: number }[]
  /** Text as printed. */
  readonly rows: readonly (readonly string[])[]
  readonly note?: string
  /** What the CSV holds in full precision, when it is more than what is printed. */
  readonly data?: { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number | null)[])[] }
}
export interface ReportColumn { readonly label: string; readonly align?: 'right'; /** relative width in the PDF */ readonly width?: number }

export interface ReportDrawing { readonly id: string; readonly svg: string; readonly width: number; readonly height: number }

export type ReportBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: 'notice' | 'quiet' }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'table'; readonly table: ReportTable }
  /** a drawing that is no chart: the flow of cases, a nomogram, pictures; stand-alone SVG of this size */
  | { readonly kind: 'drawing'; readonly drawing: ReportDrawing; readonly caption: string }
  /** several figures under one caption, `across` in a row */
  | { readonly kind: 'panels'; readonly figures: readonly Figure[]; readonly across: number; readonly caption: string }
  | { readonly kind: 'figure'; readonly figure: Figure; readonly caption: string }

/** Width and height that a panel is drawn at, by how many stand in a row; a list of estimates is as high as it has rows. */
export function panelSize(across: number, figure?: Figure): { readonly width: number; readonly height: number } {
  if (across === 1) return { width: 860, height: figure?.y.kind === 'category' ? 120 + 26 * (figure.y.categories?.length ?? 8) : 420 }
  return across === 2 ? { width: 460, height: 500 } : { width: 330, height: 250 }
}
