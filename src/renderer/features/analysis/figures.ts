import { rocFigure, swarmFigure, type Figure, type Meaning, type RocCurve, type SwarmGroup } from '#shared/figures/index.ts'
import type { CallOutput, MaskFigureRow } from '#shared/contract/index.ts'
import { SEGMENTATION_LABELS, SEGMENTATION_MODELS, type SegmentationModel } from '#shared/domain/index.ts'
import { quantiles } from '#shared/statistics/core/index.ts'

type Roc = CallOutput<'analysis.roc'>

const nameOf = (curve: Roc['curves'][number]): string => (curve.kind === 'model' ? 'Combined model' : curve.kind === 'signature' ? `Signature ${curve.name}` : `${curve.name}${curve.kind === 'reader' ? '' : `, ${curve.kind}`}`)
const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-')

/** ROC of the model, the signatures and every reader; readers' calls as points. Several signatures take the list's colours in turn. */
export function studyRoc(cohort: string, roc: Roc): Figure {
  let signature = 0
  const curves = roc.curves.map((c): RocCurve => ({
    id: slug(c.name), label: nameOf(c), colour: c.kind === 'senior' || c.kind === 'junior' || c.kind === 'model' ? c.kind : signature++, thick: c.kind === 'model', points: c.points.map((p) => ({ x: p.fpr, y: p.tpr })), auc: c.auc, ci95: c.ci95,
  }))
  const calls = roc.curves.filter((c) => c.operating !== null && c.kind !== 'signature').map((c) => ({
    id: `${slug(c.name)}-call`, label: `${nameOf(c)}, calls`, colour: (c.kind === 'reader' ? 'junior' : c.kind) as Meaning, points: c.operating === null ? [] : [{ x: c.operating.fpr, y: c.operating.tpr, label: c.name }],
  }))
  return rocFigure({ id: `roc-${slug(cohort)}`, title: `Model and readers, ${cohort}`, curves, calls, notes: [roc.sentence] })
}

const COLOURS: Readonly<Record<SegmentationModel, Meaning>> = { deeplabv3: 'deeplabv3', unet: 'unet', unetpp: 'unetpp', fusion: 'fused' }

function boxOf(values: readonly number[]): NonNullable<SwarmGroup['box']> | undefined {
  if (values.length < 3) return undefined
  const [min, q1, median, q3, max] = quantiles(values, [0, 0.25, 0.5, 0.75, 1]) as [number, number, number, number, number]
  return { min, q1, median, q3, max }
}

/** Dice of every mask by cohort and network, boxes with all cases as dots. */
export function diceFigure(rows: readonly MaskFigureRow[]): Figure {
  const cohorts = [...new Set(rows.map((r) => r.cohort))]
  return swarmFigure({
    id: 'dice-by-cohort', title: 'Dice by cohort and network', quantity: 'Dice', min: 0, max: 1,
    categories: cohorts.map((cohort) => ({
      label: cohort,
      groups: SEGMENTATION_MODELS.map((model): SwarmGroup => {
        const own = rows.filter((r) => r.cohort === cohort && r.model === model).map((r) => ({ value: r.dice ?? 0, label: r.label }))
        const box = boxOf(own.map((o) => o.value))
        return { id: model, label: SEGMENTATION_LABELS[model], colour: COLOURS[model], values: own, ...(box === undefined ? {} : { box }) }
      }),
    })),
  })
}
