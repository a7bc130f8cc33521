import type { ReportBlock, ReportTable } from '#main/formats/pdf/index.ts'
import { clinicalVariable } from '#shared/domain/index.ts'
import { forestFigure, type ForestRow } from '#shared/figures/index.ts'
import { fitTerms, interceptName, screenTerms, univariableModels, type LogisticModel } from '#shared/statistics/regression/index.ts'
import type { Material } from './material.ts'
import { n2, pText } from './words.ts'

/** Univariable p below which a factor enters the multivariable model of Table 2. */
const SCREEN = 0.05

interface Row { readonly variable: string; readonly level: string; readonly estimate: number; readonly ci: readonly [number, number]; readonly p: number; readonly interpretable: boolean }

function rowsOf(model: LogisticModel): Row[] {
  return model.coefficients.filter((c) => c.column.name !== interceptName).map((c) => {
    const known = clinicalVariable(c.column.term ?? '')
    const level = c.column.level === undefined ? `per ${c.unit ?? 'unit'}` : `${c.column.level} against ${c.reference ?? ''}`
    return { variable: known?.label ?? c.column.term ?? '', level, estimate: c.oddsRatio, ci: [c.interval.lower, c.interval.upper], p: c.p, interpretable: model.interpretable && Number.isFinite(c.standardError) && c.standardError < 50 }
  })
}

const or = (r: Row | undefined): string => (r === undefined ? '' : r.interpretable ? n2(r.estimate) : 'not estimable')
const ci = (r: Row | undefined): string => (r === undefined || !r.interpretable ? '' : `${n2(r.ci[0])} to ${n2(r.ci[1])}`)
const forest = (id: string, title: string, rows: readonly Row[]): ReturnType<typeof forestFigure> => {
  const shown = rows.filter((r) => r.interpretable)
  return forestFigure({ id, title, measure: 'Odds ratio', rows: shown.map((r): ForestRow => ({ label: `${r.variable}, ${r.level}`, estimate: r.estimate, ci95: [r.ci[0], r.ci[1]], p: pText(r.p) })) })
}

/** Table 2 and Figure 3: odds ratios of logistic models on the fitting rows alone, levels by dummy coding, Wald 95 % intervals; or the sentence why there are none. */
export function oddsRatioBlocks({ fitting }: Material): ReportBlock[] {
  if (typeof fitting === 'string') return [{ kind: 'text', text: `Odds ratios: none. ${fitting}`, tone: 'quiet' }]
  const { data, cohort, leftOut } = fitting
  const single = univariableModels(data), kept = screenTerms(data, SCREEN).kept
  const together = kept.length === 0 ? null : fitTerms(data, kept)
  const first = single.flatMap(rowsOf), second = together === null ? [] : rowsOf(together)
  const find = (r: Row): Row | undefined => second.find((s) => s.variable === r.variable && s.level === r.level)
  const events = data.y.reduce((s, v) => s + v, 0)
  const table: ReportTable = {
    id: 'table2-odds-ratios', caption: `Table 2. Univariable and multivariable logistic models of the clinical factors, ${cohort} only`,
    columns: [{ label: 'Factor' }, { label: 'Compares' }, ...['OR', '95 % CI', 'p', 'OR', '95 % CI', 'p'].map((label) => ({ label, align: 'right' as const }))],
    heads: [{ label: '', span: 2 }, { label: 'Univariable', span: 3 }, { label: 'Multivariable', span: 3 }],
    rows: first.map((r, i) => [first[i - 1]?.variable === r.variable ? '' : r.variable, r.level, or(r), ci(r), r.interpretable ? pText(r.p) : '', or(find(r)), ci(find(r)), find(r)?.interpretable === true ? pText(find(r)?.p) : '']),
    data: { columns: ['factor', 'compares', 'or', 'or_low', 'or_high', 'p', 'adjusted_or', 'adjusted_low', 'adjusted_high', 'adjusted_p'], rows: first.map((r) => { const m = find(r); return [r.variable, r.level, r.estimate, r.ci[0], r.ci[1], r.p, m?.estimate ?? null, m?.ci[0] ?? null, m?.ci[1] ?? null, m?.p ?? null] }) },
    note: `n = ${data.y.length} complete cases, ${events} events. Maximum likelihood, Wald test and Wald 95 % intervals; each level against its reference. Multivariable: the factors whose univariable likelihood-ratio p is below ${SCREEN}${kept.length === 0 ? ' (none)' : ''}. No row of another cohort was used.${leftOut.length === 0 ? '' : ` Left out for missing values: ${leftOut.join(', ')}.`}${[...single, ...(together === null ? [] : [together])].some((m) => !m.interpretable) ? ' Not estimable: a level separates the outcome completely.' : ''}`,
  }
  return [
    { kind: 'table', table },
    { kind: 'panels', figures: [forest('figure3a-univariable', 'A  Univariable', first), ...(second.length === 0 ? [] : [forest('figure3b-multivariable', 'B  Multivariable', second)])], across: 1, caption: `Figure 3. Odds ratios of the clinical factors on a logarithmic axis, ${cohort}, n = ${data.y.length}; the line is 1.` },
  ]
}
