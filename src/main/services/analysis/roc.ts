import type { CallOutput } from '#shared/contract/index.ts'
import { rocCurve } from '#shared/statistics/roc/index.ts'
import type { OpenStudy } from '../context.ts'
import { aucFigure, callFigures, compareScorers } from './evaluate.ts'
import { cohortNote, cohortRoles, scorers, type Score } from './scores.ts'

const MAX_POINTS = 400

function curvePoints(scores: readonly Score[]): { fpr: number; tpr: number; threshold: number | null }[] {
  const curve = rocCurve(scores.map((s) => s.outcome), scores.map((s) => s.value))
  if (!curve.ok) return []
  const { thresholds, truePositives, falsePositives, positives, negatives } = curve.value
  const step = Math.max(1, Math.floor(thresholds.length / MAX_POINTS))
  return [...thresholds.keys()].reverse().filter((i) => i % step === 0 || i === 0 || i === thresholds.length - 1)
    .map((i) => ({ fpr: (falsePositives[i] as number) / negatives, tpr: (truePositives[i] as number) / positives, threshold: Number.isFinite(thresholds[i]) ? (thresholds[i] as number) : null }))
}

const p3 = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`)

/** The ROC curves of a cohort, each scorer's AUC, and the model against every other. */
export function rocOf(study: OpenStudy, cohort: string): CallOutput<'analysis.roc'> {
  const roles = cohortRoles(study)
  const { scorers: all, withheld } = scorers(study)
  const here = all.filter((s) => (s.cohorts.get(cohort)?.length ?? 0) > 0)
  const curves = here.flatMap((scorer) => {
    const scores = scorer.cohorts.get(cohort) as readonly Score[]
    const { auc, ci95, n, positives } = aucFigure(scores)
    const { sensitivity, specificity } = callFigures(scores)
    if (auc === null || ci95 === null) return []
    return [{ cohort, name: scorer.name, kind: scorer.kind, n, positives, auc, ci95, points: curvePoints(scores), operating: sensitivity === null || specificity === null ? null : { fpr: 1 - specificity, tpr: sensitivity } }]
  })
  const model = here.find((s) => s.kind === 'model') ?? here.find((s) => s.note === 'DL signature')
  const delong = model === undefined ? [] : here.filter((s) => s !== model).map((s) => compareScorers(cohort, model, s))
  const head = curves.find((c) => c.name === model?.name)
  const note = cohortNote(roles.get(cohort))
  const sentence = head === undefined ? 'No model has scored this cohort yet.'
    : `In ${cohort} (n = ${head.n}, ${head.positives} with ${study.outcome.label}), the ${head.name === 'combined' ? 'combined model' : 'DL signature'} had an AUC of ${head.auc.toFixed(3)} (95 % CI ${head.ci95[0].toFixed(3)} to ${head.ci95[1].toFixed(3)}, DeLong)${
      delong.filter((d) => d.p !== null && curves.some((c) => c.name === d.b && c.kind !== 'signature')).map((d) => `; against ${d.b} the difference was ${(d.difference ?? 0).toFixed(3)} (${p3(d.p as number)}, DeLong, paired, n = ${d.n})`).join('')}.${note === '' ? '' : ` ${note[0]?.toUpperCase() ?? ''}${note.slice(1)}.`}`
  return { cohorts: [...new Set([...roles.keys(), ...all.flatMap((s) => [...s.cohorts.keys()])])], curves, delong, withheld, sentence }
}
