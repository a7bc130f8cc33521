import type { CohortAnalysis } from '#shared/contract/index.ts'
import { binaryMetrics, confusionOfCalls, type Proportion } from '#shared/statistics/classification/index.ts'
import { ends, scoresIn, type CohortScope } from './scope.ts'

const share = ({ estimate, wilson }: Proportion): { estimate: number | null; ci95: [number, number] | null } => ({ estimate, ci95: wilson === null ? null : ends(wilson) })

/** Sensitivity, specificity, PPV, NPV and accuracy with Wilson intervals: every model at its carried threshold, each reader by the calls. */
export function operatingPoints({ scorers, cohort }: CohortScope): CohortAnalysis['operating'] {
  return scorers.flatMap((scorer) => {
    const called = scoresIn(scorer, cohort).filter((s) => s.call !== null)
    const counts = called.length === 0 ? null : confusionOfCalls(called.map((s) => s.outcome), called.map((s) => (s.call === true ? 1 : 0)))
    if (counts === null || !counts.ok) return []
    const m = binaryMetrics(counts.value)
    return [{
      name: scorer.name, kind: scorer.kind, basis: scorer.basis, n: called.length,
      tp: m.truePositives, fp: m.falsePositives, fn: m.falseNegatives, tn: m.trueNegatives, sensitivity: share(m.sensitivity), specificity: share(m.specificity), ppv: share(m.ppv), npv: share(m.npv), accuracy: share(m.accuracy),
    }]
  })
}
