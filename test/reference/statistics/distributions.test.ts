import { describe, expect, it } from 'vitest'
import * as distributions from '#shared/statistics/distributions/index.ts'
import fixture from '../fixtures/distributions.json' with { type: 'json' }

type Number17 = number | string | null
const number = (v: Number17): number => (v === 'Inf' ? Infinity : v === '-Inf' ? -Infinity : v === null ? NaN : Number(v))

/**
 * Relative error allowed, where it is not 1e-12: there R is the less exact side. R sums the noncentral F with an error of 1e-9 and inverts F through
 * a beta quantile near 1; what is right in these places is held by the 30-digit values of test/unit/statistics/distributions.test.ts.
 */
const looser: Record<string, number> = { noncentralFSf: 2e-6, fQuantile: 5e-12 }

describe('distributions against R (test/reference/r/distributions.R)', () => {
  const functions = distributions as unknown as Record<string, (...args: number[]) => number>
  it.each(fixture.cases.map((c) => [c.f, c] as const))('%s', (name, c) => {
    const f = functions[name]!
    const wrong: string[] = []
    let worst = 0
    c.args.forEach((args, i) => {
      const expected = number(c.values[i] as Number17)
      const actual = f(...(args as number[]))
      const error = actual === expected ? 0 : Math.abs(actual - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE * 2 ** 52)
      worst = Math.max(worst, error)
      if (!(error <= (looser[name] ?? 1e-12))) wrong.push(`${name}(${args.join(', ')}) = ${actual}, R ${expected}, relative error ${error.toExponential(2)}`)
    })
    expect(wrong, `worst ${worst}`).toEqual([])
  })
})
