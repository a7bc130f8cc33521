import { resolveColour } from './colours.ts'
import { markerPath } from './marker.ts'
import { px } from './text.ts'
import type { FigureSeries, FigureTheme, SeriesOf, XY } from './model.ts'

/** From a figure's values to the drawing's pixels. */
export interface PlotScale { readonly toX: (value: number) => number; readonly toY: (value: number) => number }

/** One filled or stroked path, in SVG path syntax: an SVG element as well as a canvas Path2D. */
export interface Shape {
  readonly d: string
  readonly fill?: string | undefined
  readonly fillOpacity?: number | undefined
  readonly stroke?: string | undefined
  readonly strokeWidth?: number | undefined
  readonly dash?: readonly number[] | undefined
}

const finite = (p: XY): boolean => Number.isFinite(p.x) && Number.isFinite(p.y)

/** The path of a line; a point that is not a number breaks it. */
function linePath(points: readonly XY[], at: PlotScale, step: boolean): string {
  let path = ''
  let lastY = '', open = false
  for (const point of points) {
    if (!finite(point)) {
      open = false
      continue
    }
    const x = px(at.toX(point.x)), y = px(at.toY(point.y))
    path += open ? (step ? `L${x} ${lastY}L${x} ${y}` : `L${x} ${y}`) : `M${x} ${y}`
    lastY = y
    open = true
  }
  return path
}

function line(series: SeriesOf<'line' | 'step'>, at: PlotScale, colour: string): Shape[] {
  const marks = series.markers ? series.points.filter(finite).map((p) => markerPath('circle', at.toX(p.x), at.toY(p.y), 2.5)).join('') : ''
  return [
    { d: linePath(series.points, at, series.kind === 'step'), stroke: colour, strokeWidth: series.width ?? 1.5, dash: series.dash },
    ...(marks ? [{ d: marks, fill: colour }] : []),
  ]
}

function band(series: SeriesOf<'band'>, at: PlotScale, colour: string): Shape[] {
  const there = series.points.map((p) => `${px(at.toX(p.x))} ${px(at.toY(p.high))}`)
  const back = series.points.map((p) => `${px(at.toX(p.x))} ${px(at.toY(p.low))}`).reverse()
  return there.length === 0 ? [] : [{ d: `M${[...there, ...back].join('L')}Z`, fill: colour, fillOpacity: series.opacity ?? 0.16 }]
}

/** A line with end caps across it. */
function whisker(x1: number, y1: number, x2: number, y2: number, cap: number): string {
  const across = x1 === x2
    ? `M${px(x1 - cap)} ${px(y1)}h${px(2 * cap)}M${px(x2 - cap)} ${px(y2)}h${px(2 * cap)}`
    : `M${px(x1)} ${px(y1 - cap)}v${px(2 * cap)}M${px(x2)} ${px(y2 - cap)}v${px(2 * cap)}`
  return `M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}${across}`
}

function points(series: SeriesOf<'points'>, at: PlotScale, colour: string): Shape[] {
  const marker = series.marker ?? 'circle'
  const shown = series.points.filter(finite)
  const errors = shown.map((p) => {
    const x = at.toX(p.x), y = at.toY(p.y)
    return (p.xError ? whisker(at.toX(p.xError[0]), y, at.toX(p.xError[1]), y, 3) : '') + (p.yError ? whisker(x, at.toY(p.yError[0]), x, at.toY(p.yError[1]), 3) : '')
  }).join('')
  const d = shown.map((p) => markerPath(marker, at.toX(p.x), at.toY(p.y), (series.size ?? 7) / 2)).join('')
  return [
    ...(errors ? [{ d: errors, stroke: colour, strokeWidth: 1.25 }] : []),
    marker === 'cross' ? { d, stroke: colour, strokeWidth: 1.5 } : { d, fill: colour, fillOpacity: series.opacity ?? 1 },
  ]
}

/** Half the width on the screen of something `width` wide on the x axis. */
const halfWidth = (at: PlotScale, x: number, width: number): number => Math.abs(at.toX(x + width / 2) - at.toX(x - width / 2)) / 2

const rect = (left: number, top: number, width: number, height: number): string => `M${px(left)} ${px(top)}h${px(width)}v${px(height)}h${px(-width)}Z`

