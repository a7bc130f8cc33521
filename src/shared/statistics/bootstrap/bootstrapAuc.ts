import { ok } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import { prepareAuc } from '../roc/index.ts'
import { bootstrap, type Bootstrapped, type BootstrapOptions } from './bootstrap.ts'

/** Bootstrap of an AUC by patient, within the classes by default, as pROC does; rows are ranked once. O(resamples n). */
export function bootstrapAuc(
  outcome: ArrayLike<number>, score: ArrayLike<number>,
  options: Omit<BootstrapOptions, 'statistic' | 'rows' | 'strata'> & { readonly stratified?: boolean },
): StatisticsResult<Bootstrapped> {
  const { stratified = true, ...rest } = options
  const area = prepareAuc(outcome, score)
  if (!area.ok) return area
  const result = bootstrap({ ...rest, rows: outcome.length, statistic: area.value, ...(stratified ? { strata: outcome } : {}) })
  return result.ok ? ok(result.value[0]!) : result
}
