import type { CallOutput } from '#shared/contract/index.ts'
import { rocCurve } from '#shared/statistics/roc/index.ts'
import type { OpenStudy } from '../context.ts'
import { isReader } from './cohort/scope.ts'
import { aucFigure, callFigures, compareScorers } from './evaluate.ts'
import { meanCurves } from './meanCurve.ts'
import { withheldModel } from '../inference/risk.ts'
import { cohortNote, DL_SIGNATURE, type Score, type Scorer } from './scores.ts'
import { scoped, type Scope } from './scoped.ts'

type Roc = CallOutput<'analysis.roc'>
const MAX_POINTS = 400

function curvePoints(scores: readonly Score[]): Roc['curves'][number]['points'] {
  const curve = rocCurve(scores.map((s) => s.outcome), scores.map((s) => s.value))
  if (!curve.ok) return []
  const { thresholds, truePositives, falsePositives, positives, negatives } = curve.value
  const step = Math.max(1, Math.floor(thresholds.length / MAX_POINTS))
  return [...thresholds.keys()].reverse().filter((i) => i % step === 0 || i === 0 || i === thresholds.length - 1)
    .map((i) => ({ fpr: (falsePositives[i] as number) / negatives, tpr: (truePositives[i] as number) / positives, threshold: Number.isFinite(thresholds[i]) ? (thresholds[i] as number) : null }))
}

const p3 = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`)

function callPoint(scores: readonly Score[]): Roc['curves'][number]['operating'] {
  const { sensitivity, specificity } = callFigures(scores)
  return sensitivity === null || specificity === null ? null : { fpr: 1 - specificity, tpr: sensitivity }
}

/** The ROC curves of a cohort or a part of it, each scorer's AUC, the means of seniors and juniors, and the model against every other. */
export function rocOf(study: OpenStudy, asked: Scope): Roc {
  const { cohort } = asked
  const { scorers, withheld, scope, role, cohorts } = scoped(study, asked)
  const scoresOf = (s: Scorer): readonly Score[] => s.cohorts.get(cohort) ?? []
  const here = scorers.filter((s) => scoresOf(s).length > 0)
  const curves = here.filter((s) => !s.callsOnly).flatMap((scorer) => {
    const { auc, ci95, n, positives, note: method } = aucFigure(scoresOf(scorer))
    return auc === null || ci95 === null ? [] : [{ cohort, name: scorer.name, kind: scorer.kind, n, positives, auc, ci95, method, points: curvePoints(scoresOf(scorer)), operating: callPoint(scoresOf(scorer)) }]
  })
  const callsOnly = here.filter((s) => s.callsOnly).flatMap((s) => { const point = callPoint(scoresOf(s)); return point === null ? [] : [{ name: s.name, kind: s.kind, n: scoresOf(s).length, operating: point }] })
  const model = here.find((s) => s.kind === 'model') ?? here.find((s) => s.note === DL_SIGNATURE)
  const compared = model === undefined || role === 'fit' ? [] : here.filter((s) => s !== model && !s.callsOnly)
  const delong = model === undefined ? [] : compared.map((s) => compareScorers(cohort, model, s))
  const head = curves.find((c) => c.name === model?.name), note = cohortNote(role)
  const where = scope.conditions.length === 0 ? cohort : `${cohort}, ${scope.conditions.join(', ')}`
  const sentence = head === undefined ? 'No model has scored these cases yet.'
    : `In ${where} (n = ${head.n}, ${head.positives} with ${study.outcome.label}), the ${head.kind === 'model' ? 'combined model' : 'DL signature'} had an AUC of ${head.auc.toFixed(3)} (95 % CI ${head.ci95[0].toFixed(3)} to ${head.ci95[1].toFixed(3)}, ${head.method})${
      delong.filter((d, i) => d.p !== null && isReader(compared[i] as Scorer)).slice(0, 6).map((d) => `; against ${d.b} the difference was ${(d.difference ?? 0).toFixed(3).replace('-', '−')} (${p3(d.p as number)}, ${d.note}, n = ${d.n})`).join('')}.${note === '' ? '' : ` ${note[0]?.toUpperCase() ?? ''}${note.slice(1)}.`}`
  return { cohorts, scope, curves, callsOnly, means: meanCurves(here.filter(isReader), cohort), delong, withheld, modelWithheld: withheldModel(study), sentence }
}
