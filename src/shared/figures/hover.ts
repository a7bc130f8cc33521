import type { Figure, FigureSeries, XY } from './model.ts'

/** What a crosshair reads off one series. */
export interface HoverValue { readonly series: string; readonly label: string; readonly x: number; readonly y: number; readonly text?: string | undefined }

/** The value of a line at x: between points by a straight line or by the last step; of several at one x the last; undefined outside. */
export function valueAt(points: readonly XY[], x: number, step: boolean): number | undefined {
  let left: XY | undefined
  for (const point of points) {
    if (point.x <= x) left = point
    else if (left) return step ? left.y : left.y + ((point.y - left.y) * (x - left.x)) / (point.x - left.x)
    else return undefined
  }
  return left && left.x === x ? left.y : undefined
}

const interval = (low: number, high: number, decimals: number): string => `${low.toFixed(decimals)} to ${high.toFixed(decimals)}`

function nearest<P extends XY>(points: readonly P[], distance: (p: P) => number, within: number): P | undefined {
  let best: P | undefined
  let least = within
  for (const point of points) {
    const d = distance(point)
    if (d <= least) [best, least] = [point, d]
  }
  return best
}

/**
 * Values at a place of the plot. Lines and bands are read at x; points, boxes and bars answer when the pointer is near.
 * `distance` is the distance on the screen between the pointer and a place of the plot.
 */
export function hoverValues(figure: Figure, x: number, distance: (p: XY) => number, isHidden: (series: FigureSeries) => boolean, within = 14): HoverValue[] {
  return figure.series.flatMap((series): HoverValue[] => {
    if (isHidden(series)) return []
    const base = { series: series.id, label: series.label }
    if (series.kind === 'line' || series.kind === 'step') {
      const y = valueAt(series.points, x, series.kind === 'step')
      return y === undefined ? [] : [{ ...base, x, y }]
    }
    if (series.kind === 'points') {
      const point = nearest(series.points, distance, within)
      if (!point) return []
      const error = point.yError ?? point.xError
      return [{ ...base, label: point.label ?? series.label, x: point.x, y: point.y, text: error && interval(error[0], error[1], 3) }]
    }
    if (series.kind === 'box') {
      const box = nearest(series.boxes.map((b) => ({ ...b, y: b.median })), (b) => Math.abs(distance({ x: b.x, y: b.median })), 60)
      return box ? [{ ...base, x: box.x, y: box.median, text: `IQR ${interval(box.q1, box.q3, 3)}` }] : []
    }
    if (series.kind === 'cells') {
      const cell = nearest(series.cells, distance, 60)
      return cell === undefined || cell.value === null ? [] : [{ ...base, label: cell.label ?? series.label, x: cell.x, y: cell.value, text: cell.p === null || cell.p === undefined ? undefined : `p ${cell.p < 0.001 ? '< 0.001' : cell.p.toFixed(3)}` }]
    }
    if (series.kind === 'bars') {
      const bar = series.bars.find((b) => Math.abs(b.x - x) <= (series.width ?? 0.8) / 2)
      return bar ? [{ ...base, x: bar.x, y: bar.y, text: bar.low !== undefined && bar.high !== undefined ? interval(bar.low, bar.high, 3) : undefined }] : []
    }
    return []
  })
}
