import { nomogramPoints, type AxisTick, type Nomogram } from '#shared/statistics/nomogram/index.ts'
import type { DataRow } from '#shared/statistics/regression/index.ts'

/** Where a nomogram's parts stand, in the units of the drawing. Colours are named by role, so that screen and paper paint the same. */
export type Ink = 'line' | 'text' | 'quiet' | 'mark' | 'whatIf'
export type Part =
  | { readonly kind: 'line'; readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number; readonly ink: Ink; readonly dashed?: boolean }
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string; readonly anchor: 'start' | 'middle' | 'end'; readonly ink: Ink; readonly small?: boolean }
  /** A filled mark at an axis: the case as it is (a triangle from above), or a what-if (a ring). */
  | { readonly kind: 'mark'; readonly x: number; readonly y: number; readonly ink: 'mark' | 'whatIf' }

/** A predictor's axis as it was drawn: for reading a click back as a value. */
export interface DrawnAxis { readonly term: string; readonly y: number; readonly x0: number; readonly pointsPerUnit: number; readonly ticks: readonly { readonly label: string; readonly points: number }[] }
export interface NomogramDrawing { readonly width: number; readonly height: number; readonly parts: readonly Part[]; readonly axes: readonly DrawnAxis[] }

export interface LayoutOptions {
  readonly width: number
  /** The written name of a term. */
  label(term: string): string
  /** The row of the case and of the what-if; a value that is missing or beyond the axis is marked at its end or left out. */
  readonly present: DataRow | null
  readonly whatIf: DataRow | null
  readonly riskName: string
}

const ROW = 44, TOP = 14, LEFT = 118, RIGHT = 18, TICK = 5
/** Width of a caption digit at 10 px, for keeping labels apart. */
const DIGIT = 5.6

interface Placed { readonly tick: { readonly label: string; readonly x: number }; readonly above: boolean }

/** Labels below the axis; one that would run into its neighbour goes above, and one that fits nowhere is left out (its tick stays). */
export function placeLabels(ticks: readonly { readonly label: string; readonly x: number }[]): Placed[] {
  const ends = { below: -Infinity, above: -Infinity }
  const out: Placed[] = []
  for (const tick of [...ticks].sort((a, b) => a.x - b.x)) {
    const half = (tick.label.length * DIGIT) / 2 + 2
    const side = tick.x - half >= ends.below ? 'below' : tick.x - half >= ends.above ? 'above' : null
    if (side === null) continue
    ends[side] = tick.x + half
    out.push({ tick, above: side === 'above' })
  }
  return out
}

/** Draws an axis: its line from the first to the last tick, ticks and labels. */
function axisParts(y: number, name: string, ticks: readonly { readonly label: string; readonly x: number }[], above = false): Part[] {
  const xs = ticks.map((t) => t.x)
  const placed = placeLabels(ticks)
  const label = (t: Placed): Part => {
    const up = above !== t.above
    return { kind: 'text', x: t.tick.x, y: up ? y - TICK - (above ? 3 : 7) : y + TICK + 10, text: t.tick.label, anchor: 'middle', ink: 'text', small: true }
  }
  return [
    { kind: 'text', x: LEFT - 14, y: y + 4, text: name, anchor: 'end', ink: 'text' },
    { kind: 'line', x1: Math.min(...xs), y1: y, x2: Math.max(...xs), y2: y, ink: 'line' },
    ...ticks.map((t): Part => {
      const up = above !== (placed.find((p) => p.tick === t)?.above ?? false)
      return { kind: 'line', x1: t.x, y1: y, x2: t.x, y2: up ? y - TICK : y + TICK, ink: 'line' }
    }),
    ...placed.map(label),
  ]
}

interface Read { readonly points: Readonly<Record<string, number>>; readonly total: number }

/** The points of a row; null where it has a gap or an unknown level. */
function readRow(n: Nomogram, row: DataRow | null): Read | null {
  if (row === null) return null
  const made = nomogramPoints(n, row)
  return made.ok ? made.value : null
}

/** The points of every term that can be read, for a row that has gaps. */
function singlePoints(n: Nomogram, row: DataRow | null): Record<string, number> {
  if (row === null) return {}
  const out: Record<string, number> = {}
  for (const [i, term] of n.terms.entries()) {
    const made = nomogramPoints({ ...n, terms: [term], predictors: n.predictors.slice(i, i + 1) }, row)
    if (made.ok) out[term.name] = made.value.points[term.name] ?? 0
  }
  return out
}

/**
 * A nomogram to scale with the conventions of rms: the points axis above, a row a predictor, total points and risk below, every predictor
 * axis on the scale of the points axis, both lower axes on the scale of total points.
 */
export function layoutNomogram(n: Nomogram, options: LayoutOptions): NomogramDrawing {
  const { width, present, whatIf } = options
  const span = width - LEFT - RIGHT
  const pointX = (p: number): number => LEFT + (p / n.maximumPoints) * span
  const totalX = (p: number): number => LEFT + (p / n.maximumTotal) * span
  const onPoints = (t: AxisTick): { label: string; x: number } => ({ label: t.label, x: pointX(t.points) })
  const onTotal = (t: AxisTick): { label: string; x: number } => ({ label: t.label, x: totalX(t.points) })
  const parts: Part[] = axisParts(TOP + 8, 'Points', n.points.map(onPoints), true)
  const axes: DrawnAxis[] = []
  const reads = [{ ink: 'mark' as const, read: readRow(n, present), single: singlePoints(n, present) }, { ink: 'whatIf' as const, read: readRow(n, whatIf), single: singlePoints(n, whatIf) }]
  let y = TOP + 8
  for (const axis of n.predictors) {
    y += ROW
    parts.push(...axisParts(y, options.label(axis.term) + (axis.unit === undefined ? '' : ` (${axis.unit})`), axis.ticks.map(onPoints)))
    axes.push({ term: axis.term, y, x0: LEFT, pointsPerUnit: span / n.maximumPoints, ticks: axis.ticks.map((t) => ({ label: t.label, points: t.points })) })
    for (const { ink, single } of reads) {
      const p = single[axis.term]
      if (p !== undefined) parts.push({ kind: 'mark', x: Math.min(width - 4, Math.max(LEFT - 8, pointX(p))), y, ink })
    }
  }
  const totalY = y + ROW + 4, riskY = totalY + ROW + 14
  parts.push(...axisParts(totalY, 'Total points', n.total.map(onTotal)))
  const inside = n.risk.filter((t) => t.points >= 0 && t.points <= n.maximumTotal)
  if (inside.length > 0) parts.push(...axisParts(riskY, options.riskName, inside.map(onTotal)))
  for (const { ink, read } of reads) {
    if (read === null) continue
    const x = totalX(Math.min(n.maximumTotal, Math.max(0, read.total)))
    parts.push({ kind: 'line', x1: x, y1: totalY + 19, x2: x, y2: riskY - 20, ink, dashed: true }, { kind: 'mark', x, y: totalY, ink }, { kind: 'mark', x, y: riskY, ink })
  }
  return { width, height: riskY + 26, parts, axes }
}
