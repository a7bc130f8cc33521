import { describe, expect, it } from 'vitest'
import { createRandom } from '#shared/lib/index.ts'
import { fromRows } from '#shared/statistics/core/index.ts'
import { firthFit } from '#shared/statistics/regression/firthFit.ts'

describe("Firth's fit with a level of one row", () => {
  // Full scoring steps cycle about the maximum in such designs.
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('settles (seed %i)', (seed) => {
    const random = createRandom(seed)
    const rows = Array.from({ length: 21 }, (_, i) => [1, 55 + 12 * random.normal(), i === 20 ? 1 : 0, random.int(2)])
    const y = rows.map((_, i) => (i === 20 ? seed % 2 : random.next() < 0.25 ? 1 : 0))
    if (new Set(y).size < 2) y[0] = 1 - y[0]!
    const fit = firthFit(fromRows(rows), y)
    expect(fit.converged).toBe(true)
    expect(fit.iterations).toBeLessThan(500)
  })
})
