import { resolveAxis, type ResolvedAxis } from '../axis.ts'
import type { Figure, FigureSeries } from '../model.ts'
import { textWidth, wrapText } from '../text.ts'

export interface LegendEntry { readonly series: FigureSeries; readonly lines: readonly string[] }

/** Where everything goes, in the drawing's pixels. */
export interface FigureLayout {
  readonly width: number
  readonly height: number
  readonly plot: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
  readonly x: ResolvedAxis
  readonly y: ResolvedAxis
  readonly toX: (value: number) => number
  readonly toY: (value: number) => number
  readonly legend: { readonly left: number; readonly top: number; readonly entries: readonly LegendEntry[]; readonly horizontal: boolean }
  readonly notes: { readonly top: number; readonly lines: readonly string[] }
  readonly columns: readonly { readonly right: number; readonly label: string; readonly values: readonly string[] }[]
  readonly yTickWidth: number
}

export const inLegend = (series: FigureSeries): boolean => series.legend !== false && series.follows === undefined
export const isHidden = (figure: Figure, series: FigureSeries): boolean =>
  series.hidden === true || (series.follows !== undefined && figure.series.some((other) => other.id === series.follows && other.hidden === true))

const legendText = (series: FigureSeries): string => (series.note ? `${series.label}, ${series.note}` : series.label)

export function layoutFigure(figure: Figure, width: number, height: number): FigureLayout {
  const margin = 16
  const y = resolveAxis(figure, 'y', Math.max(3, Math.round(height / 80)))
  const yTickWidth = Math.min(width * 0.3, Math.max(...y.ticks.map((tick) => textWidth(tick.text, 11)), 8))
  const shown = figure.series.filter((series) => inLegend(series) && !isHidden(figure, series))
  const place = figure.legend ?? (shown.length > 1 ? 'right' : 'none')
  const legendWidth = place === 'right' ? Math.min(width * 0.34, Math.max(...shown.map((s) => Math.max(textWidth(s.label, 11), textWidth(s.note ?? '', 11)))) + 28) : 0
  const entries = place === 'none' ? [] : shown.map((series): LegendEntry => ({
    series, lines: place === 'right' ? [series.label, ...(series.note ? wrapText(series.note, 11, legendWidth - 24) : [])] : [legendText(series)],
  }))
  const noteLines = (figure.notes ?? []).flatMap((note) => wrapText(note, 11, width - 2 * margin))
  const columnWidths = (figure.columns ?? []).map((column) => Math.max(textWidth(column.label, 11), ...column.values.map((value) => textWidth(value, 11))) + 16)

  const left = margin + yTickWidth + 8 + (figure.y.label ? 18 : 0)
  const top = margin + 20 + (figure.subtitle ? 16 : 0) + (figure.columns ? 16 : 0)
  const columnsWidth = columnWidths.reduce((sum, each) => sum + each, 0)
  const right = margin + (legendWidth ? legendWidth + 12 : 0) + columnsWidth
  const notesHeight = noteLines.length * 15 + (noteLines.length ? 10 : 0)
  const legendRows = place === 'bottom' ? bottomRows(entries, width - left - margin).length : 0
  const below = 18 + (figure.x.label ? 20 : 0) + notesHeight + legendRows * 18 + margin
  let plotWidth = Math.max(40, width - left - right), plotHeight = Math.max(40, height - top - below)
  if (figure.square) plotWidth = plotHeight = Math.min(plotWidth, plotHeight)
  const x = resolveAxis(figure, 'x', Math.max(3, Math.round(plotWidth / 90)))
  const plot = { left, top, width: plotWidth, height: plotHeight }
  let columnRight = left + plotWidth
  const columns = (figure.columns ?? []).map((column, i) => ({ ...column, right: (columnRight += columnWidths[i] ?? 0) }))
  return {
    width, height, plot, x, y, yTickWidth, columns,
    toX: (value) => left + x.at(value) * plotWidth,
    toY: (value) => top + (1 - y.at(value)) * plotHeight,
    legend: place === 'bottom'
      ? { left, top: top + plotHeight + 18 + (figure.x.label ? 20 : 0) + 12, entries, horizontal: true }
      : { left: left + plotWidth + columnsWidth + 16, top: top + 8, entries, horizontal: false },
    notes: { top: height - margin - noteLines.length * 15 + 11, lines: noteLines },
  }
}

/** Entries of a legend below the plot, as many on a row as fit. */
export function bottomRows(entries: readonly LegendEntry[], width: number): LegendEntry[][] {
  const rows: LegendEntry[][] = []
  let room = -1
  for (const entry of entries) {
    const needs = textWidth(entry.lines[0] ?? '', 11) + 40
    if (needs > room) {
      rows.push([])
      room = width
    }
    rows[rows.length - 1]?.push(entry)
    room -= needs
  }
  return rows
}
