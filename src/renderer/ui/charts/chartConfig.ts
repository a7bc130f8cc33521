import type { ChartConfiguration, ChartDataset, Plugin, ScaleOptionsByType } from 'chart.js'
import {
  isHidden, resolveAxis, resolveColour, seriesShapes, textWidth, type Figure, type FigureSeries, type FigureTheme, type PlotScale, type ReferenceLine, type ResolvedAxis, type Shape,
} from '#shared/figures/index.ts'

/** What the drawing reads at every frame; the component changes it and asks the chart to draw. */
export interface ChartState {
  figure: Figure
  theme: FigureTheme
  hidden: ReadonlySet<string>
  /** The pointer's place in the plot, in values. */
  cursor: { readonly x: number; readonly y: number } | null
}

const FONT = { size: 11, family: 'Roboto, Arial, sans-serif' }

type ScatterChart = import('chart.js').Chart<'scatter'>

export const plotScale = (chart: ScatterChart): PlotScale => ({
  toX: (value) => chart.scales['x']?.getPixelForValue(value) ?? 0,
  toY: (value) => chart.scales['y']?.getPixelForValue(value) ?? 0,
})

/** Whether a series is off: by its figure, by the legend, or with the series that it follows. */
export const isOff = (state: ChartState, series: FigureSeries): boolean =>
  isHidden(state.figure, series) || state.hidden.has(series.id) || (series.follows !== undefined && state.hidden.has(series.follows))

function paint(context: CanvasRenderingContext2D, shape: Shape): void {
  const path = new Path2D(shape.d)
  context.save()
  if (shape.fill) {
    context.globalAlpha = shape.fillOpacity ?? 1
    context.fillStyle = shape.fill
    context.fill(path)
    context.globalAlpha = 1
  }
  if (shape.stroke) {
    context.strokeStyle = shape.stroke
    context.lineWidth = shape.strokeWidth ?? 1
    context.lineJoin = 'round'
    context.setLineDash([...(shape.dash ?? [])])
    context.stroke(path)
  }
  context.restore()
}

function referenceShape(line: ReferenceLine, at: PlotScale, area: { left: number; right: number; top: number; bottom: number }, theme: FigureTheme): Shape {
  const stroke = resolveColour(line.colour ?? 'chance', theme.name)
  const dash = line.dash ?? [4, 3]
  if (line.axis === 'line') return { d: `M${at.toX(line.from.x)} ${at.toY(line.from.y)}L${at.toX(line.to.x)} ${at.toY(line.to.y)}`, stroke, dash }
  return line.axis === 'x'
    ? { d: `M${at.toX(line.value)} ${area.top}V${area.bottom}`, stroke, dash }
    : { d: `M${area.left} ${at.toY(line.value)}H${area.right}`, stroke, dash }
}

function texts(chart: ScatterChart, { figure, theme }: ChartState, at: PlotScale): void {
  const { ctx, chartArea: area } = chart
  ctx.save()
  ctx.font = '11px Roboto, Arial, sans-serif'
  ctx.fillStyle = theme.quiet
  for (const line of figure.references ?? []) {
    if (!line.label || line.axis === 'line') continue
    ctx.textAlign = line.axis === 'x' ? 'left' : 'right'
    if (line.axis === 'x') ctx.fillText(line.label, at.toX(line.value) + 4, area.top + 11)
    else ctx.fillText(line.label, area.right - 4, at.toY(line.value) - 4)
  }
  for (const label of figure.labels ?? []) {
    ctx.textAlign = label.anchor === 'end' ? 'right' : label.anchor === 'middle' ? 'center' : 'left'
    ctx.fillText(label.text, at.toX(label.x), at.toY(label.y))
  }
  let right = area.right
  ctx.textAlign = 'right'
  for (const [i, column] of (figure.columns ?? []).entries()) {
    right += columnWidths(figure)[i] ?? 0
    ctx.fillStyle = theme.quiet
    ctx.fillText(column.label, right, area.top - 8)
    ctx.fillStyle = theme.text
    for (const [row, value] of column.values.entries()) ctx.fillText(value, right, at.toY(row) + 4)
  }
  ctx.restore()
}

const columnWidths = (figure: Figure): number[] => (figure.columns ?? []).map((column) => 16 + 6.4 * Math.max(column.label.length, ...column.values.map((value) => value.length)))

