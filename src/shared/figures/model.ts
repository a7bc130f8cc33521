import type { Meaning } from './colours.ts'

/**
 * A chart as plain data. It is drawn by Chart.js on screen and by `figureToSvg` for export, report and CLI, with the same ticks, colours and words.
 * Category axes place category i at i; points may lie between (swarms).
 */
export interface Figure {
  /** A short name for files: 'roc-external-test'. */
  readonly id: string
  readonly title: string
  readonly subtitle?: string | undefined
  readonly x: FigureAxis
  readonly y: FigureAxis
  /** In drawing order. */
  readonly series: readonly FigureSeries[]
  readonly references?: readonly ReferenceLine[] | undefined
  /** Texts in the plot, e.g. the limits of agreement. */
  readonly labels?: readonly FigureLabel[] | undefined
  /** Right of the plot, one text a category of the y axis: the numbers of a forest plot. */
  readonly columns?: readonly { readonly label: string; readonly values: readonly string[] }[] | undefined
  readonly legend?: 'right' | 'bottom' | 'none' | undefined
  /** Series that the legend shows struck out until they are asked for: a plot of many error bars is read one model at a time. */
  readonly startsHidden?: readonly string[] | undefined
  /** The same length for both axes (ROC, calibration). */
  readonly square?: boolean | undefined
  /** What a paper would print under it: n, method, p. */
  readonly notes?: readonly string[] | undefined
}

export interface FigureAxis {
  readonly label: string
  readonly kind?: 'linear' | 'log' | 'category' | undefined
  /** Default: around the data. */
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly ticks?: readonly number[] | undefined
  readonly format?: 'number' | 'percent' | undefined
  /** Names of the categories; those of a y axis are listed from the top. */
  readonly categories?: readonly string[] | undefined
  readonly grid?: boolean | undefined
}

export interface XY { readonly x: number; readonly y: number }
export type Interval = readonly [low: number, high: number]

export interface FigurePoint extends XY {
  readonly xError?: Interval | undefined
  readonly yError?: Interval | undefined
  /** Names the point on hover and in the CSV: a reader, a case. */
  readonly label?: string | undefined
}

export interface FigureBox {
  /** The place on the category axis, or a number. */
  readonly x: number
  readonly min: number
  readonly q1: number
  readonly median: number
  readonly q3: number
  readonly max: number
  readonly outliers?: readonly number[] | undefined
}

export interface FigureBar extends XY { readonly low?: number | undefined; readonly high?: number | undefined }

export type Marker = 'circle' | 'square' | 'diamond' | 'triangle' | 'cross'

interface SeriesBase {
  readonly id: string
  readonly label: string
  /** A meaning, a number in the list of series colours, or a CSS colour. */
  readonly colour: Meaning | number | string
  /** Shown in the legend after the label: 'AUC 0.861 (0.802 to 0.919)'. */
  readonly note?: string | undefined
  /** False: not in the legend (a band that belongs to a line). */
  readonly legend?: boolean | undefined
  /** Shown and hidden together with the series of this id. */
  readonly follows?: string | undefined
  readonly hidden?: boolean | undefined
}

/** A cell of a matrix at whole places of two category axes. */
export interface FigureCell extends XY { readonly value: number | null; /** p or what else stands with the value in the CSV */ readonly p?: number | null | undefined; readonly label?: string | undefined }

export type FigureSeries =
  | (SeriesBase & { readonly kind: 'line' | 'step'; readonly points: readonly XY[]; readonly width?: number | undefined; readonly dash?: readonly number[] | undefined; readonly markers?: boolean | undefined })
  | (SeriesBase & { readonly kind: 'points'; readonly points: readonly FigurePoint[]; readonly marker?: Marker | undefined; readonly size?: number | undefined; readonly opacity?: number | undefined })
  | (SeriesBase & { readonly kind: 'band'; readonly points: readonly { readonly x: number; readonly low: number; readonly high: number }[]; readonly opacity?: number | undefined })
  | (SeriesBase & { readonly kind: 'box'; readonly boxes: readonly FigureBox[]; readonly width?: number | undefined })
  | (SeriesBase & { readonly kind: 'cells'; readonly cells: readonly FigureCell[]; /** colour of values below 0 */ readonly below?: Meaning | number | string | undefined; /** the size of a value at full strength */ readonly full: number })
  | (SeriesBase & { readonly kind: 'bars'; readonly bars: readonly FigureBar[]; readonly width?: number | undefined; readonly base?: number | undefined })

export type SeriesOf<K extends FigureSeries['kind']> = Extract<FigureSeries, { kind: K }>

/** A line across the plot at a value, or between two points. */
export type ReferenceLine = { readonly label?: string | undefined; readonly dash?: readonly number[] | undefined; readonly colour?: Meaning | number | string | undefined }
  & ({ readonly axis: 'x' | 'y'; readonly value: number } | { readonly axis: 'line'; readonly from: XY; readonly to: XY })

export interface FigureLabel extends XY { readonly text: string; readonly anchor?: 'start' | 'middle' | 'end' | undefined }

export interface FigureTheme {
  readonly name: 'dark' | 'light'
  readonly background: string
  readonly text: string
  readonly quiet: string
  readonly grid: string
  readonly axis: string
}

export const figureThemes: Readonly<Record<'dark' | 'light', FigureTheme>> = {
  dark: { name: 'dark', background: '#141617', text: '#e4e7e9', quiet: '#a4abb0', grid: '#2a2e31', axis: '#5f676d' },
  light: { name: 'light', background: '#ffffff', text: '#16191b', quiet: '#495157', grid: '#e3e6e8', axis: '#858d92' },
}
