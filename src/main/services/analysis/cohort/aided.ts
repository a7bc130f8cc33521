import type { CohortAnalysis } from '#shared/contract/index.ts'
import { quantiles } from '#shared/statistics/core/index.ts'
import { analyseReaderStudy, type OrAnalysis } from '#shared/statistics/mrmc/index.ts'
import { callFigures } from '../evaluate.ts'
import { meanPoints } from '../meanCurve.ts'
import type { Score, Scorer } from '../scores.ts'
import { commonCases, ends, finite } from './scope.ts'

type Aided = NonNullable<CohortAnalysis['aided']>
const TESTS = ['aided', 'unaided']

function test(analysis: OrAnalysis, method: string): NonNullable<Aided['fixed']> | null {
  const [d] = analysis.differences
  if (d === undefined || !Number.isFinite(analysis.p)) return null
  return { difference: d.difference, ci95: ends(d.interval), statistic: analysis.statistic, df1: analysis.df1, df2: finite(analysis.df2), p: analysis.p, method }
}

const median = (scores: readonly Score[]): number | null => {
  const own = scores.flatMap((s) => (s.seconds === undefined ? [] : [s.seconds]))
  return own.length === 0 ? null : (quantiles(own, [0.5])[0] ?? null)
}

/**
 * Readings with the model's help against those without (Obuchowski and Rockette 1995; Hillis 2007): every reader who has both, on the cases
 * that all of them read both ways. `unaided` and `aided` hold a scorer a reader under the same name.
 */
export function aidedComparison(unaided: readonly Scorer[], aided: readonly Scorer[], cohort: string): { aided: Aided | null; aidedNote: string } {
  const pairs = unaided.flatMap((first) => {
    const second = aided.find((a) => a.name === first.name)
    return second === undefined || first.callsOnly || second.callsOnly || (first.cohorts.get(cohort)?.length ?? 0) === 0 || (second.cohorts.get(cohort)?.length ?? 0) === 0 ? [] : [{ first, second }]
  })
  if (pairs.length === 0) return { aided: null, aidedNote: 'No reader has read this cohort both with and without the model.' }
  const all = [...pairs.map((p) => p.second), ...pairs.map((p) => p.first)], J = pairs.length
  const cases = commonCases(all, cohort), outcome = cases.map((c) => c.first.outcome), patients = cases.map((c) => c.first.patientId)
  const column = (k: number): Score[] => cases.map((c) => c.all[k] as Score)
  const ratings = [0, 1].map((i) => pairs.map((_, j) => column(i * J + j).map((s) => s.value)))
  const made = analyseReaderStudy({ tests: TESTS, readers: pairs.map((p) => p.first.name), outcome, ratings, ...(new Set(patients).size === patients.length ? {} : { patient: patients }) })
  if (!made.ok) return { aided: null, aidedNote: made.error.message }
  const { single, fixedReaders, randomReaders, aucs, method } = made.value
  const mean = (name: string): number => { const own = aucs.filter((a) => a.test === name); return own.reduce((s, a) => s + a.auc, 0) / own.length }
  return {
    aidedNote: '',
    aided: {
      n: cases.length, positives: outcome.filter((o) => o === 1).length, readers: pairs.map((p) => p.first.name), unaidedMean: mean('unaided'), aidedMean: mean('aided'), method,
      each: single.map((s, j): Aided['each'][number] => {
        const withIt = column(j), without = column(J + j), a = callFigures(withIt), u = callFigures(without)
        return {
          reader: s.reader, aided: s.aucA, unaided: s.aucB, difference: s.difference, ci95: Number.isFinite(s.interval.lower) ? ends(s.interval) : null, p: s.p, pHolm: s.pHolm, unaidedSeconds: median(without), aidedSeconds: median(withIt),
          unaidedSensitivity: u.sensitivity, aidedSensitivity: a.sensitivity, unaidedSpecificity: u.specificity, aidedSpecificity: a.specificity,
        }
      }),
      fixed: fixedReaders === null ? null : test(fixedReaders, 'Obuchowski-Rockette, these readers and cases like these'), random: randomReaders.ok ? test(randomReaders.value, 'Obuchowski-Rockette with Hillis’ degrees of freedom, readers and cases like these') : null,
      reason: randomReaders.ok ? '' : randomReaders.error.message, curves: TESTS.map((name, i) => ({ name, points: meanPoints((ratings[i] ?? []).map((values) => ({ outcome, values }))) })),
    },
  }
}
