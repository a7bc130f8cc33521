import { ok } from '#shared/lib/index.ts'
import { fleissKappa } from '../agreement/index.ts'
import type { AnalysisAdapter } from './adapter.ts'
import { textList, valueList } from './request.ts'
import { completeCases, levelText, texts } from './table.ts'

/** `fleiss`: Fleiss' kappa over rows complete for all `raters`. */
export const fleissAdapter: AnalysisAdapter = ({ spec, table }) => {
  const raters = textList(spec, 'raters'), levels = valueList(spec, 'levels')
  const all = table(), used = completeCases(all, raters)
  const columns = raters.map((r) => texts(used, r))
  const ratings = Array.from({ length: used.rows }, (_, i) => columns.map((c) => c[i]!))
  const result = fleissKappa<string>(ratings, levels.map(levelText))
  if (!result.ok) return result
  const f = result.value
  return ok({
    n_total: all.rows, n_used: used.rows, raters: raters.length, levels: [...levels],
    kappa: f.kappa, p_observed: f.observedAgreement, p_expected: f.expectedAgreement, se_null: f.seNull, z: f.z, p: f.p,
    categories: f.categories.map((c) => ({ level: c.level, p: c.proportion, kappa: c.kappa, se_null: c.seNull, z: c.z })),
  })
}
