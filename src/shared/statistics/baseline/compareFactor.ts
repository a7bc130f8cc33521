import { assertNever } from '#shared/lib/index.ts'
import { fisher2x2, fisherExact, pearsonChiSquare, yatesChiSquare, type ChiSquareTest } from '../tests/index.ts'
import { compared, notCompared, type ComparisonOutcome } from './comparison.ts'
import type { FactorVariable } from './variable.ts'

/**
 * Compares a categorical variable between groups by its declared test, levels without a row left out.
 * By default Cochran's rule (Biometrics 1954;10:417-51): chi-square when no expected count is below 5 in a 2 x 2 table, or none below 1 and
 * at most a fifth below 5 in a larger one; Fisher's exact test otherwise.
 * @param counts levels x groups
 */
export function compareFactor(variable: FactorVariable, counts: readonly (readonly number[])[]): ComparisonOutcome {
  const used = counts.filter((row) => row.some((c) => c > 0))
  if (used.length < 2) return notCompared('Only one level occurs.')
  const pearson = pearsonChiSquare(used)
  if (!pearson.ok) return notCompared(pearson.error.message)
  const { test } = variable
  switch (test) {
    case 'pearson': return chiSquare(pearson.value, 'As declared.')
    case 'yates': {
      const yates = yatesChiSquare(used)
      return yates.ok ? chiSquare(yates.value, used.length === 2 && used[0]!.length === 2 ? 'As declared.' : 'The correction is for 2 x 2 tables only.') : notCompared(yates.error.message)
    }
    case 'fisher': return fisher(used, pearson.value, 'As declared.')
    case undefined: return approximationHolds(pearson.value, used)
      ? chiSquare(pearson.value, `Least expected count ${pearson.value.minExpected.toFixed(1)}.`)
      : fisher(used, pearson.value, `Expected counts are small (least ${pearson.value.minExpected.toFixed(1)}).`)
    default: return assertNever(test)
  }
}

function approximationHolds({ minExpected, expectedBelow5 }: ChiSquareTest, counts: readonly (readonly number[])[]): boolean {
  const cells = counts.length * counts[0]!.length
  return cells === 4 ? expectedBelow5 === 0 : minExpected >= 1 && expectedBelow5 <= cells / 5
}

function chiSquare({ method, statistic, df, p }: ChiSquareTest, note: string): ComparisonOutcome {
  return compared({ test: method, statistic: { name: 'chi-square', value: statistic }, df: [df], p, note })
}

function fisher(counts: readonly (readonly number[])[], pearson: ChiSquareTest, note: string): ComparisonOutcome {
  const exact = counts.length === 2 && counts[0]!.length === 2 ? fisher2x2(counts) : fisherExact(counts)
  if (exact.ok) return compared({ test: exact.value.method, statistic: null, df: [], p: exact.value.p, note })
  if (exact.error.code === 'too_large') return chiSquare(pearson, `${note} ${exact.error.message}`)
  return notCompared(exact.error.message)
}
