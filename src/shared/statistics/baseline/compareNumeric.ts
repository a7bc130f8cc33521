import type { StatisticsResult } from '../core/index.ts'
import { kruskalWallis, mannWhitney, mannWhitneyExact, studentT, welchAnova, welchT, type TTest } from '../tests/index.ts'
import { compared, notCompared, type Comparison, type ComparisonOutcome } from './comparison.ts'
import type { NumericVariable } from './variable.ts'

/** Group size below which an exact rank test without ties is used (R's rule), and pooled size up to which ties are permuted. */
const exactBelow = 50, permuteUpTo = 60

/** Compares a numeric variable between groups by its declared test. */
export function compareNumeric(variable: NumericVariable, groups: readonly Float64Array[]): ComparisonOutcome {
  const test = variable.test ?? (variable.summary === 'mean-sd' ? 'welch' : 'rank')
  const [first, second] = groups
  if (!first || !second) return notCompared('There is one group only.')
  if (groups.length > 2) return test === 'rank' ? several(groups) : severalMeans(groups, test)
  switch (test) {
    case 'welch': return means(welchT(first, second), 'Welch t')
    case 'student': return means(studentT(first, second), 'Student t, pooled variance')
    case 'rank': return rankTest(first, second)
  }
}

function means(result: StatisticsResult<TTest>, test: string): ComparisonOutcome {
  if (!result.ok) return notCompared(result.error.message)
  const { t, df, p } = result.value
  return compared({ test, statistic: { name: 't', value: t }, df: [df], p, note: 'Compares means.' })
}

function severalMeans(groups: readonly Float64Array[], asked: 'welch' | 'student'): ComparisonOutcome {
  const result = welchAnova(groups)
  if (!result.ok) return notCompared(result.error.message)
  const { f, df1, df2, p } = result.value
  const note = asked === 'student' ? 'More than two groups: unequal variances are allowed for.' : 'Compares means of more than two groups.'
  return compared({ test: 'Welch analysis of variance', statistic: { name: 'F', value: f }, df: [df1, df2], p, note })
}

function several(groups: readonly Float64Array[]): ComparisonOutcome {
  const result = kruskalWallis(groups)
  if (!result.ok) return notCompared(result.error.message)
  return compared({ test: 'Kruskal-Wallis', statistic: { name: 'H', value: result.value.h }, df: [result.value.df], p: result.value.p, note: 'Compares ranks of more than two groups.' })
}

function rankTest(first: Float64Array, second: Float64Array): ComparisonOutcome {
  const normal = mannWhitney(first, second)
  if (!normal.ok) return notCompared(normal.error.message)
  const { u, ties, normalCorrected } = normal.value
  const row = (test: string, p: number, note: string): ComparisonOutcome => {
    const comparison: Comparison = { test, statistic: { name: 'U', value: u }, df: [], p, note }
    return compared(comparison)
  }
  const small = ties ? first.length + second.length <= permuteUpTo : Math.max(first.length, second.length) < exactBelow
  const exact = small ? mannWhitneyExact(first, second) : null
  if (exact?.ok) {
    return ties
      ? row('Mann-Whitney, exact permutation', exact.value.p, `Ties, and at most ${permuteUpTo} values: the midranks are permuted.`)
      : row('Mann-Whitney, exact', exact.value.p, `No ties and fewer than ${exactBelow} values in each group.`)
  }
  if (!normalCorrected) return notCompared('All values are equal.')
  return row('Mann-Whitney, normal approximation with continuity correction', normalCorrected.p, ties ? 'The variance allows for ties.' : 'The groups are large.')
}
