import { isSignatureTerm, termLabel as label } from '#shared/domain/index.ts'
import type { ShareFigure } from '#shared/statistics/builder/index.ts'
import type { CombinedModel } from '#shared/statistics/regression/index.ts'
import type { FrozenDocument } from './freeze.ts'

const three = (v: number | null | undefined): string => (v === null || v === undefined ? '–' : v.toFixed(3))
const ci = (v: readonly [number, number] | null): string => (v === null ? '' : ` (${three(v[0])} to ${three(v[1])})`)
const share = (s: ShareFigure | null): string => (s === null || s.estimate === null ? '–' : `${three(s.estimate)} (${s.count}/${s.of})`)

function coefficients(model: CombinedModel): string[] {
  const error = new Map(model.columns.map((c, i) => [c, Math.sqrt(model.covariance[i]?.[i] ?? NaN)]))
  const line = (name: string, estimate: number, column: string, step = 1): string => {
    const se = error.get(column) ?? NaN
    return `| ${name} | ${estimate.toFixed(4)} | ${se.toFixed(4)} | ${three(Math.exp(step * estimate))}${ci([Math.exp(step * (estimate - 1.959964 * se)), Math.exp(step * (estimate + 1.959964 * se))])}${step === 1 ? '' : ` per ${step}`} |`
  }
  return model.terms.flatMap((t) => (t.kind === 'numeric' ? [line(`${label(t.name)}${t.unit === undefined ? '' : `, per ${t.unit}`}`, t.coefficient, t.name, isSignatureTerm(t.name) ? 0.1 : 1)]
    : t.levels.slice(1).map((level, k) => line(`${label(t.name)}: ${level} against ${t.levels[0] ?? ''}`, t.coefficients[k + 1] ?? NaN, t.name + level))))
}

/** A frozen model's document as far as it goes: one that shipped says less of itself than one that was frozen here. */
export type CardModel = CombinedModel & Partial<Pick<FrozenDocument, 'name' | 'synthetic' | 'signature'>> & { readonly provenance?: Partial<FrozenDocument['provenance']> }

/** The card of a frozen model in Markdown: what it predicts, what it was fitted on, its coefficients, its threshold and what was measured. Nothing in it is typed by hand. */
export function combinedCard(model: CardModel, row: { version: number; sha256: string; frozenAt: string }): string {
  const p = model.provenance
  const evaluation = p?.evaluation ?? []
  const selection = p?.selection !== undefined && 'method' in p.selection ? p.selection : undefined
  return [
    `# ${model.name ?? 'Combined model'} v${row.version}`,
    `Probability of ${model.positiveClass} (column \`${model.outcome}\`). Research use only, not a medical device.${model.synthetic === true ? ' The study is synthetic: its outcome is simulated, and the model stands for no clinical finding.' : ''}`,
    '', '## Fitted on', `${model.cohort}: ${model.n} complete rows, ${model.events} positive. ${model.method.charAt(0).toUpperCase()}${model.method.slice(1)}.`,
    ...(p?.basis === undefined ? [] : ['', p.basis]),
    ...(selection === undefined ? [] : ['', `${selection.method.charAt(0).toUpperCase()}${(selection.method.split(';')[0] ?? '').slice(1)}, from ${(p?.candidates ?? []).map(label).join(', ')}${selection.forced.length === 0 ? '' : `; always kept: ${selection.forced.map(label).join(', ')}`}.${selection.path.length === 0 ? '' : ` AIC: ${selection.path.map((s) => `${s.removed !== undefined ? `without ${label(s.removed)} ` : s.added !== undefined ? `with ${label(s.added)} ` : ''}${s.aic.toFixed(2)}`).join(', ')}.`}`]),
    ...(p?.missing === undefined ? [] : [`${p.missing.dropped} of ${p.missing.total} rows lack a candidate's value and took no part in the selection.`]),
    ...(model.signature === undefined || model.signature === null ? [] : ['', `DL signature: ${model.signature.name} of the set \`${model.signature.set}\`, sha256 \`${model.signature.sha256}\`.`]),
    '', '## Coefficients', '| term | estimate | SE | odds ratio (95 % Wald) |', '|---|---|---|---|', `| intercept | ${model.intercept.toFixed(4)} | ${Math.sqrt(model.covariance[0]?.[0] ?? NaN).toFixed(4)} | |`, ...coefficients(model),
    ...((p?.vif ?? []).length === 0 ? [] : ['', `Generalised variance inflation, GVIF^(1/(2 df)): ${(p?.vif ?? []).map((v) => `${label(v.term)} ${v.adjusted.toFixed(2)}`).join(', ')}.`]),
    '', '## Threshold', model.threshold === undefined ? 'None was set.' : `${model.threshold.value.toFixed(4)}, ${model.threshold.rule}${model.threshold.chosenOn === null ? '' : `; chosen on ${model.threshold.chosenOn} (n = ${model.threshold.chosenOnCases ?? 0}) and carried to every other cohort`}.`,
    ...(evaluation.length === 0 ? [] : ['', '## Measured', '| cohort | n | events | AUC (95 % CI) | sensitivity | specificity | Brier | what to know |', '|---|---|---|---|---|---|---|---|', ...evaluation.map((e) => `| ${e.cohort} | ${e.n} | ${e.events} | ${three(e.auc)}${ci(e.ci95)} | ${share(e.sensitivity)} | ${share(e.specificity)} | ${three(e.brier)} | ${e.label} |`)]),
    ...(p?.optimismCorrectedAuc === undefined || p.optimismCorrectedAuc === null ? [] : [`AUC corrected for optimism by bootstrap, selection repeated: ${three(p.optimismCorrectedAuc)}.`]),
    ...((p?.findings ?? []).length === 0 ? [] : ['', '## What to know', ...(p?.findings ?? []).map((f) => `- ${f}`)]),
    ...(p?.reason === undefined ? [] : ['', '## Why it was frozen', p.reason]),
    '', '## Identity', `sha256 \`${row.sha256}\`, frozen ${row.frozenAt}${p?.rowsSha256 === undefined ? '' : `; fitting rows sha256 \`${p.rowsSha256}\``}.`, '',
  ].join('\n')
}
