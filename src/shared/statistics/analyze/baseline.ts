import { ok } from '#shared/lib/index.ts'
import { mean, median, quantile, standardDeviation, tieSizes } from '../core/index.ts'
import {
  fisher2x2, fisherExact, likelihoodRatioChiSquare, mannWhitney, mannWhitneyExact, pearsonChiSquare, shapiroWilk, standardisedMeanDifference,
  studentT, welchT, yatesChiSquare,
} from '../tests/index.ts'
import type { AnalysisAdapter, Output, OutputObject } from './adapter.ts'
import { AnalysisFailure, orNull, recordList, textField, valueList } from './request.ts'
import { levelText, numbers, texts, type Table } from './table.ts'

/** Sizes up to which the format asks for an exact rank-sum p value, without ties and with them. */
const exactUpTo = { withoutTies: 200, permutation: 60 }

/** Work for one table that a batch may wait for: half a minute. */
const batchFisherSteps = 4e8

/**
 * `baseline`: each of `variables` compared between the first two `group_levels`, missing values left out per variable. The format's `n_missing`
 * counts every row that is not used: without a value, without a group, or of a group that is not in `group_levels`.
 */
export const baselineAdapter: AnalysisAdapter = ({ spec, table }) => {
  const data = table(), group = textField(spec, 'group'), levels = valueList(spec, 'group_levels').map(levelText)
  const of = texts(data, group)
  const variables = recordList(spec, 'variables').map((v): [string, Output] => {
    const name = typeof v.name === 'string' ? v.name : ''
    return [name, v.type === 'numeric' ? numericVariable(data, name, of, levels) : factorVariable(data, name, of, levels, factorLevels(v))]
  })
  return ok({ group, group_levels: levels, variables: Object.fromEntries(variables) })
}

function factorLevels(variable: Readonly<Record<string, unknown>>): string[] {
  if (!Array.isArray(variable.levels)) throw new AnalysisFailure('bad_task', `The factor "${String(variable.name)}" needs its "levels".`)
  return variable.levels.map(levelText)
}

function numericVariable(table: Table, name: string, group: readonly (string | null)[], levels: readonly string[]): Output {
  const values = numbers(table, name)
  const complete = values.reduce((n, x, i) => n + (Number.isNaN(x) || !levels.includes(group[i] ?? '') ? 0 : 1), 0)
  const inLevel = (level: string | undefined): Float64Array => values.filter((x, i) => !Number.isNaN(x) && level !== undefined && group[i] === level)
  const [x, y] = [inLevel(levels[0]), inLevel(levels[1])]
  const welch = orNull(welchT(x, y)), student = orNull(studentT(x, y))
  return {
    type: 'numeric',
    n_missing: table.rows - complete,
    by_group: Object.fromEntries([[levels[0] ?? '', describe(x)], [levels[1] ?? '', describe(y)]]),
    mann_whitney: rankSum(x, y),
    welch_t: welch && { t: welch.t, df: welch.df, p: welch.p, ci95: [welch.interval.lower, welch.interval.upper] },
    student_t: student && { t: student.t, df: student.df, p: student.p },
    smd: standardisedMeanDifference(x, y),
  }
}

function describe(x: Float64Array): Output {
  const normality = orNull(shapiroWilk(x))
  return {
    n: x.length, mean: mean(x), sd: standardDeviation(x), median: median(x), q1_type7: quantile(x, 0.25), q3_type7: quantile(x, 0.75),
    min: Math.min(...x), max: Math.max(...x), shapiro_W: normality && normality.w, shapiro_p: normality && normality.p,
  }
}

function rankSum(x: Float64Array, y: Float64Array): OutputObject {
  const test = orNull(mannWhitney(x, y)), n = x.length + y.length
  const ties = tieSizes(Float64Array.of(...x, ...y)).length < n
  const exact = n <= exactUpTo.permutation || (!ties && n <= exactUpTo.withoutTies) ? orNull(mannWhitneyExact(x, y)) : null
  return {
    W: test && test.u, U_second: test && test.uSecond, ties,
    p_normal_cc: test?.normalCorrected?.p ?? null, p_normal_nocc: test?.normal?.p ?? null,
    p_exact_no_ties: exact && !ties ? exact.p : null,
    ...(n > exactUpTo.permutation || meanIsExact(x.length, n) ? { p_exact_permutation: exact && n <= exactUpTo.permutation ? exact.p : null } : {}),
    p_exact: exact && exact.p, exact_method: exact && exact.method,
  }
}

/**
 * exactRankTests forms the mean rank sum as m / n * sum of ranks. Where that rounds, its comparison of both tails with the observed distance loses
 * one of them (p too small by an atom), so the field of its name is left out there; `p_exact` always holds the right value.
 */
function meanIsExact(m: number, n: number): boolean {
  return (m / n) * ((n * (n + 1)) / 2) === (m * (n + 1)) / 2
}

function factorVariable(table: Table, name: string, group: readonly (string | null)[], levels: readonly string[], categories: readonly string[]): Output {
  const values = texts(table, name)
  const complete = values.reduce((n, x, i) => n + (x === null || !levels.includes(group[i] ?? '') ? 0 : 1), 0)
  const counts = categories.map((c) => levels.map((l) => values.reduce((n, x, i) => n + (x === c && group[i] === l ? 1 : 0), 0)))
  const columnSums = levels.map((_, j) => counts.reduce((s, row) => s + row[j]!, 0))
  const used = counts.filter((row) => row.some((c) => c > 0))
  return {
    type: 'factor',
    n_missing: table.rows - complete,
    levels: categories, counts,
    dropped_empty_levels: categories.filter((_, i) => counts[i]!.every((c) => c === 0)),
    column_percent: counts.map((row) => row.map((c, j) => (c / columnSums[j]!) * 100)),
    ...(used.length >= 2 && columnSums.every((s) => s > 0) ? independence(used) : {}),
  }
}

function independence(counts: readonly (readonly number[])[]): OutputObject {
  const pearson = orNull(pearsonChiSquare(counts)), likelihood = orNull(likelihoodRatioChiSquare(counts))
  const square = counts.length === 2 && counts[0]!.length === 2
  const two = square ? orNull(fisher2x2(counts)) : null
  const yates = counts.length === 2 ? orNull(yatesChiSquare(counts)) : null
  return {
    pearson: pearson && { chisq: pearson.statistic, df: pearson.df, p: pearson.p, min_expected: pearson.minExpected, n_expected_lt5: pearson.expectedBelow5 },
    ...(yates ? { pearson_yates: { chisq: yates.statistic, p: yates.p } } : {}),
    fisher_p: two ? two.p : orNull(fisherExact(counts, batchFisherSteps))?.p ?? null,
    // Not under the format's name for it: R's fisher.test stops its root search at 1e-4, ours is exact, so the digits differ from the fifth on.
    ...(two ? { fisher_or_exact: { or: two.oddsRatio, ci95: [two.interval.lower, two.interval.upper] } } : {}),
    likelihood_ratio: likelihood && { g2: likelihood.statistic, df: likelihood.df, p: likelihood.p },
  }
}
