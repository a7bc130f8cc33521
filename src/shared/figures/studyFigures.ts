import type { Meaning } from './colours.ts'
import { calibrationFigure, decisionFigure, rocFigure, swarmFigure, type RocCurve, type SwarmGroup } from './makers.ts'
import type { Figure, FigureSeries, Interval } from './model.ts'

/** Figures of a study's analysis: the screen, the report and the CLI draw these same ones. */
export type ScorerKind = 'model' | 'signature' | 'clinical' | 'senior' | 'junior' | 'reader'

export const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')

/** A scorer's name as a figure and a table print it. */
export const scorerLabel = (scorer: { readonly name: string; readonly kind: ScorerKind }): string =>
  (scorer.kind === 'model' ? 'Combined model' : scorer.kind === 'clinical' ? 'Clinical model' : scorer.kind === 'signature' ? `Signature ${scorer.name}` : `${scorer.name}${scorer.kind === 'reader' ? '' : `, ${scorer.kind}`}`)

/** The colour of each scorer: by its meaning; several signatures take the list's colours in turn. */
export function scorerColours(scorers: readonly { readonly name: string; readonly kind: ScorerKind }[]): ReadonlyMap<string, Meaning | number> {
  let signature = 0
  return new Map(scorers.map((s) => [s.name, s.kind === 'signature' ? signature++ : s.kind === 'clinical' ? 4 : s.kind === 'reader' ? 'junior' : s.kind]))
}

interface Place { readonly fpr: number; readonly tpr: number }
export interface RocInput {
  readonly curves: readonly { readonly name: string; readonly kind: ScorerKind; readonly points: readonly Place[]; readonly auc: number; readonly ci95: readonly [number, number]; readonly operating: Place | null }[]
  /** Mean curves of groups of readers. */
  readonly means?: readonly { readonly group: 'senior' | 'junior' | 'all'; readonly readers: readonly string[]; readonly auc: number; readonly ci95: readonly [number, number]; readonly points: readonly Place[] }[]
  /** Readers without ratings: a point each. */
  readonly callsOnly?: readonly { readonly name: string; readonly kind: ScorerKind; readonly operating: Place }[]
  readonly sentence: string
}

const xy = (points: readonly Place[]): { x: number; y: number }[] => points.map((p) => ({ x: p.fpr, y: p.tpr }))
/** So many readers are one entry of the legend, with a point each; fewer have their names there. */
const MANY_READERS = 6

/** ROC of the model, the signatures, every reader and the means of seniors and juniors; calls as points. */
export function studyRocFigure(cohort: string, { curves, means = [], callsOnly = [], sentence }: RocInput): Figure {
  const colours = scorerColours(curves)
  const readers = curves.filter((c) => c.kind === 'senior' || c.kind === 'junior' || c.kind === 'reader')
  const many = readers.length > MANY_READERS
  const curve = (c: RocInput['curves'][number]): RocCurve => ({ id: slug(c.name), label: scorerLabel(c), colour: colours.get(c.name) ?? 0, thick: c.kind === 'model', points: xy(c.points), auc: c.auc, ci95: c.ci95 })
  const calls = [...curves.flatMap((c) => (c.operating === null ? [] : [{ name: c.name, kind: c.kind, operating: c.operating }])), ...callsOnly]
  const figure = rocFigure({
    id: `roc-${slug(cohort)}`, title: `Model and readers, ${cohort}`, notes: [sentence],
    curves: [
      ...(many ? curves.filter((c) => !readers.includes(c)) : curves).map(curve),
      ...means.map((m): RocCurve => ({ id: `mean-${m.group}`, label: `Mean of ${m.readers.length} ${m.group === 'all' ? '' : `${m.group} `}readers`, colour: m.group === 'senior' ? 'senior' : 'junior', thick: true, points: xy(m.points), auc: m.auc, ci95: m.ci95 })),
    ],
    calls: many ? (['senior', 'junior', 'reader'] as const).flatMap((kind) => {
      const own = calls.filter((c) => c.kind === kind)
      return own.length === 0 ? [] : [{ id: `calls-${kind}`, label: `Calls of ${own.length} ${kind === 'reader' ? '' : `${kind} `}readers`, colour: kind === 'senior' ? 'senior' as const : 'junior' as const, points: own.map((c) => ({ x: c.operating.fpr, y: c.operating.tpr, label: c.name })) }]
    }) : calls.filter((c) => c.kind !== 'signature' && c.kind !== 'clinical').map((c) => ({ id: `${slug(c.name)}-call`, label: `${scorerLabel(c)}, calls`, colour: colours.get(c.name) ?? (c.kind === 'senior' ? 'senior' : 'junior'), points: [{ x: c.operating.fpr, y: c.operating.tpr, label: c.name }] })),
  })
  const thin = (many ? readers : []).map((c): FigureSeries => ({ id: slug(c.name), label: scorerLabel(c), colour: colours.get(c.name) ?? 'junior', kind: 'line', points: xy(c.points), width: 0.75, follows: `calls-${c.kind}` }))
  const dashed = figure.series.map((s): FigureSeries => (s.kind === 'line' && s.id.startsWith('mean-') ? { ...s, dash: [6, 3] } : s))
  return { ...figure, series: [...thin, ...dashed] }
}

