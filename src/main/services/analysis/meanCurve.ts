import type { CallOutput } from '#shared/contract/index.ts'
import { estimateTest, readerAucs } from '#shared/statistics/mrmc/index.ts'
import { rocCurve } from '#shared/statistics/roc/index.ts'
import { commonCases, ends } from './cohort/scope.ts'
import type { Score, Scorer } from './scores.ts'

type Mean = CallOutput<'analysis.roc'>['means'][number]
type Point = Mean['points'][number]

interface Ratings { readonly outcome: readonly number[]; readonly values: readonly number[] }

/** The corners of one reader's empirical curve, from (0, 0) to (1, 1). */
function corners({ outcome, values }: Ratings): Point[] {
  const curve = rocCurve(outcome, values)
  if (!curve.ok) return []
  const { truePositives, falsePositives, positives, negatives, thresholds } = curve.value
  return [...thresholds.keys()].reverse().map((i) => ({ fpr: (falsePositives[i] as number) / negatives, tpr: (truePositives[i] as number) / positives }))
}

/** Sensitivity at a false positive rate, between corners by a straight line; at a vertical step its lower (`first`) or upper end. */
function sensitivity(points: readonly Point[], fpr: number, first: boolean): number {
  const at = points.filter((p) => p.fpr === fpr)
  if (at.length > 0) return (first ? at[0] : at.at(-1))?.tpr ?? 0
  const right = points.findIndex((p) => p.fpr > fpr), a = points[right - 1], b = points[right]
  return a === undefined || b === undefined ? 1 : a.tpr + ((b.tpr - a.tpr) * (fpr - a.fpr)) / (b.fpr - a.fpr)
}

/**
 * Readers' curves averaged over sensitivity at every false positive rate that any of them has, vertical steps kept: the area under the result is
 * the mean of their AUCs. Source: Chen W, Samuelson FW. Br J Radiol 2014;87:20140016 (average over sensitivity).
 */
export function meanPoints(readers: readonly Ratings[]): Point[] {
  const curves = readers.map(corners).filter((c) => c.length > 0)
  if (curves.length === 0) return []
  const rates = [...new Set(curves.flatMap((c) => c.map((p) => p.fpr)))].sort((a, b) => a - b)
  return rates.flatMap((fpr) => {
    const [low, high] = [true, false].map((first) => curves.reduce((s, c) => s + sensitivity(c, fpr, first), 0) / curves.length) as [number, number]
    return low === high ? [{ fpr, tpr: high }] : [{ fpr, tpr: low }, { fpr, tpr: high }]
  })
}

const GROUPS: readonly { readonly group: Mean['group']; readonly has: (s: Scorer) => boolean }[] = [{ group: 'senior', has: (s) => s.kind === 'senior' }, { group: 'junior', has: (s) => s.kind === 'junior' }]

/** The mean curve of seniors and of juniors, over the cases that all of the group rated. The interval holds for these readers (DeLong covariance of their mean). */
export function meanCurves(readers: readonly Scorer[], cohort: string): Mean[] {
  return GROUPS.flatMap(({ group, has }): Mean[] => {
    const own = readers.filter((r) => has(r) && !r.callsOnly && (r.cohorts.get(cohort)?.length ?? 0) > 0)
    if (own.length < 2) return []
    const cases = commonCases(own, cohort), outcome = cases.map((c) => c.first.outcome), patients = cases.map((c) => c.first.patientId)
    const values = own.map((_, k) => cases.map((c) => (c.all[k] as Score).value))
    const data = readerAucs({ tests: [group], readers: own.map((r) => r.name), outcome, ratings: [values], ...(new Set(patients).size === patients.length ? {} : { patient: patients }) })
    if (!data.ok) return []
    const { estimate, interval } = estimateTest(data.value, 0, 'fixed_readers_random_cases', 0.95)
    return [{ group, readers: own.map((r) => r.name), n: cases.length, auc: estimate, ci95: ends(interval), points: meanPoints(values.map((v) => ({ outcome, values: v }))) }]
  })
}
