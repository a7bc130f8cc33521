import type { CohortAnalysis } from '#shared/contract/index.ts'
import { cohenKappa, crossTable, fleissKappa, icc, type KappaWeights } from '#shared/statistics/agreement/index.ts'
import { quantiles } from '#shared/statistics/core/index.ts'
import type { Score, Scorer } from '../scores.ts'
import { commonCases, ends, scoresIn, type CohortScope } from './scope.ts'

type Readers = CohortAnalysis['readers']
type Agreement = NonNullable<Readers['fleiss']>

const CALLS = [true, false]

function kappa(a: readonly (number | boolean | null)[], b: readonly (number | boolean | null)[], levels: readonly (number | boolean)[], weights: KappaWeights): { agreement: Agreement; observed: number | null } | null {
  const counted = crossTable<number | boolean | null>(a, b, levels)
  const result = counted.ok ? cohenKappa(counted.value, weights) : counted
  if (!result.ok) return null
  const { kappa: estimate, interval, p, n, observedAgreement } = result.value
  return { agreement: { estimate, ci95: interval === null ? null : ends(interval), p, n, method: weights === 'unweighted' ? 'Cohen’s kappa' : `Cohen’s kappa, ${weights} weights` }, observed: observedAgreement }
}

function pairs(readers: readonly Scorer[], cohort: string, levels: readonly number[] | null): Readers['pairs'] {
  return readers.flatMap((a, i) => readers.slice(i + 1).flatMap((b) => {
    const cases = commonCases([a, b], cohort)
    const column = <K extends 'call' | 'value'>(k: 0 | 1, key: K): Score[K][] => cases.map((c) => (c.all[k] as Score)[key])
    const calls = kappa(column(0, 'call'), column(1, 'call'), CALLS, 'unweighted')
    if (calls === null) return []
    const ratings = levels === null ? null : kappa(column(0, 'value'), column(1, 'value'), levels, 'quadratic')
    return [{ a: a.name, b: b.name, n: cases.length, observed: calls.observed, calls: calls.agreement, ratings: ratings?.agreement ?? null }]
  }))
}

/** Agreement between readers on the cases that all of them read, and how long they took; idle time is not in the seconds. */
export function readerAgreement({ readers, cohort }: CohortScope): Readers {
  const each = readers.map((reader) => {
    const scores = scoresIn(reader, cohort), own = scores.flatMap((s) => (s.seconds === undefined ? [] : [s.seconds]))
    const [q1, median, q3] = own.length === 0 ? [] : quantiles(own, [0.25, 0.5, 0.75])
    return { name: reader.name, kind: reader.kind, n: scores.length, positiveCalls: scores.filter((s) => s.call === true).length, medianSeconds: median ?? null, q1Seconds: q1 ?? null, q3Seconds: q3 ?? null }
  })
  const values = readers.flatMap((r) => scoresIn(r, cohort).map((s) => s.value))
  const points = values.length > 0 && values.every((v) => Number.isInteger(v) && v >= 1 && v <= 5) ? [1, 2, 3, 4, 5] : null
  const cases = readers.length < 2 ? [] : commonCases(readers, cohort)
  const fleiss = cases.length === 0 ? null : fleissKappa(cases.map((c) => c.all.map((s) => s.call === true)), CALLS)
  const ratings = cases.length < 2 ? null : icc(cases.map((c) => c.all.map((s) => s.value)))
  const form = ratings?.ok === true ? ratings.value.forms['ICC(2,1)'] : null
  return {
    each, pairs: pairs(readers, cohort, points),
    fleiss: fleiss?.ok === true ? { estimate: fleiss.value.kappa, ci95: null, p: fleiss.value.p, n: fleiss.value.subjects, method: `Fleiss’ kappa of the calls, ${fleiss.value.raters} readers` } : null,
    icc: form === null || ratings?.ok !== true ? null : { estimate: form.estimate, ci95: form.interval === null ? null : ends(form.interval), p: form.p, n: ratings.value.subjects, method: `${form.form}, ${form.model}, absolute agreement, single rating, ${ratings.value.raters} readers` },
    note: readers.length < 2 ? 'Agreement needs two readers who have finished their session.' : '',
  }
}
