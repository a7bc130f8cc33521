import { ok } from '#shared/lib/index.ts'
import { decisionCurves } from '../decision/index.ts'
import type { AnalysisAdapter } from './adapter.ts'
import { need, textField, textList } from './request.ts'
import { completeCases, numbers } from './table.ts'

/** Decision curves at 0.01 ... 0.99 over the rows complete for the outcome and all listed models. */
export const dca: AnalysisAdapter = ({ spec, table }) => {
  const all = table()
  const outcome = textField(spec, 'outcome'), names = textList(spec, 'probs')
  const rows = completeCases(all, [outcome, ...names])
  const curves = need(decisionCurves(numbers(rows, outcome), names.map((name) => ({ name, probability: numbers(rows, name) }))))
  return ok({
    n_total: all.rows, n_used: curves.n, prevalence: curves.prevalence,
    thresholds: curves.thresholds, treat_all: curves.treatAll, treat_none: curves.treatNone,
    models: Object.fromEntries(curves.models.map((m) => [m.name, {
      tp: m.truePositives, fp: m.falsePositives, net_benefit: m.netBenefit,
      standardized_net_benefit: m.standardised, net_interventions_avoided_per_100: m.avoidedPer100,
    }])),
  })
}
