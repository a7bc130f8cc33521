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
  /** Text as printed. */
  readonly rows: readonly (readonly string[])[]
  readonly note?: string
  /** What the CSV holds in full precision, when it is more than what is printed. */
  readonly data?: { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number | null)[])[] }
}
export interface ReportColumn { readonly label: string; readonly align?: 'right'; /** relative width in the PDF */ readonly width?: number }

export type ReportBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: 'notice' | 'quiet' }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'table'; readonly table: ReportTable }
  | { readonly kind: 'figure'; readonly figure: Figure; readonly caption: string }
