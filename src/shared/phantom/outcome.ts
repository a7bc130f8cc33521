import type { CompleteFactors } from './clinical.ts'
import type { HistologicGrade, HistologicType, LesionPlan } from './types.ts'

const typeEffect: Record<HistologicType, number> = { 'invasive ductal': 0.55, 'invasive lobular': 0.35, DCIS: -2, other: -0.8 }
const gradeEffect: Record<HistologicGrade, number> = { I: -0.8, II: 0, III: 0.7 }

/** Log-odds of nodal metastasis that the image shows, centred near 0. The weights are the simulation's own and stand for no clinical finding. */
export function imageLogOdds(lesion: LesionPlan): number {
  return (
    2.6 * (lesion.spiculation - 0.42) +
    2.6 * (lesion.irregularity - 0.5) +
    0.9 * Math.log(lesion.sizeMm / 18.5) +
    1.1 * Math.log(lesion.aspect / 0.76) +
    0.9 * (lesion.shadow - 0.25)
  )
}

/** Log-odds that pathology adds: histologic type, HER2 and grade. */
export function clinicalLogOdds(factors: CompleteFactors): number {
  return typeEffect[factors.histologicType] + gradeEffect[factors.histologicGrade] + (factors.her2 === 'positive' ? 0.55 : -0.2)
}

/** Gives outcome 1 to the share of highest latent scores, so that every hospital has the prevalence asked for whatever the number of cases. */
export function outcomesAtPrevalence(scores: readonly number[], prevalence: number): (0 | 1)[] {
  const positives = Math.round(scores.length * prevalence)
  const order = scores.map((score, index) => ({ score, index })).sort((a, b) => b.score - a.score || a.index - b.index)
  const outcomes: (0 | 1)[] = scores.map(() => 0)
  for (const { index } of order.slice(0, positives)) outcomes[index] = 1
  return outcomes
}
