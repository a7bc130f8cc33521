import { expect, test } from 'vitest'
import { cohenKappa, crossTable } from '#shared/statistics/agreement/index.ts'
import { kappaInterval } from '#shared/figures/index.ts'

test('an interval of kappa that goes beyond 1 is computed as it is and shown cut', () => {
  const a = [...Array<boolean>(9).fill(true), false, false, true], b = [...Array<boolean>(9).fill(true), false, false, false]
  const table = crossTable<boolean>(a, b, [true, false])
  const kappa = table.ok ? cohenKappa(table.value, 'unweighted') : null
  const interval = kappa?.ok === true ? kappa.value.interval : null
  expect(interval?.upper).toBeGreaterThan(1)
  expect(kappaInterval([interval?.lower ?? NaN, interval?.upper ?? NaN])).toEqual([interval?.lower, 1])
})
test('within -1 and 1 nothing is cut, and no interval stays none', () => {
  expect(kappaInterval([0.2, 0.9])).toEqual([0.2, 0.9])
  expect(kappaInterval([-1.4, -0.2])).toEqual([-1, -0.2])
  expect(kappaInterval(null)).toBeNull()
})
