import { ok } from '#shared/lib/index.ts'
import { blandAltman } from '../agreement/index.ts'
import type { Interval } from '../core/index.ts'
import type { AnalysisAdapter, Output } from './adapter.ts'
import { textField } from './request.ts'
import { completeCases, numbers } from './table.ts'

const ends = ({ lower, upper }: Pick<Interval, 'lower' | 'upper'>): Output => [lower, upper]

/** `bland_altman`: differences of column `x` minus column `y` over rows complete for both. */
export const blandAltmanAdapter: AnalysisAdapter = ({ spec, table }) => {
  const x = textField(spec, 'x'), y = textField(spec, 'y')
  const all = table(), used = completeCases(all, [x, y])
  const result = blandAltman(numbers(used, x), numbers(used, y))
  if (!result.ok) return result
  const b = result.value
  const { sqrt3n, variance } = b.precision
  return ok({
    n_total: all.rows, n_used: b.n, difference: `${x} - ${y}`, bias: b.bias, sd: b.sd,
    loa_1_96: ends(b.limits.conventional), loa_qnorm: ends(b.limits.exact),
    bias_se: b.biasSe, bias_ci95_t: ends(b.biasInterval),
    loa_se_sqrt3n: sqrt3n.se, loa_lower_ci95_sqrt3n: ends(sqrt3n.lower), loa_upper_ci95_sqrt3n: ends(sqrt3n.upper),
    loa_se_exactvar: variance.se, loa_lower_ci95_exactvar: ends(variance.lower), loa_upper_ci95_exactvar: ends(variance.upper),
    paired_t: b.pairedT, n_outside_loa: b.outside,
    proportional_bias: b.proportionalBias && { slope: b.proportionalBias.slope, slope_se: b.proportionalBias.slopeSe, p: b.proportionalBias.p },
  })
}
