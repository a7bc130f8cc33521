import type { Figure } from '#shared/figures/index.ts'
import { forestFigure } from '#shared/figures/index.ts'
import type { BuilderReport, FitSummary } from '#shared/statistics/builder/index.ts'
import { p3, ratioLine, type RatioLine } from './words.ts'

/** One line of the table: a candidate by itself and in the model with all others, or in the chosen one. */
export interface RatioRow { readonly key: string; readonly label: string; readonly against: string; readonly alone: RatioLine | null; readonly together: RatioLine | null; readonly chosen: RatioLine | null }

const keyOf = (l: { readonly term: string; readonly level: string | null }): string => `${l.term}\n${l.level ?? ''}`
const byKey = (fit: FitSummary): Map<string, RatioLine> => new Map(fit.lines.map((l) => [keyOf(l), ratioLine(l)]))

/** Every coefficient of the full model with its univariable and its final figures. */
export function ratioRows(report: BuilderReport): RatioRow[] {
  const alone = new Map(report.univariable.flatMap((u) => [...byKey(u)])), together = byKey(report.multivariable), chosen = byKey(report.final)
  const keys = [...new Set([...alone.keys(), ...together.keys(), ...chosen.keys()])]
  return keys.map((key) => {
    const any = together.get(key) ?? alone.get(key) ?? chosen.get(key)
    return { key, label: any?.label ?? '', against: any?.against ?? '', alone: alone.get(key) ?? null, together: together.get(key) ?? null, chosen: chosen.get(key) ?? null }
  })
}

/** The decades that hold every interval, cut at 0.01 and 100: beyond, an arrow says that it goes on. */
export function ratioScale(rows: readonly RatioRow[]): { readonly low: number; readonly high: number; readonly ticks: readonly number[]; readonly at: (v: number) => number } {
  const ends = rows.flatMap((r) => [r.alone, r.together, r.chosen].flatMap((l) => (l?.ci95 == null ? [] : [...l.ci95])))
  const low = Math.max(-2, Math.min(-1, Math.floor(Math.log10(Math.min(1, ...ends)) + 1e-9))), high = Math.min(2, Math.max(1, Math.ceil(Math.log10(Math.max(1, ...ends)) - 1e-9)))
  return { low: 10 ** low, high: 10 ** high, ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)), at: (v) => (Math.log10(v) - low) / (high - low) }
}

/** The forest plot of one column, to save. */
export function ratioFigure(report: BuilderReport, which: 'alone' | 'together' | 'chosen'): Figure {
  const title = { alone: 'Univariable odds ratios', together: 'Multivariable odds ratios', chosen: 'Odds ratios of the chosen model' }[which]
  const fit = which === 'chosen' ? report.final : report.multivariable
  const rows = ratioRows(report).flatMap((r) => {
    const line = r[which]
    return line?.oddsRatio == null || line.ci95 === null ? [] : [{ label: `${line.label}, ${line.against}`, estimate: line.oddsRatio, ci95: line.ci95, p: p3(line.p) }]
  })
  return forestFigure({ id: `odds-ratios-${which}`, title, rows, measure: 'Odds ratio', notes: [`${fit.method}; n = ${fit.n}, ${fit.events} events. 95 % ${report.spec.estimator === 'firth' && which === 'chosen' ? 'profile' : 'Wald'} intervals.`] })
}
