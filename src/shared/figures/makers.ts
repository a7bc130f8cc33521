import type { Meaning } from './colours.ts'
import { swarmOffsets } from './swarm.ts'
import type { Figure, FigureBox, FigurePoint, FigureSeries, Interval, XY } from './model.ts'

const number = (value: number, decimals: number): string => value.toFixed(decimals).replace('-', '−')
const range = (interval: Interval, decimals: number): string => `${number(interval[0], decimals)} to ${number(interval[1], decimals)}`

export interface RocCurve {
  readonly id: string
  readonly label: string
  readonly colour: Meaning | number | string
  readonly thick?: boolean | undefined
  /** False positive rate at x, true positive rate at y, from (0, 0) to (1, 1). */
  readonly points: readonly XY[]
  readonly auc?: number | undefined
  readonly ci95?: Interval | undefined
}

/** Readers' binary calls: false positive rate and sensitivity, with intervals if known. */
export interface RocPoints { readonly id: string; readonly label: string; readonly colour: Meaning | number | string; readonly points: readonly FigurePoint[] }

/** ROC curves over chance, and readers' calls as points. */
export function rocFigure(options: { readonly id: string; readonly title: string; readonly curves: readonly RocCurve[]; readonly calls?: readonly RocPoints[]; readonly notes?: readonly string[]; readonly subtitle?: string }): Figure {
  const curves = options.curves.map((curve): FigureSeries => ({
    id: curve.id, label: curve.label, colour: curve.colour, kind: 'line', points: curve.points, width: curve.thick ? 2.5 : 1.5,
    note: curve.auc === undefined ? undefined : `AUC ${number(curve.auc, 3)}${curve.ci95 ? ` (${range(curve.ci95, 3)})` : ''}`,
  }))
  const calls = (options.calls ?? []).map((call, i): FigureSeries => ({
    id: call.id, label: call.label, colour: call.colour, kind: 'points', points: call.points, marker: i % 2 === 0 ? 'diamond' : 'square', size: 7,
  }))
  return {
    id: options.id, title: options.title, subtitle: options.subtitle, square: true, legend: 'right',
    x: { label: '1 − specificity', min: 0, max: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] }, y: { label: 'Sensitivity', min: 0, max: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    series: [...curves, ...calls], references: [{ axis: 'line', from: { x: 0, y: 0 }, to: { x: 1, y: 1 } }], notes: options.notes,
  }
}

/** Observed share against mean predicted risk by bin, with intervals, and a smooth curve if there is one. */
export function calibrationFigure(options: {
  readonly id: string; readonly title: string; readonly notes?: readonly string[]
  readonly groups: readonly { readonly id: string; readonly label: string; readonly colour: Meaning | number | string; readonly bins: readonly FigurePoint[]; readonly smooth?: readonly XY[] }[]
}): Figure {
  return {
    id: options.id, title: options.title, square: true, legend: options.groups.length > 1 ? 'right' : 'none', notes: options.notes,
    x: { label: 'Predicted risk', min: 0, max: 1 }, y: { label: 'Observed share', min: 0, max: 1 },
    references: [{ axis: 'line', from: { x: 0, y: 0 }, to: { x: 1, y: 1 } }],
    series: options.groups.flatMap((group): FigureSeries[] => [
      ...(group.smooth ? [{ id: `${group.id}-smooth`, follows: group.id, label: `${group.label}, smooth`, colour: group.colour, kind: 'line', points: group.smooth } as const] : []),
      { id: group.id, label: group.label, colour: group.colour, kind: 'points', points: group.bins, size: 7 },
    ]),
  }
}

/** Net benefit over the threshold: each model or reader, treat all, treat none (Vickers and Elkin 2006). */
export function decisionFigure(options: {
  readonly id: string; readonly title: string; readonly notes?: readonly string[]; readonly maxThreshold?: number; readonly floor?: number
  readonly curves: readonly { readonly id: string; readonly label: string; readonly colour: Meaning | number | string; readonly points: readonly XY[]; readonly dash?: readonly number[]; readonly thick?: boolean }[]
}): Figure {
  const top = Math.max(0.05, ...options.curves.flatMap((curve) => curve.points.map((p) => p.y)))
  return {
    id: options.id, title: options.title, legend: 'right', notes: options.notes,
    x: { label: 'Threshold probability', min: 0, max: options.maxThreshold ?? 1, format: 'percent' }, y: { label: 'Net benefit', min: options.floor ?? -0.05, max: top * 1.08 },
    series: [{ id: 'none', label: 'Treat none', colour: 'chance', kind: 'line', dash: [4, 3], points: [{ x: 0, y: 0 }, { x: options.maxThreshold ?? 1, y: 0 }] }, ...options.curves.map((curve): FigureSeries => ({ id: curve.id, label: curve.label, colour: curve.colour, kind: 'line', points: curve.points, dash: curve.dash, width: curve.thick ? 2.5 : 1.5 }))],
  }
}

