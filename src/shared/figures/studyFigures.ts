import type { Meaning } from './colours.ts'
import { calibrationFigure, decisionFigure, rocFigure, swarmFigure, type RocCurve, type SwarmGroup } from './makers.ts'
import type { Figure, Interval } from './model.ts'

/** Figures of a study's analysis: the screen, the report and the CLI draw these same ones. */
export type ScorerKind = 'model' | 'signature' | 'senior' | 'junior' | 'reader'

export const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')

/** A scorer's name as a figure and a table print it. */
export const scorerLabel = (scorer: { readonly name: string; readonly kind: ScorerKind }): string =>
  (scorer.kind === 'model' ? 'Combined model' : scorer.kind === 'signature' ? `Signature ${scorer.name}` : `${scorer.name}${scorer.kind === 'reader' ? '' : `, ${scorer.kind}`}`)

/** The colour of each scorer: by its meaning; several signatures take the list's colours in turn. */
export function scorerColours(scorers: readonly { readonly name: string; readonly kind: ScorerKind }[]): ReadonlyMap<string, Meaning | number> {
  let signature = 0
  return new Map(scorers.map((s) => [s.name, s.kind === 'signature' ? signature++ : s.kind === 'reader' ? 'junior' : s.kind]))
}

interface RocInput {
  readonly curves: readonly { readonly name: string; readonly kind: ScorerKind; readonly points: readonly { readonly fpr: number; readonly tpr: number }[]; readonly auc: number; readonly ci95: readonly [number, number]; readonly operating: { readonly fpr: number; readonly tpr: number } | null }[]
  readonly sentence: string
}

/** ROC of the model, the signatures and every reader; calls as points. */
export function studyRocFigure(cohort: string, { curves, sentence }: RocInput): Figure {
  const colours = scorerColours(curves)
  return rocFigure({
    id: `roc-${slug(cohort)}`, title: `Model and readers, ${cohort}`, notes: [sentence],
    curves: curves.map((c): RocCurve => ({ id: slug(c.name), label: scorerLabel(c), colour: colours.get(c.name) ?? 0, thick: c.kind === 'model', points: c.points.map((p) => ({ x: p.fpr, y: p.tpr })), auc: c.auc, ci95: c.ci95 })),
    calls: curves.filter((c) => c.operating !== null && c.kind !== 'signature').map((c) => ({ id: `${slug(c.name)}-call`, label: `${scorerLabel(c)}, calls`, colour: colours.get(c.name) ?? 0, points: c.operating === null ? [] : [{ x: c.operating.fpr, y: c.operating.tpr, label: c.name }] })),
  })
}

interface CalibrationInput { readonly name: string; readonly kind: ScorerKind; readonly n: number; readonly bins: readonly { readonly predicted: number; readonly observed: number; readonly n: number; readonly ci95: readonly [number, number] | null }[]; readonly smooth: readonly { readonly predicted: number; readonly observed: number }[] }

/** Observed share against predicted risk in bins of equal size, with Wilson intervals and the smooth curve. */
export function studyCalibrationFigure(cohort: string, groups: readonly CalibrationInput[], notes: readonly string[]): Figure {
  const colours = scorerColours(groups)
  return calibrationFigure({
    id: `calibration-${slug(cohort)}`, title: `Calibration, ${cohort}`, notes,
    groups: groups.map((g) => ({
      id: slug(g.name), label: scorerLabel(g), colour: colours.get(g.name) ?? 0, bins: g.bins.map((b) => ({ x: b.predicted, y: b.observed, yError: b.ci95 === null ? undefined : [b.ci95[0], b.ci95[1]] as Interval, label: `n = ${b.n}` })),
      smooth: g.smooth.map((p) => ({ x: p.predicted, y: Math.min(1, Math.max(0, p.observed)) })),
    })),
  })
}

interface DecisionInput { readonly thresholds: readonly number[]; readonly treatAll: readonly number[]; readonly curves: readonly { readonly name: string; readonly kind: ScorerKind; readonly netBenefit: readonly number[] }[] }

/** Net benefit of the model, of each reader's calls, of treating all and none; below the floor a line leaves the plot. */
export function studyDecisionFigure(cohort: string, { thresholds, treatAll, curves }: DecisionInput, notes: readonly string[]): Figure {
  const floor = -0.1, colours = scorerColours(curves)
  const line = (values: readonly number[]): { x: number; y: number }[] => thresholds.flatMap((x, i) => ((values[i] as number) >= floor ? [{ x, y: values[i] as number }] : []))
  return decisionFigure({
    id: `decision-${slug(cohort)}`, title: `Decision curves, ${cohort}`, notes, floor,
    curves: [
      { id: 'treat-all', label: 'Treat all', colour: 'chance', points: line(treatAll) },
      ...curves.map((c) => ({ id: slug(c.name), label: scorerLabel(c), colour: colours.get(c.name) ?? 0, points: line(c.netBenefit), thick: c.kind === 'model' })),
    ],
  })
}

interface DiceInput { readonly cohort: string; readonly model: string; readonly label: string; readonly dice: number | null }

/** Dice of every mask by cohort and network: boxes with all cases as dots. `boxOf` gives the five numbers of a box, or none for few values. */
export function studyDiceFigure(rows: readonly DiceInput[], models: readonly { readonly model: string; readonly label: string; readonly colour: Meaning }[], boxOf: (values: readonly number[]) => SwarmGroup['box']): Figure {
  const cohorts = [...new Set(rows.map((r) => r.cohort))]
  return swarmFigure({
    id: 'dice-by-cohort', title: 'Dice by cohort and network', quantity: 'Dice', min: 0, max: 1,
    categories: cohorts.map((cohort) => ({
      label: cohort,
      groups: models.map(({ model, label, colour }): SwarmGroup => {
        const own = rows.filter((r) => r.cohort === cohort && r.model === model)
        const box = boxOf(own.map((r) => r.dice ?? 0))
        return { id: model, label, colour, values: own.map((r) => ({ value: r.dice ?? 0, label: r.label })), ...(box === undefined ? {} : { box }) }
      }),
    })),
    notes: [`n = ${new Set(rows.map((r) => r.label)).size} cases with a ground truth; every dot is a case. Nothing found counts as 0.`],
  })
}
