import { ok } from '#shared/lib/index.ts'
import { cohenKappa, crossTable, type KappaWeights } from '../agreement/index.ts'
import type { AnalysisAdapter, AnalysisInput, Output } from './adapter.ts'
import { need, textList, valueList } from './request.ts'
import { levelText, texts, type Table } from './table.ts'

/** `kappa`: each pair of the `raters` columns over the rows complete for that pair, unweighted, linear and quadratic over the full `levels`. */
export const kappaAdapter: AnalysisAdapter = ({ spec, table }: AnalysisInput) => {
  const raters = textList(spec, 'raters'), levels = valueList(spec, 'levels')
  const all = table()
  const pairs = raters.flatMap((a, i) => raters.slice(i + 1).map((b) => pair(all, a, b, levels.map(levelText))))
  return ok({ levels: [...levels], pairs })
}

function pair(table: Table, a: string, b: string, levels: readonly string[]): Output {
  const first = texts(table, a), second = texts(table, b)
  const known = new Set<string | null>(levels)
  // A value outside the declared levels counts as missing, as a factor with these levels has it.
  const rows = Array.from({ length: table.rows }, (_, i) => i).filter((i) => known.has(first[i]!) && known.has(second[i]!))
  const counts = need(crossTable(rows.map((i) => first[i]!), rows.map((i) => second[i]!), levels))
  const one = (weights: KappaWeights): Output => {
    const result = cohenKappa(counts, weights)
    if (!result.ok) return { kappa: null, po: null, pe: null }
    const k = result.value
    if (k.kappa === null) return { kappa: null, po: k.observedAgreement, pe: k.expectedAgreement }
    return {
      kappa: k.kappa, po: k.observedAgreement, pe: k.expectedAgreement, ase: k.se,
      ci95: k.interval && [k.interval.lower, k.interval.upper], se_null: k.seNull, z: k.z, p: k.p,
    }
  }
  return { a, b, n: rows.length, table: counts.map((row) => [...row]), unweighted: one('unweighted'), linear: one('linear'), quadratic: one('quadratic') }
}
