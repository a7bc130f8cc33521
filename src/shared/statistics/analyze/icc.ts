import { ok } from '#shared/lib/index.ts'
import { icc, iccMeanSquares, type IccForm } from '../agreement/index.ts'
import type { AnalysisAdapter, Output } from './adapter.ts'
import { textList } from './request.ts'
import { completeCases, numbers } from './table.ts'

const order: readonly IccForm[] = ['ICC(1,1)', 'ICC(2,1)', 'ICC(3,1)', 'ICC(1,k)', 'ICC(2,k)', 'ICC(3,k)']

/** `icc`: the six forms over complete rows of the `raters` columns. Ratings that do not vary give null coefficients. */
export const iccAdapter: AnalysisAdapter = ({ spec, table }) => {
  const raters = textList(spec, 'raters')
  const all = table(), used = completeCases(all, raters)
  const columns = raters.map((r) => numbers(used, r))
  const rows = Array.from({ length: used.rows }, (_, i) => columns.map((c) => c[i]!))
  const n = used.rows, k = raters.length
  const head = { n_total: all.rows, n_used: n, k }
  const result = icc(rows)
  if (!result.ok) {
    if (result.error.code !== 'constant' && result.error.code !== 'too_few') return result
    const ms = iccMeanSquares(rows)
    const undefinedForm = (type: IccForm): Output => ({
      type, icc: null, F: null, df1: n - 1, df2: type.startsWith('ICC(1') ? n * (k - 1) : (n - 1) * (k - 1), p: null, ci95: [null, null],
    })
    return ok({ ...head, ms: ms.ok ? { ...ms.value } : null, icc: order.map(undefinedForm), satterthwaite_df_icc2: null, why_undefined: result.error.message })
  }
  const { meanSquares, forms, satterthwaiteDf } = result.value
  return ok({
    ...head, ms: { ...meanSquares },
    icc: order.map((form) => {
      const f = forms[form]
      return { type: form, name: f.mcGrawWong, icc: f.estimate, F: f.f, df1: f.df1, df2: f.df2, p: f.p, ci95: f.interval ? [f.interval.lower, f.interval.upper] : [null, null] }
    }),
    satterthwaite_df_icc2: satterthwaiteDf,
  })
}
