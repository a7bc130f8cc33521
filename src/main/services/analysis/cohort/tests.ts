import type { CohortAnalysis } from '#shared/contract/index.ts'
import { mcNemar } from '#shared/statistics/classification/index.ts'
import { compareAtMatchedSpecificity, compareModelWithReaders } from '#shared/statistics/mrmc/index.ts'
import { adjustP, compareAucs } from '#shared/statistics/roc/index.ts'
import { unitOf } from '../evaluate.ts'
import { withheldOnFittingRows } from '#shared/statistics/core/index.ts'
import type { Score, Scorer } from '../scores.ts'
import { commonCases, ends, finite, isReader, type CohortScope } from './scope.ts'

type Tests = CohortAnalysis['tests']

function withHolm<T extends { p: number | null; pHolm: number | null }>(rows: T[]): T[] {
  const adjusted = adjustP(rows.map((r) => r.p), 'holm')
  return rows.map((row, i) => ({ ...row, pHolm: adjusted[i] ?? null }))
}

/** Every pair of scorers on the cases that both scored, p corrected over all pairs (Holm). On fitting rows only readers are tested. */
export function delongPairs({ scorers, cohort, rows: use }: CohortScope): Tests['delong'] {
  const rated = scorers.filter((s) => !s.callsOnly)
  const rows = rated.flatMap((a, i) => rated.slice(i + 1).map((b): Tests['delong'][number] => {
    const cases = commonCases([a, b], cohort)
    const result = compareAucs(cases.map((c) => c.first.outcome), cases.map((c) => c.first.value), cases.map((c) => (c.all[1] as Score).value), unitOf(cases.map((c) => c.first)))
    const base = { a: a.name, b: b.name, n: cases.length, pHolm: null }
    if (!result.ok) return { ...base, difference: null, ci95: null, p: null, method: result.error.message }
    const { difference, interval, p, method } = result.value
    if (use === 'fitting' && !(isReader(a) && isReader(b))) return { ...base, difference, ci95: null, p: null, method: withheldOnFittingRows }
    return { ...base, difference, ci95: ends(interval), p: p === null ? null : finite(p), method }
  }))
  return withHolm(rows)
}

/** McNemar on who is right: the model at its carried threshold, the reader by the call; exact below 25 discordant pairs. */
export function callTests({ model, readers, cohort, rows }: CohortScope): Tests['calls'] {
  if (model === null || model.threshold === null || rows === 'fitting') return []
  return withHolm(readers.flatMap((reader): Tests['calls'] => {
    const cases = commonCases([model, reader], cohort).filter((c) => c.all.every((s) => s.call !== null))
    const right = (k: number): boolean[] => cases.map((c) => c.all[k]?.call === (c.first.outcome === 1))
    const test = mcNemar(right(0), right(1))
    if (cases.length === 0 || !test.ok) return []
    const { firstOnly, secondOnly, pExact, pCorrected } = test.value
    const exact = firstOnly + secondOnly < 25
    return [{ reader: reader.name, n: cases.length, modelOnly: firstOnly, readerOnly: secondOnly, p: exact ? pExact : pCorrected, pHolm: null, method: exact ? 'McNemar, exact' : 'McNemar with Edwards’ correction' }]
  }))
}

const GROUPS: readonly { readonly name: string; readonly has: (s: Scorer) => boolean }[] = [
  { name: 'all readers', has: () => true }, { name: 'senior readers', has: (s) => s.seniority === 'senior' }, { name: 'junior readers', has: (s) => s.seniority === 'junior' },
]

/** The model against the group's mean AUC, on the cases that the model and every rating reader scored. */
export function groupTests({ model, readers, cohort, rows }: CohortScope): Tests['groups'] {
  const rating = readers.filter((r) => !r.callsOnly)
  if (model === null || rating.length === 0 || rows === 'fitting') return []
  const cases = commonCases([model, ...rating], cohort)
  const patients = cases.map((c) => c.first.patientId)
  const groups = GROUPS.map((g) => ({ name: g.name, readers: rating.filter(g.has).map((r) => r.name) })).filter((g, i) => g.readers.length > 0 && (i === 0 || g.readers.length < rating.length))
  const result = compareModelWithReaders({
    outcome: cases.map((c) => c.first.outcome), readers: rating.map((r) => r.name), model: cases.map((c) => c.first.value), ratings: rating.map((_, j) => cases.map((c) => (c.all[j + 1] as Score).value)), groups,
    ...(new Set(patients).size === patients.length ? {} : { patient: patients }),
  })
  if (!result.ok) return []
  return result.value.groups.map((g) => ({
    group: g.group, readers: [...g.readers], n: cases.length, modelAuc: g.modelAuc, meanAuc: g.meanReaderAuc, difference: g.difference,
    fixed: { ci95: ends(g.fixedReaders.interval), p: g.fixedReaders.p, df: null, method: g.fixedReaders.method },
    random: g.randomReaders.ok ? { ci95: ends(g.randomReaders.value.interval), p: g.randomReaders.value.p, df: finite(g.randomReaders.value.df), method: g.randomReaders.value.method } : null,
    reason: g.randomReaders.ok ? '' : g.randomReaders.error.message,
  })).filter((g) => Number.isFinite(g.fixed.p))
}

/** Sensitivity at the reader's own specificity: the only comparison there is for a reader with calls alone. */
export function matchedTests({ model, readers, cohort, rows }: CohortScope): Tests['matched'] {
  if (model === null || rows === 'fitting') return []
  return withHolm(readers.flatMap((reader): Tests['matched'] => {
    const cases = commonCases([model, reader], cohort).filter((c) => c.all[1]?.call !== null)
    const result = compareAtMatchedSpecificity(cohort, cases.map((c) => c.first.outcome), cases.map((c) => c.first.value), cases.map((c) => (c.all[1]?.call === true ? 1 : 0)))
    if (!result.ok) return []
    const { reader: own, model: other, threshold, sensitivityDifference, sensitivityTest } = result.value
    const share = (value: number | null): number => value ?? 0
    return [{
      reader: reader.name, callsOnly: reader.callsOnly, n: cases.length, threshold: Number.isFinite(threshold.value) ? threshold.value : 1, readerSpecificity: share(own.specificity.estimate), modelSpecificity: share(other.specificity.estimate),
      readerSensitivity: share(own.sensitivity.estimate), modelSensitivity: share(other.sensitivity.estimate), difference: sensitivityDifference, p: sensitivityTest.pExact, pHolm: null,
    }]
  }))
}

export function cohortTests(scope: CohortScope): Tests {
  const notes: string[] = scope.rows === 'fitting' ? [withheldOnFittingRows] : []
  if (scope.model === null) notes.push('No model has scored this cohort: only readers are compared with one another.')
  else if (scope.model.threshold === null) notes.push('McNemar needs the carried threshold of a frozen combined model; there is none yet, so calls are compared at matched specificity only.')
  return { delong: delongPairs(scope), calls: callTests(scope), groups: groupTests(scope), matched: matchedTests(scope), notes }
}
