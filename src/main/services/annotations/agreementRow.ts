import { MEASURES, type AgreementRow, type AgreementSummary, type MaskPair, type MeasureAgreement } from '#shared/contract/index.ts'
import { blandAltman, icc } from '#shared/statistics/agreement/index.ts'
import { mean, median, standardDeviation } from '#shared/statistics/core/index.ts'
import { studentTQuantile } from '#shared/statistics/distributions/index.ts'
import type { LesionSize } from './compareMasks.ts'

/** Two drawings of one picture by two raters (or one rater twice), compared. */
export interface ComparedPair {
  readonly caseId: string; readonly label: string; readonly a: string; readonly b: string; readonly raters: string
  readonly pair: MaskPair; readonly sizeA: LesionSize | null; readonly sizeB: LesionSize | null
  /** Keys of the raters, for the matrix of all raters. */
  readonly raterA: string; readonly raterB: string; readonly imageId: string
}

export interface RowHead { readonly id: string; readonly kind: AgreementRow['kind']; readonly overall: boolean; readonly blind: boolean; readonly title: string; readonly note: string }

/** n, mean with its t interval, standard deviation, median. With two values or fewer there is no interval; one of an index that lies between 0 and `most` is cut off there. */
export function summarise(values: readonly (number | null)[], most = Infinity): AgreementSummary {
  const known = values.filter((v): v is number => v !== null)
  const n = known.length
  if (n === 0) return { n, mean: null, sd: null, median: null, ci95: null }
  const m = mean(known)
  if (n < 3) return { n, mean: m, sd: n < 2 ? null : standardDeviation(known), median: median(known), ci95: null }
  const sd = standardDeviation(known)
  const half = studentTQuantile(0.975, n - 1) * sd / Math.sqrt(n)
  return { n, mean: m, sd, median: median(known), ci95: [Math.max(0, m - half), Math.min(most, m + half)] }
}

/** One value a picture: where several pairs of raters drew it, their mean. So the n of an overall row is its pictures, not its pairs. */
function perPicture(pairs: readonly ComparedPair[], value: (p: ComparedPair) => number | null): (number | null)[] {
  const byImage = new Map<string, number[]>()
  for (const p of pairs) {
    const v = value(p)
    byImage.set(p.imageId, [...(byImage.get(p.imageId) ?? []), ...(v === null ? [] : [v])])
  }
  return [...byImage.values()].map((list) => (list.length === 0 ? null : mean(list)))
}

/**
 * What ICC(A,1) is computed on: for one pair of raters two columns. Over several raters a column a rater, on the pictures that all of them drew;
 * for repeats of several persons two columns (first and repeated drawing), a row a person and picture.
 */
function ratings(kind: RowHead['kind'], pairs: readonly ComparedPair[], value: (s: LesionSize) => number): number[][] {
  const keys = [...new Set(pairs.flatMap((p) => [p.raterA, p.raterB]))].sort()
  const two = (p: ComparedPair): number[] => [value(p.sizeA as LesionSize), value(p.sizeB as LesionSize)]
  if (kind !== 'inter' || keys.length === 2) return pairs.map(two)
  const rows = new Map<string, Map<string, number>>()
  for (const p of pairs) {
    const row = rows.get(p.imageId) ?? new Map<string, number>()
    row.set(p.raterA, value(p.sizeA as LesionSize))
    row.set(p.raterB, value(p.sizeB as LesionSize))
    rows.set(p.imageId, row)
  }
  return [...rows.values()].filter((row) => row.size === keys.length).map((row) => keys.map((k) => row.get(k) as number))
}

function measureOf(head: RowHead, measure: (typeof MEASURES)[number], usable: readonly ComparedPair[], unit: 'mm' | 'px', left: number): MeasureAgreement {
  const value = (s: LesionSize): number => s[measure]
  const table = ratings(head.kind, usable, value)
  const found = icc(table)
  const a = usable.map((p) => value(p.sizeA as LesionSize)), b = usable.map((p) => value(p.sizeB as LesionSize))
  const limits = blandAltman(a, b)
  const form = found.ok ? found.value.forms['ICC(2,1)'] : null
  const notes = [left > 0 ? `${left} ${left === 1 ? 'pair' : 'pairs'} left out: an empty drawing, or no scale in mm` : '', found.ok ? '' : found.error.message].filter((t) => t !== '')
  return {
    measure, unit: measure === 'area' ? (unit === 'mm' ? 'mm²' : 'px²') : unit, n: usable.length,
    icc: form === null || !found.ok || !Number.isFinite(form.estimate) ? null : { estimate: form.estimate, lower: form.interval?.lower ?? null, upper: form.interval?.upper ?? null, subjects: found.value.subjects, raters: found.value.raters },
    bias: limits.ok ? limits.value.bias : null, limits: limits.ok ? [limits.value.limits.conventional.lower, limits.value.limits.conventional.upper] : null, note: notes.join('; '),
    points: usable.map((p, i) => ({ caseId: p.caseId, label: p.label, raters: p.raters, a: p.a, b: p.b, mean: ((a[i] as number) + (b[i] as number)) / 2, difference: (a[i] as number) - (b[i] as number) })),
  }
}

/** Everything said of one pair of raters, or of all pairs of a kind. Lengths are in millimetres as soon as one picture has a scale; those without are then left out, and the note says how many. */
export function agreementRowOf(head: RowHead, pairs: readonly ComparedPair[]): AgreementRow {
  const unit = pairs.some((p) => p.pair.unit === 'mm') ? 'mm' : 'px'
  const length = (value: (m: MaskPair) => number | null) => (p: ComparedPair): number | null => (p.pair.unit === unit ? value(p.pair) : null)
  const usable = pairs.filter((p) => p.sizeA !== null && p.sizeB !== null && p.sizeA.unit === unit && p.sizeB.unit === unit)
  const figure = (value: (p: ComparedPair) => number | null, most?: number): AgreementSummary => summarise(perPicture(pairs, value), most)
  const worst = [...pairs].sort((x, y) => (x.pair.dice ?? 2) - (y.pair.dice ?? 2) || (y.pair.hd95 ?? 0) - (x.pair.hd95 ?? 0) || (x.label < y.label ? -1 : 1)).slice(0, 10)
  const scaleless = pairs.filter((p) => p.pair.unit !== unit).length
  return {
    ...head, n: new Set(pairs.map((p) => p.imageId)).size, unit,
    dice: figure((p) => p.pair.dice, 1), iou: figure((p) => p.pair.iou, 1), hd95: figure(length((m) => m.hd95)), asd: figure(length((m) => m.asd)),
    measures: MEASURES.map((m) => measureOf(head, m, usable, unit, pairs.length - usable.length)),
    worst: worst.map((p) => ({ ...p.pair, caseId: p.caseId, label: p.label, a: p.a, b: p.b, raters: p.raters })),
    note: [head.note, scaleless > 0 ? `${scaleless} of ${pairs.length} pairs have no scale in mm and count for overlap only` : ''].filter((t) => t !== '').join('; '),
  }
}
