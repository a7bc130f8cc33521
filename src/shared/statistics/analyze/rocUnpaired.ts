import { ok } from '#shared/lib/index.ts'
import { compareAucsUnpaired } from '../roc/index.ts'
import type { AnalysisAdapter, OutputObject } from './adapter.ts'
import { ends } from './intervalOutput.ts'
import { attempt, need, textField, textList, valueList } from './request.ts'
import { pairs } from './roc.ts'
import { completeCases, filterRows, levelText, numbers, texts, type Table } from './table.ts'

/** `roc_unpaired`: the AUC of each score between all pairs of groups. */
export const rocUnpaired: AnalysisAdapter = ({ spec, table }) => {
  const all = table()
  const outcome = textField(spec, 'outcome'), group = textField(spec, 'group')
  const levels = valueList(spec, 'levels')
  return ok(Object.fromEntries(textList(spec, 'scores').map((score) => {
    const rows = completeCases(all, [outcome, score, group])
    const groups = texts(rows, group)
    const part = (level: string | number | boolean): Table => filterRows(rows, (i) => groups[i] === levelText(level))
    return [score, pairs(levels).map(([a, b]) => ({ group_a: a, group_b: b, ...attempt(() => compare(part(a), part(b), outcome, score)) }))]
  })))
}

function compare(a: Table, b: Table, outcome: string, score: string): OutputObject {
  const side = (rows: Table) => ({ outcome: numbers(rows, outcome), score: numbers(rows, score) })
  const d = need(compareAucsUnpaired(side(a), side(b)))
  return {
    n_a: d.sizeA, n_b: d.sizeB, auc_a: d.aucA, auc_b: d.aucB, diff: d.difference, var_diff: d.variance,
    z: d.z, p_normal: d.p, ci95_diff_normal: ends(d.interval), t_df: d.df, p_t: d.pByT,
  }
}
