import { ok } from '#shared/lib/index.ts'
import { at, defaultLevel, toRows, type Interval } from '../core/index.ts'
import { normalQuantile, normalTwoSided } from '../distributions/index.ts'
import { obuchowskiRockette, readerAucs, type OrAnalysis, type ReaderAucs, type ReaderStudy, type TestEstimate } from '../mrmc/index.ts'
import type { AnalysisAdapter, OutputObject } from './adapter.ts'
import { AnalysisFailure, flag, need, valueList } from './request.ts'
import { differenceVariance, pairs } from './roc.ts'
import { levelText, numbers, texts, type Table } from './table.ts'

/** `mrmc`: a long table of test, reader, case, truth and rating, fully crossed. */
export const mrmc: AnalysisAdapter = ({ spec, table }) => {
  const tests = valueList(spec, 'tests').map(levelText), readers = valueList(spec, 'readers').map(levelText)
  const study = readStudy(table(), tests, readers)
  const data = need(readerAucs(study))
  return ok({
    n_cases: study.outcome.length, n_pos: data.positives, n_neg: data.negatives, n_readers: readers.length, n_tests: tests.length,
    auc: tests.flatMap((test, i) => readers.map((reader, j) => readingOutput(data, test, reader, i * readers.length + j))),
    delong: orOutput(data), covariance_delong: toRows(data.covariance),
    ...(flag(spec, 'jackknife') ? { jackknife: orOutput(need(readerAucs(study, 'jackknife'))) } : {}),
    per_reader: readers.flatMap((reader, j) => pairs(tests.map((test, i) => ({ test, place: i * readers.length + j }))).map(([a, b]) => {
      const difference = data.aucs[a.place]! - data.aucs[b.place]!, se = Math.sqrt(differenceVariance(data.covariance, a.place, b.place))
      return { reader, a: a.test, b: b.test, diff: difference, se_delong: se, z: difference / se, p: normalTwoSided(difference / se) }
    })),
  })
}

/** Turns the long table into columns of ratings, cases in the order of their first appearance. */
function readStudy(table: Table, tests: readonly string[], readers: readonly string[]): ReaderStudy {
  const test = texts(table, 'test'), reader = texts(table, 'reader'), cases = texts(table, 'case')
  const truth = numbers(table, 'truth'), rating = numbers(table, 'rating')
  const place = new Map<string, number>()
  const outcome: number[] = []
  for (const [i, name] of cases.entries()) {
    if (name === null || place.has(name)) continue
    place.set(name, place.size)
    outcome.push(truth[i]!)
  }
  const ratings = tests.map(() => readers.map(() => new Float64Array(outcome.length).fill(NaN)))
  for (let i = 0; i < table.rows; i++) {
    const column = ratings[tests.indexOf(test[i] ?? '')]?.[readers.indexOf(reader[i] ?? '')]
    const row = place.get(cases[i] ?? '')
    if (!column || row === undefined) continue
    if (truth[i] !== outcome[row]) throw new AnalysisFailure('bad_labels', `The case ${cases[i]} has two different truths.`, cases[i] ?? '')
    if (!Number.isNaN(column[row]!)) {
      throw new AnalysisFailure('not_crossed', `${reader[i]} rated the case ${cases[i]} twice in the condition "${test[i]}".`, reader[i] ?? '')
    }
    column[row] = rating[i]!
  }
  return { tests, readers, outcome, ratings }
}

function readingOutput(data: ReaderAucs, test: string, reader: string, k: number): OutputObject {
  const auc = data.aucs[k]!, se = Math.sqrt(at(data.covariance, k, k)), half = normalQuantile(1 - (1 - defaultLevel) / 2) * se
  return { test, reader, auc, se, lo: Math.max(0, auc - half), hi: Math.min(1, auc + half) }
}

/** Obuchowski-Rockette's three analyses in the fields of the result format. */
function orOutput(data: ReaderAucs): OutputObject {
  const or = need(obuchowskiRockette(data))
  const c = or.components, fixed = or.fixedReadersRandomCases
  return {
    var_comps: { reader: c.reader, test_reader: c.testReader, error: c.error, cov1: c.cov1, cov2: c.cov2, cov3: c.cov3 },
    ms: { T: c.msTest, R: c.msReader, TR: c.msTestReader },
    RRRC: fOutput(or.randomReadersRandomCases),
    FRRC: {
      chisq: fixed.statistic, df: fixed.df1, p: fixed.p, denominator: fixed.denominator,
      chisq_with_max0: or.fixedReadersTruncated.chiSquare, p_with_max0: or.fixedReadersTruncated.p, ...partsOutput(fixed),
    },
    RRFC: fOutput(or.randomReadersFixedCases),
  }
}

function fOutput(a: OrAnalysis): OutputObject {
  return { F: a.statistic, df1: a.df1, df2: a.df2, p: a.p, denominator: a.denominator, ...partsOutput(a) }
}

function partsOutput(a: OrAnalysis): OutputObject {
  const bounds = ({ lower, upper }: Interval): OutputObject => ({ lo: lower, hi: upper })
  return {
    diffs: a.differences.map((d) => ({ a: d.a, b: d.b, diff: d.difference, se: d.standardError, df: d.df, ...bounds(d.interval), t: d.t, p: d.p })),
    tests: a.tests.map((t: TestEstimate) => ({
      test: t.test, estimate: t.estimate, ms_r: t.msReader, var: t.variance, cov2: t.cov2, se: t.standardError, df: t.df, ...bounds(t.interval),
    })),
  }
}
