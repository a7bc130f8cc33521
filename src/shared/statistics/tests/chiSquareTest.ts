import { ok } from '#shared/lib/index.ts'
import { sumOf, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf } from '../distributions/index.ts'
import { contingencyTable, type ContingencyTable } from './contingencyTable.ts'

/** A chi-square test of independence, named in full, with what decides whether its approximation holds. */
export interface ChiSquareTest {
  readonly method: 'Pearson chi-square' | 'Pearson chi-square with Yates correction' | 'likelihood-ratio chi-square'
  readonly statistic: number
  readonly df: number
  readonly p: number
  readonly minExpected: number
  /** Cells with an expected count below 5 (Cochran's rule asks for none in a 2 x 2 table, at most a fifth in larger ones). */
  readonly expectedBelow5: number
}

/**
 * Pearson's chi-square without continuity correction. Source: Pearson, Phil Mag 1900;50:157-75.
 * Errors as `contingencyTable`. O(cells).
 */
export function pearsonChiSquare(counts: readonly (readonly number[])[]): StatisticsResult<ChiSquareTest> {
  return test(counts, 'Pearson chi-square', (table) => sumCells(table, (o, e) => (o - e) ** 2 / e))
}

/**
 * Pearson's chi-square of a 2 x 2 table with Yates' correction, |O - E| - min(0.5, least |O - E|). Source: Yates, Suppl JRSS 1934;1:217-35.
 * A larger table gets no correction and is named so. Errors as `contingencyTable`.
 */
export function yatesChiSquare(counts: readonly (readonly number[])[]): StatisticsResult<ChiSquareTest> {
  if (counts.length !== 2 || counts[0]?.length !== 2) return pearsonChiSquare(counts)
  return test(counts, 'Pearson chi-square with Yates correction', (table) => {
    const gaps = table.counts.flatMap((row, i) => row.map((o, j) => Math.abs(o - table.expected[i]![j]!)))
    const shift = Math.min(0.5, ...gaps)
    return sumCells(table, (o, e) => (Math.abs(o - e) - shift) ** 2 / e)
  })
}

/** Likelihood-ratio chi-square G^2 = 2 sum O log(O / E). Source: Wilks, Ann Math Stat 1935;6:190-6. Errors as `contingencyTable`. */
export function likelihoodRatioChiSquare(counts: readonly (readonly number[])[]): StatisticsResult<ChiSquareTest> {
  return test(counts, 'likelihood-ratio chi-square', (table) => 2 * sumCells(table, (o, e) => (o > 0 ? o * Math.log(o / e) : 0)))
}

function test(counts: readonly (readonly number[])[], method: ChiSquareTest['method'], statisticOf: (table: ContingencyTable) => number): StatisticsResult<ChiSquareTest> {
  const table = contingencyTable(counts)
  if (!table.ok) return table
  const { rowSums, columnSums, expected } = table.value
  const statistic = statisticOf(table.value), df = (rowSums.length - 1) * (columnSums.length - 1)
  const flat = expected.flat()
  return ok({ method, statistic, df, p: chiSquareSf(Math.max(0, statistic), df), minExpected: Math.min(...flat), expectedBelow5: flat.filter((e) => e < 5).length })
}

function sumCells({ counts, expected }: ContingencyTable, f: (observed: number, expected: number) => number): number {
  const width = counts[0]!.length
  return sumOf(counts.length * width, (at) => {
    const i = Math.floor(at / width), j = at % width
    return f(counts[i]![j]!, expected[i]![j]!)
  })
}
