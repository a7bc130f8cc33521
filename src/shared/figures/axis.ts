import type { Figure, FigureAxis, FigureSeries, Interval } from './model.ts'
import { logTicks, niceTicks, tickDecimals } from './ticks.ts'

/** An axis ready to draw: its range, ticks and their texts. */
export interface ResolvedAxis {
  readonly kind: 'linear' | 'log' | 'category'
  readonly min: number
  readonly max: number
  readonly ticks: readonly { readonly value: number; readonly text: string }[]
  /** Place of a value on the axis, 0 at min and 1 at max. */
  readonly at: (value: number) => number
}

const pointValues = (series: FigureSeries, axis: 'x' | 'y'): number[] => {
  switch (series.kind) {
    case 'line': case 'step': return series.points.map((p) => p[axis])
    case 'points': return series.points.flatMap((p) => [p[axis], ...((axis === 'x' ? p.xError : p.yError) ?? [])])
    case 'band': return series.points.flatMap((p) => (axis === 'x' ? [p.x] : [p.low, p.high]))
    case 'box': return series.boxes.flatMap((b) => (axis === 'x' ? [b.x] : [b.min, b.max, ...(b.outliers ?? [])]))
    case 'cells': return series.cells.map((c) => c[axis])
    case 'bars': return series.bars.flatMap((b) => (axis === 'x' ? [b.x - (series.width ?? 0.8) / 2, b.x + (series.width ?? 0.8) / 2] : [series.base ?? 0, b.y, b.low ?? b.y, b.high ?? b.y]))
  }
}

/** Lowest and highest finite value of all series along an axis; 0..1 when there is none. */
function extent(figure: Figure, axis: 'x' | 'y', positive: boolean): Interval {
  let low = Infinity, high = -Infinity
  for (const series of figure.series) {
    for (const value of pointValues(series, axis)) {
      if (!Number.isFinite(value) || (positive && value <= 0)) continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  return low <= high ? [low, high] : [positive ? 0.1 : 0, 1]
}

function linearRange(axis: FigureAxis, [low, high]: Interval): Interval {
  const pad = (high - low || Math.abs(high) || 1) * 0.05
  return [axis.min ?? low - pad, axis.max ?? high + pad]
}

function logRange(axis: FigureAxis, [low, high]: Interval): Interval {
  const factor = high > low ? (high / low) ** 0.05 : 2
  return [axis.min ?? low / factor, axis.max ?? high * factor]
}

export function formatTick(value: number, decimals: number, format: FigureAxis['format']): string {
  const text = format === 'percent' ? `${(value * 100).toFixed(Math.max(0, decimals - 2))} %` : value.toFixed(decimals)
  return text.replace(/^-/, '−').replace(/^−(0(\.0+)?)$/, '$1')
}

/** Range, ticks and scale of one axis of a figure. `count` is about how many ticks there is room for. */
export function resolveAxis(figure: Figure, which: 'x' | 'y', count = 6): ResolvedAxis {
  const axis = figure[which]
  const kind = axis.kind ?? 'linear'
  if (kind === 'category') {
    const names = axis.categories ?? []
    const min = -0.5, max = Math.max(0.5, names.length - 0.5)
    const down = which === 'y'
    return {
      kind, min, max, ticks: names.map((text, value) => ({ value, text })),
      at: (value) => (down ? (max - value) / (max - min) : (value - min) / (max - min)),
    }
  }
  const [min, max] = kind === 'log' ? logRange(axis, extent(figure, which, true)) : linearRange(axis, extent(figure, which, false))
  const values = (axis.ticks ?? (kind === 'log' ? logTicks(min, max) : niceTicks(min, max, count))).filter((tick) => tick >= min - 1e-12 && tick <= max + 1e-12)
  const decimals = tickDecimals(values)
  const ticks = values.map((value) => ({ value, text: kind === 'log' ? String(value) : formatTick(value, decimals, axis.format) }))
  const at = kind === 'log'
    ? (value: number) => Math.log(value / min) / Math.log(max / min)
    : (value: number) => (value - min) / (max - min)
  return { kind, min, max, ticks, at }
}
