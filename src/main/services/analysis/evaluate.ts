import type { Evaluation } from '#shared/contract/index.ts'
import { compareAucs, estimateAuc, type UnitOfAnalysis } from '#shared/statistics/roc/index.ts'
import type { OpenStudy } from '../context.ts'
import { cohortNote, cohortRoles, DL_SIGNATURE, scorers, type Score, type Scorer } from './scores.ts'
import { maskFigures, segmentationTable } from './segmentation.ts'

/** A patient with several cases makes rows dependent: then the unit is the case and the variance is clustered. */
export function unitOf(scores: readonly Score[]): UnitOfAnalysis {
  const patient = scores.map((s) => s.patientId)
  return new Set(patient).size === patient.length ? { unit: 'patient', patient } : { unit: 'case', patient }
}

export interface AucFigure { readonly n: number; readonly positives: number; readonly auc: number | null; readonly ci95: [number, number] | null; readonly note: string }

export function aucFigure(scores: readonly Score[]): AucFigure {
  const base = { n: scores.length, positives: scores.filter((s) => s.outcome === 1).length }
  const estimate = estimateAuc(scores.map((s) => s.outcome), scores.map((s) => s.value), unitOf(scores))
  if (!estimate.ok) return { ...base, auc: null, ci95: null, note: estimate.error.message }
  const { auc, interval, informative, method } = estimate.value
  return { ...base, auc, ci95: [interval.lower, interval.upper], note: informative ? method : 'the interval has no width: it says nothing of precision' }
}

/** Two scorers on the cases that both scored. */
export function compareScorers(cohort: string, a: Scorer, b: Scorer): Evaluation['delong'][number] {
  const second = new Map((b.cohorts.get(cohort) ?? []).map((s) => [s.caseId, s]))
  const shared = (a.cohorts.get(cohort) ?? []).filter((s) => second.has(s.caseId))
  const result = compareAucs(shared.map((s) => s.outcome), shared.map((s) => s.value), shared.map((s) => (second.get(s.caseId) as Score).value), unitOf(shared))
  const base = { cohort, a: a.name, b: b.name, n: shared.length }
  if (!result.ok) return { ...base, difference: null, z: null, p: null, note: result.error.message }
  return { ...base, difference: result.value.difference, z: result.value.z, p: result.value.p, note: result.value.method }
}

export function callFigures(scores: readonly Score[]): { sensitivity: number | null; specificity: number | null } {
  const rate = (outcome: 0 | 1): number | null => {
    const own = scores.filter((s) => s.outcome === outcome && s.call !== null)
    return own.length === 0 ? null : own.filter((s) => s.call === (outcome === 1)).length / own.length
  }
  return { sensitivity: rate(1), specificity: rate(0) }
}

/** Everything that `sln evaluate` prints: masks, signatures, readers, and the model against each reader. */
export function evaluateStudy(study: OpenStudy): Evaluation {
  const roles = cohortRoles(study)
  const all = scorers(study).scorers
  const names = [...new Set([...roles.keys(), ...all.flatMap((s) => [...s.cohorts.keys()])])]
  const signatures: Evaluation['signatures'] = [], readers: Evaluation['readers'] = [], delong: Evaluation['delong'] = []
  for (const cohort of names) {
    const here = all.filter((s) => (s.cohorts.get(cohort)?.length ?? 0) > 0)
    for (const scorer of here) {
      const scores = scorer.cohorts.get(cohort) as readonly Score[]
      const { note, ...figure } = aucFigure(scores)
      if (scorer.kind === 'signature' || scorer.kind === 'model' || scorer.kind === 'clinical') signatures.push({ cohort, signature: scorer.name, ...figure, note: [cohortNote(roles.get(cohort)), scorer.note, figure.auc === null ? note : ''].filter((t) => t !== '').join('; ') })
      else readers.push({ cohort, reader: scorer.name, seniority: scorer.seniority, ...figure, ...(scorer.callsOnly ? { auc: null, ci95: null } : {}), ...callFigures(scores) })
    }
    const model = here.find((s) => s.kind === 'model') ?? here.find((s) => s.note === DL_SIGNATURE)
    if (model !== undefined && roles.get(cohort) !== 'fit') for (const other of here) if (other !== model && !other.callsOnly) delong.push(compareScorers(cohort, model, other))
  }
  return { segmentation: segmentationTable(maskFigures(study)), signatures, readers, delong }
}
