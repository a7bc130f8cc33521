import type { AgreementReport, AgreementRow, AgreementSummary, MeasureAgreement } from '#shared/contract/index.ts'
import { blandAltmanFigure, type Figure } from '#shared/figures/index.ts'
import type { StateKind } from '#renderer/ui/index.ts'

/** Mean Dice from which manual contours are taken to agree, and the least that the lower bound of an ICC should reach. */
export const DICE_BAR = 0.84
export const ICC_BAR = 0.75

export const KIND_WORDS: Readonly<Record<AgreementRow['kind'], string>> = { intra: 'Intra-rater', inter: 'Inter-rater', reference: 'Against imported' }
export const MEASURE_WORDS: Readonly<Record<MeasureAgreement['measure'], string>> = { area: 'Area', perimeter: 'Perimeter', longAxis: 'Long axis', shortAxis: 'Short axis' }

export interface Verdict { readonly kind: StateKind; readonly word: string; readonly why: string }

const f3 = (v: number): string => v.toFixed(3).replace('-', '−')

/** The mean Dice against 0.84; where the interval crosses the bar that is said, since it is then not settled. */
export function diceVerdict(dice: AgreementSummary): Verdict {
  if (dice.mean === null) return { kind: 'neutral', word: 'not defined', why: 'no pair of drawings has a Dice' }
  const span = dice.ci95 === null ? 'too few for an interval' : `95 % CI ${f3(dice.ci95[0])} to ${f3(dice.ci95[1])}`
  if (dice.mean < DICE_BAR) return { kind: 'stop', word: `below ${DICE_BAR}`, why: span }
  if (dice.ci95 === null || dice.ci95[0] < DICE_BAR) return { kind: 'attention', word: `${DICE_BAR} within CI`, why: span }
  return { kind: 'ok', word: `above ${DICE_BAR}`, why: span }
}

/** An ICC against 0.75 by its lower bound; an estimate above with a bound below is not settled. */
export function iccVerdict(icc: MeasureAgreement['icc']): Verdict {
  if (icc === null) return { kind: 'neutral', word: 'not defined', why: 'fewer than two cases, or values that do not vary' }
  if (icc.lower === null) return { kind: 'neutral', word: 'no interval', why: 'the drawings agree to the last digit' }
  const span = `95 % CI ${f3(icc.lower)} to ${icc.upper === null ? '–' : f3(icc.upper)}`
  if (icc.lower >= ICC_BAR) return { kind: 'ok', word: `bound above ${ICC_BAR}`, why: span }
  if (icc.estimate >= ICC_BAR) return { kind: 'attention', word: `bound below ${ICC_BAR}`, why: span }
  return { kind: 'stop', word: `below ${ICC_BAR}`, why: span }
}

/** '0.912 ± 0.034', or the mean alone; '–' where there is none. */
export function meanText(s: AgreementSummary, decimals: number): string {
  if (s.mean === null) return '–'
  return s.sd === null ? s.mean.toFixed(decimals) : `${s.mean.toFixed(decimals)} ± ${s.sd.toFixed(decimals)}`
}

/** The Bland-Altman plot of one measure; null with fewer than two pairs. */
export function measureFigure(row: AgreementRow, measure: MeasureAgreement['measure']): Figure | null {
  const found = row.measures.find((m) => m.measure === measure)
  if (found === undefined || found.bias === null || found.limits === null) return null
  const quantity = MEASURE_WORDS[measure].toLowerCase()
  return blandAltmanFigure({
    id: `bland-altman-${measure}-${row.kind}`, title: `${MEASURE_WORDS[measure]}, ${row.title}`, quantity, unit: found.unit,
    pairs: found.points.map((p) => ({ x: p.mean, y: p.difference, label: p.label })), bias: found.bias, limits: found.limits,
    notes: [`Bland-Altman, n = ${found.n}; limits of agreement: bias ± 1.96 SD.`, ...(found.note === '' ? [] : [found.note])],
  })
}

/** Which row is shown first: that of all pairs of annotators, else the first. */
export const firstRow = (report: AgreementReport): string | null => (report.rows.find((r) => r.kind === 'inter') ?? report.rows[0])?.id ?? null