/** References under the lines; bands, boxes, bars, points and the crosshair over them: everything that Chart.js has no type for. */
function shapesPlugin(state: ChartState): Plugin<'scatter'> {
  const clipped = (chart: ScatterChart, draw: () => void): void => {
    const { ctx, chartArea: { left, top, right, bottom } } = chart
    ctx.save()
    ctx.beginPath()
    ctx.rect(left - 1, top - 1, right - left + 2, bottom - top + 2)
    ctx.clip()
    draw()
    ctx.restore()
  }
  return {
    id: 'figure-shapes',
    beforeDatasetsDraw(chart) {
      const at = plotScale(chart)
      clipped(chart, () => {
        for (const series of state.figure.series) if (series.kind === 'band' && !isOff(state, series)) for (const shape of seriesShapes(series, at, state.theme)) paint(chart.ctx, shape)
        for (const line of state.figure.references ?? []) paint(chart.ctx, referenceShape(line, at, chart.chartArea, state.theme))
      })
    },
    afterDatasetsDraw(chart) {
      const at = plotScale(chart)
      const { left, right, top, bottom } = chart.chartArea
      clipped(chart, () => {
        for (const series of state.figure.series) {
          if (series.kind === 'line' || series.kind === 'step' || series.kind === 'band' || isOff(state, series)) continue
          for (const shape of seriesShapes(series, at, state.theme)) paint(chart.ctx, shape)
        }
        if (state.cursor) paint(chart.ctx, { d: `M${at.toX(state.cursor.x)} ${top}V${bottom}M${left} ${at.toY(state.cursor.y)}H${right}`, stroke: state.theme.axis })
      })
      texts(chart, state, at)
    },
  }
}

function scaleOptions(axis: ResolvedAxis, which: 'x' | 'y', state: ChartState): Record<string, unknown> {
  const { theme, figure } = state
  const title = figure[which].label
  return {
    type: axis.kind === 'log' ? 'logarithmic' : 'linear', min: axis.min, max: axis.max, reverse: axis.kind === 'category' && which === 'y',
    title: { display: title !== '', text: title, color: theme.text, font: FONT, padding: 4 },
    border: { color: theme.axis },
    grid: { color: theme.grid, tickColor: theme.axis, tickLength: 4, drawOnChartArea: axis.kind !== 'category' && figure[which].grid !== false },
    ticks: { color: theme.quiet, font: FONT, padding: 4, autoSkip: false, maxRotation: 0, callback: (value: number | string) => axis.ticks.find((tick) => tick.value === value)?.text ?? '' },
    // Names of categories get the room that they need: Chart.js would cut them off in a narrow plot.
    afterFit: (scale: { width: number }) => {
      if (which === 'y' && axis.kind === 'category') scale.width = Math.max(scale.width, Math.max(...axis.ticks.map((tick) => textWidth(tick.text, 11))) + 16)
    },
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => { scale.ticks = axis.ticks.map(({ value }) => ({ value })) },
  } satisfies Record<string, unknown> & Partial<Record<keyof ScaleOptionsByType<'linear'>, unknown>>
}

function dataset(series: FigureSeries, state: ChartState): ChartDataset<'scatter'> {
  const colour = resolveColour(series.colour, state.theme.name)
  const isLine = series.kind === 'line' || series.kind === 'step'
  return {
    label: series.label, data: isLine ? [...series.points] : [], showLine: isLine, hidden: isOff(state, series),
    borderColor: colour, borderWidth: isLine ? series.width ?? 1.5 : 0, borderJoinStyle: 'round', borderDash: isLine ? [...(series.dash ?? [])] : [],
    pointRadius: isLine && series.markers ? 2.5 : 0, pointHoverRadius: 0, pointBackgroundColor: colour, stepped: series.kind === 'step' ? 'before' : false, spanGaps: false,
  }
}

/** A Chart.js configuration of a figure: the same ranges, ticks and paths as the SVG writer's. */
export function chartConfig(state: ChartState, size: { readonly width: number; readonly height: number }): ChartConfiguration<'scatter'> {
  const { figure } = state
  const x = resolveAxis(figure, 'x', Math.max(3, Math.round(size.width / 90))), y = resolveAxis(figure, 'y', Math.max(3, Math.round(size.height / 64)))
  return {
    type: 'scatter',
    data: { datasets: figure.series.map((series) => dataset(series, state)) },
    options: {
      responsive: true, maintainAspectRatio: false, animation: false, events: [], normalized: true,
      layout: { padding: { top: figure.columns ? 24 : 8, right: 8 + columnWidths(figure).reduce((sum, each) => sum + each, 0), bottom: 0, left: 0 } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: { x: scaleOptions(x, 'x', state), y: scaleOptions(y, 'y', state) } as NonNullable<ChartConfiguration<'scatter'>['options']>['scales'] & object,
    },
    plugins: [shapesPlugin(state)],
  }
}