function boxes(series: SeriesOf<'box'>, at: PlotScale, colour: string): Shape[] {
  return series.boxes.flatMap((b) => {
    const x = at.toX(b.x), half = halfWidth(at, b.x, series.width ?? 0.5)
    const top = at.toY(b.q3), bottom = at.toY(b.q1)
    const out = (b.outliers ?? []).map((y) => markerPath('circle', x, at.toY(y), 2)).join('')
    return [
      { d: whisker(x, at.toY(b.min), x, bottom, half / 3) + whisker(x, at.toY(b.max), x, top, half / 3), stroke: colour },
      { d: rect(x - half, top, 2 * half, bottom - top), fill: colour, fillOpacity: 0.18, stroke: colour },
      { d: `M${px(x - half)} ${px(at.toY(b.median))}h${px(2 * half)}`, stroke: colour, strokeWidth: 2 },
      ...(out ? [{ d: out, stroke: colour }] : []),
    ]
  })
}

function bars(series: SeriesOf<'bars'>, at: PlotScale, colour: string): Shape[] {
  const base = at.toY(series.base ?? 0)
  return series.bars.flatMap((b) => {
    const x = at.toX(b.x), half = halfWidth(at, b.x, series.width ?? 0.8), y = at.toY(b.y)
    return [
      { d: rect(x - half, Math.min(y, base), 2 * half, Math.abs(base - y)), fill: colour, fillOpacity: 0.55 },
      ...(b.low !== undefined && b.high !== undefined ? [{ d: whisker(x, at.toY(b.low), x, at.toY(b.high), 3), stroke: colour }] : []),
    ]
  })
}

/** Cells filled the stronger the farther a value is from 0; one without a value has only its edge. */
function cells(series: SeriesOf<'cells'>, at: PlotScale, colour: string, below: string): Shape[] {
  return series.cells.map((c) => {
    const left = at.toX(c.x - 0.48), right = at.toX(c.x + 0.48), top = Math.min(at.toY(c.y - 0.48), at.toY(c.y + 0.48)), bottom = Math.max(at.toY(c.y - 0.48), at.toY(c.y + 0.48))
    const d = rect(left, top, right - left, bottom - top)
    return c.value === null ? { d, stroke: colour, strokeWidth: 0.5, dash: [2, 2] } : { d, fill: c.value < 0 ? below : colour, fillOpacity: Math.round(100 * (0.06 + 0.44 * Math.min(1, Math.abs(c.value) / series.full))) / 100 }
  })
}

/** Everything of one series as paths, in drawing order. */
export function seriesShapes(series: FigureSeries, at: PlotScale, theme: FigureTheme): Shape[] {
  const colour = resolveColour(series.colour, theme.name)
  switch (series.kind) {
    case 'line': case 'step': return line(series, at, colour)
    case 'points': return points(series, at, colour)
    case 'band': return band(series, at, colour)
    case 'box': return boxes(series, at, colour)
    case 'cells': return cells(series, at, colour, resolveColour(series.below ?? series.colour, theme.name))
    case 'bars': return bars(series, at, colour)
  }
}

/** The sign of a series in a legend, 18 wide from x, centred on y. */
export function legendShape(series: FigureSeries, x: number, y: number, theme: FigureTheme): Shape {
  const colour = resolveColour(series.colour, theme.name)
  if (series.kind === 'points') {
    const d = markerPath(series.marker ?? 'circle', x + 9, y, 3.5)
    return series.marker === 'cross' ? { d, stroke: colour, strokeWidth: 1.5 } : { d, fill: colour }
  }
  if (series.kind === 'line' || series.kind === 'step') return { d: `M${px(x)} ${px(y)}h18`, stroke: colour, strokeWidth: series.width ?? 1.5, dash: series.dash }
  return { d: rect(x + 3, y - 4.5, 12, 9), fill: colour, fillOpacity: 0.4, stroke: colour }
}

/** The shape as an SVG element. */
export function shapeSvg(shape: Shape): string {
  const fill = shape.fill ? ` fill="${shape.fill}"${(shape.fillOpacity ?? 1) < 1 ? ` fill-opacity="${shape.fillOpacity}"` : ''}` : ' fill="none"'
  const stroke = shape.stroke ? ` stroke="${shape.stroke}" stroke-width="${shape.strokeWidth ?? 1}" stroke-linejoin="round"` : ''
  return `<path d="${shape.d}"${fill}${stroke}${shape.dash ? ` stroke-dasharray="${shape.dash.join(' ')}"` : ''}/>`
}