interface AidedInput { readonly curves: readonly { readonly name: string; readonly points: readonly Place[] }[]; readonly unaidedMean: number; readonly aidedMean: number; readonly n: number; readonly readers: readonly string[] }

/** Mean ROC of the readers without and with the model's help. */
export function aidedRocFigure(cohort: string, { curves, unaidedMean, aidedMean, n, readers }: AidedInput): Figure {
  return rocFigure({
    id: `roc-aided-${slug(cohort)}`, title: `Readers without and with the model, ${cohort}`, notes: [`Mean of ${readers.length} readers, n = ${n}; sensitivities averaged at each specificity.`],
    curves: curves.map((c): RocCurve => ({ id: c.name, label: c.name === 'aided' ? 'With the model' : 'Without', colour: c.name === 'aided' ? 'model' : 'junior', thick: c.name === 'aided', points: xy(c.points), auc: c.name === 'aided' ? aidedMean : unaidedMean })),
  })
}

interface CalibrationInput { readonly name: string; readonly kind: ScorerKind; readonly n: number; readonly bins: readonly { readonly predicted: number; readonly observed: number; readonly n: number; readonly ci95: readonly [number, number] | null }[]; readonly smooth: readonly { readonly predicted: number; readonly observed: number }[] }

/** Scorers of a study in their order: a figure of some of them keeps the colours that they have in the figures of all. */
type Scorers = readonly { readonly name: string; readonly kind: ScorerKind }[]

/** Observed share against predicted risk in bins of equal size, with Wilson intervals and the smooth curve. */
export function studyCalibrationFigure(cohort: string, groups: readonly CalibrationInput[], notes: readonly string[], among: Scorers = groups): Figure {
  const colours = scorerColours(among)
  return calibrationFigure({
    id: `calibration-${slug(cohort)}`, title: `Calibration, ${cohort}`, notes,
    groups: groups.map((g) => ({
      id: slug(g.name), label: scorerLabel(g), colour: colours.get(g.name) ?? 0, bins: g.bins.map((b) => ({ x: b.predicted, y: b.observed, yError: b.ci95 === null ? undefined : [b.ci95[0], b.ci95[1]] as Interval, label: `n = ${b.n}` })),
      smooth: g.smooth.map((p) => ({ x: p.predicted, y: Math.min(1, Math.max(0, p.observed)) })),
    })),
  })
}

interface DecisionInput { readonly thresholds: readonly number[]; readonly treatAll: readonly number[]; readonly curves: readonly { readonly name: string; readonly kind: ScorerKind; readonly netBenefit: readonly number[] }[] }

/** Net benefit of the model, of each reader's calls, of treating all and none; below the floor a line leaves the plot, its numbers stay in the CSV. */
export function studyDecisionFigure(cohort: string, { thresholds, treatAll, curves }: DecisionInput, notes: readonly string[], among: Scorers = curves): Figure {
  const floor = -0.1, colours = new Map([...scorerColours(curves), ...scorerColours(among)])
  const line = (values: readonly number[]): { x: number; y: number }[] => thresholds.map((x, i) => ({ x, y: values[i] as number }))
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
