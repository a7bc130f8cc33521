import { isSignatureTerm, termLabel } from '#shared/domain/index.ts'
import type { BuilderReport, CoefficientLine } from '#shared/statistics/builder/index.ts'

export const dash = '–'
export const fixed = (v: number | null | undefined, decimals: number): string => (v === null || v === undefined ? dash : v.toFixed(decimals).replace(/^-(?=[0.]+$)/, '').replace('-', '−'))
export const p3 = (p: number | null | undefined): string => (p === null || p === undefined ? dash : p < 0.001 ? '< 0.001' : p.toFixed(3))
/** A ratio in a table: two decimals where they say something, three figures where it is large or small, and no more than 10,000. */
export const ratio = (v: number): string => (v >= 10_000 ? '> 9999' : v < 0.001 ? '< 0.001' : v >= 100 ? v.toFixed(0) : v >= 0.1 ? v.toFixed(2) : v.toFixed(3))
export const interval = (v: readonly [number, number] | null, write: (x: number) => string): string => (v === null ? dash : `${write(v[0])} to ${write(v[1])}`)
export const ci3 = (v: readonly [number, number] | null): string => interval(v, (x) => fixed(x, 3))

/** A probability runs from 0 to 1: its odds ratio is shown for a tenth of that. */
export const stepOf = (line: Pick<CoefficientLine, 'term' | 'level'>): number => (line.level === null && isSignatureTerm(line.term) ? 0.1 : 1)

export interface RatioLine { readonly term: string; readonly label: string; readonly against: string; readonly oddsRatio: number | null; readonly ci95: readonly [number, number] | null; readonly p: number | null }

/** A coefficient as a line of an odds-ratio table, for the step that its variable is shown with. */
export function ratioLine(line: CoefficientLine): RatioLine {
  const step = stepOf(line)
  const scaled = (v: number): number => (step === 1 ? v : v ** step)
  const against = line.level === null ? `per ${step === 1 ? (line.unit ?? 'unit') : step}` : `against ${line.reference ?? ''}`
  return {
    term: line.term, label: line.level === null ? termLabel(line.term) : `${termLabel(line.term)}: ${line.level}`, against, oddsRatio: line.oddsRatio === null ? null : scaled(line.oddsRatio),
    ci95: line.ci95 === null ? null : [scaled(line.ci95[0]), scaled(line.ci95[1])], p: line.p,
  }
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
/** The settings of a learner as a person reads them. */
export const settingText = (name: string): string => name.replace('minLeafRows', 'rows a leaf').replace('maxDepth', 'depth').replace('learningRate', 'rate').replace(/trees (\d+),/, '$1 trees,').replace(/rounds (\d+),/, '$1 trees,')

/** Sentences of the statistics name columns in quotes; a person reads their labels. */
export const readable = (sentence: string, names: readonly string[]): string => names.reduce((s, name) => s.replaceAll(`"${name}"`, termLabel(name)), sentence)

/** Why there is no model to freeze; null where there is one. */
export const stoppedOf = (report: BuilderReport): string | null => (report.model.value === null ? capital(readable(report.model.problem ?? '', report.spec.terms.map((t) => t.name))) : null)

/** What a person must look at before they trust the fit; rows left out are counted in a table of their own. */
export function warningsOf(report: BuilderReport): string[] {
  const names = report.spec.terms.map((t) => t.name)
  return [...new Set([...report.findings, ...report.final.findings])].filter((f) => !f.includes('rows were left out')).map((f) => capital(readable(f, names))).filter((f) => f !== stoppedOf(report))
}
