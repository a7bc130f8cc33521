import type { CohortAnalysis } from '#shared/contract/index.ts'
import { calibration, type Calibration } from '#shared/statistics/calibration/index.ts'
import { decisionCurves } from '#shared/statistics/decision/index.ts'
import { DL_SIGNATURE, type Score } from '../scores.ts'
import { commonCases, ends, finite, isReader, scoresIn, type CohortScope } from './scope.ts'

type Row = CohortAnalysis['calibration'][number]
const GROUPS = 10

function hosmerLemeshowOf(test: Calibration['hosmerLemeshow']): { hosmerLemeshow: Row['hosmerLemeshow']; hosmerLemeshowNote: string } {
  if ('message' in test) return { hosmerLemeshow: null, hosmerLemeshowNote: test.message }
  return {
    hosmerLemeshow: { chiSquare: finite(test.chiSquare), df: test.df, p: finite(test.p), note: test.undefinedBecause ?? test.method, groups: test.groups.map(({ lower, upper, n, observed, expected }) => ({ lower, upper, n, observed, expected })) },
    hosmerLemeshowNote: test.undefinedBecause ?? '',
  }
}

/** Agreement of probabilities with the outcome, for the combined model and every signature. */
export function calibrations({ scorers, cohort, rows }: CohortScope): Row[] {
  return scorers.filter((s) => !isReader(s)).flatMap((scorer): Row[] => {
    const scores = scoresIn(scorer, cohort)
    const result = calibration(scores.map((s) => s.outcome), scores.map((s) => s.value), { rows, groups: GROUPS })
    if (!result.ok) return []
    const { n, events, brier, meanPredicted, recalibration: r, smooth, quantileBins } = result.value
    const slope = 'message' in r ? { slope: null, slopeCi95: null, intercept: null, inTheLarge: null, recalibrationNote: r.message }
      : { slope: finite(r.slope), slopeCi95: Number.isFinite(r.slopeInterval.lower) ? ends(r.slopeInterval) : null, intercept: finite(r.intercept), inTheLarge: finite(r.inTheLarge), recalibrationNote: r.method }
    return [{
      name: scorer.name, kind: scorer.kind, n, events, brier, meanPredicted, ...slope, ...hosmerLemeshowOf(result.value.hosmerLemeshow),
      bins: quantileBins.filter((b) => b.n > 0).map((b) => ({ predicted: b.meanPredicted, observed: b.observed, n: b.n, ci95: b.interval === null ? null : ends(b.interval) })),
      smooth: 'message' in smooth ? [] : smooth.curve.map(({ predicted, observed }) => ({ predicted, observed })).filter((p) => Number.isFinite(p.observed)),
    }]
  })
}

/** Net benefit of the models (clinical, DL signature, combined), of each reader's calls, of treating all; on the cases that all of them scored. */
export function decisionOf(scope: CohortScope): { decision: CohortAnalysis['decision']; decisionNote: string } {
  const models = scope.scorers.filter((s) => !isReader(s) && (s.kind !== 'signature' || s.note === DL_SIGNATURE || s === scope.model))
  const shown = [...models, ...scope.readers]
  const cases = commonCases(shown, scope.cohort)
  if (shown.length === 0 || cases.length === 0) return { decision: null, decisionNote: 'No case of this cohort was scored by the model and every reader.' }
  const probability = (k: number): number[] => cases.map((c) => {
    const score = c.all[k] as Score
    return k < models.length ? score.value : score.call === true ? 1 : 0
  })
  const result = decisionCurves(cases.map((c) => c.first.outcome), shown.map((s, k) => ({ name: s.name, probability: probability(k) })))
  if (!result.ok) return { decision: null, decisionNote: result.error.message }
  const { n, events, thresholds, treatAll, models: curves, method } = result.value
  return {
    decision: { n, events, thresholds: [...thresholds], treatAll: [...treatAll], curves: curves.map((c, k) => ({ name: c.name, kind: shown[k]?.kind ?? 'reader', netBenefit: [...c.netBenefit] })), note: `${method}; a reader’s call does not move with the threshold` },
    decisionNote: '',
  }
}