export interface ForestRow { readonly label: string; readonly estimate: number; readonly ci95: Interval; readonly p?: string | undefined }

/** Estimates with intervals, one a row; ratios on a log axis with the line of no effect at 1. */
export function forestFigure(options: { readonly id: string; readonly title: string; readonly rows: readonly ForestRow[]; readonly measure: string; readonly log?: boolean; readonly notes?: readonly string[] }): Figure {
  const log = options.log ?? true
  return {
    id: options.id, title: options.title, legend: 'none', notes: options.notes,
    x: { label: options.measure, kind: log ? 'log' : 'linear' }, y: { label: '', kind: 'category', categories: options.rows.map((row) => row.label) },
    references: [{ axis: 'x', value: log ? 1 : 0 }],
    series: [{ id: 'estimate', label: options.measure, colour: 'model', kind: 'points', marker: 'square', size: 8, points: options.rows.map((row, y) => ({ x: row.estimate, y, xError: row.ci95, label: row.label })) }],
    columns: [
      { label: `${options.measure} (95 % CI)`, values: options.rows.map((row) => `${number(row.estimate, 2)} (${range(row.ci95, 2)})`) },
      ...(options.rows.some((row) => row.p !== undefined) ? [{ label: 'p', values: options.rows.map((row) => row.p ?? '') }] : []),
    ],
  }
}

/** Difference against mean with bias and limits of agreement (Bland and Altman 1986). */
export function blandAltmanFigure(options: {
  readonly id: string; readonly title: string; readonly quantity: string; readonly unit: string; readonly pairs: readonly FigurePoint[]
  readonly bias: number; readonly limits: Interval; readonly notes?: readonly string[]
}): Figure {
  const { bias, limits, unit } = options
  const line = (value: number, name: string) => ({ axis: 'y' as const, value, label: `${name} ${number(value, 2)} ${unit}`, colour: 'junior' as const, dash: name === 'bias' ? [1, 0] : [4, 3] })
  const reach = Math.max(...[bias, ...limits, ...options.pairs.map((p) => p.y)].map(Math.abs)) * 1.15 || 1
  return {
    id: options.id, title: options.title, legend: 'none', notes: options.notes,
    x: { label: `Mean ${options.quantity} (${unit})` }, y: { label: `Difference (${unit})`, min: -reach, max: reach },
    references: [line(bias, 'bias'), line(limits[0], 'lower limit'), line(limits[1], 'upper limit')],
    series: [{ id: 'pairs', label: 'Cases', colour: 0, kind: 'points', points: options.pairs, size: 5, opacity: 0.75 }],
  }
}

/** One group of a box and swarm plot; `values` are drawn as dots, the box is given. */
export interface SwarmGroup { readonly id: string; readonly label: string; readonly colour: Meaning | number | string; readonly values: readonly { readonly value: number; readonly label?: string }[]; readonly box?: Omit<FigureBox, 'x'> }

/** Boxes with every value as a dot beside its neighbours, by category and group (Table 3's metrics by cohort and network). */
export function swarmFigure(options: {
  readonly id: string; readonly title: string; readonly quantity: string; readonly min?: number; readonly max?: number; readonly notes?: readonly string[]
  readonly categories: readonly { readonly label: string; readonly groups: readonly SwarmGroup[] }[]
}): Figure {
  const names = new Map<string, SwarmGroup>()
  for (const category of options.categories) for (const group of category.groups) if (!names.has(group.id)) names.set(group.id, group)
  const width = 0.8 / Math.max(1, names.size)
  const all = options.categories.flatMap((c) => c.groups.flatMap((g) => g.values.map((v) => v.value)))
  const low = options.min ?? Math.min(...all), high = options.max ?? Math.max(...all)
  const series = [...names.values()].flatMap((first, i): FigureSeries[] => {
    const points: FigurePoint[] = []
    const boxes: FigureBox[] = []
    for (const [c, category] of options.categories.entries()) {
      const group = category.groups.find((candidate) => candidate.id === first.id)
      if (!group) continue
      const middle = c + (i - (names.size - 1) / 2) * width
      if (group.box) boxes.push({ ...group.box, x: middle, outliers: undefined })
      const dots = group.values.map((v) => ((v.value - low) / Math.max(1e-9, high - low)) * 70)
      for (const [k, offset] of swarmOffsets(dots, 6).entries()) {
        const { value, label } = group.values[k] as { value: number; label?: string }
        points.push({ x: middle + offset * width * 0.07, y: value, label })
      }
    }
    return [
      { id: `${first.id}-dots`, follows: first.id, label: first.label, colour: first.colour, kind: 'points', points, size: 3.5, opacity: 0.55 },
      { id: first.id, label: first.label, colour: first.colour, kind: 'box', boxes, width: width * 0.8 },
    ]
  })
  return {
    id: options.id, title: options.title, legend: 'bottom', notes: options.notes,
    x: { label: '', kind: 'category', categories: options.categories.map((c) => c.label) },
    y: { label: options.quantity, min: options.min, max: options.max }, series,
  }
}
