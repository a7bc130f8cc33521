import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as distributions from '#shared/statistics/distributions/index.ts'
import {
  betaCdf, betaQuantile, chiSquareCdf, chiSquareQuantile, fCdf, fQuantile, fSf, incompleteBeta, logChoose, noncentralFSf, normalCdf, normalQuantile, normalSf,
  studentTCdf, studentTQuantile, studentTTwoSided,
} from '#shared/statistics/distributions/index.ts'

/** 17 digits of 40-digit arithmetic (mpmath 1.3), where R itself is off or where the tails are far. */
const exact: readonly [name: string, args: readonly number[], value: number][] = [
  ['logGamma', [0.9999999], 5.7721574684441928e-8],
  ['logGamma', [1.0000001], -5.7721558299185071e-8],
  ['logGamma', [1.999999], -4.2278401259658537e-7],
  ['logGamma', [2.000001], 4.2278465762452924e-7],
  ['logGamma', [1e-300], 690.77552789821371],
  ['logGamma', [1e300], 6.8977552789821374e302],
  ['noncentralFSf', [8, 3, 100, 0.5], 0.00025150925077954089],
  ['noncentralFSf', [2, 1, 12.5, 60], 0.99999999946920399],
  ['noncentralFSf', [8, 3, 12.5, 12], 0.22210017242854145],
  ['noncentralFSf', [4, 1, 4, 3], 0.45722791194556277],
  ['noncentralFSf', [10, 2, 30, 200], 0.99999999999999994],
  ['studentTTwoSided', [2, 1e6], 0.045500533851319208],
  ['studentTTwoSided', [5, 1e10], 5.7330315342206473e-7],
  ['studentTTwoSided', [40, 3], 3.4380680789158528e-5],
  ['studentTTwoSided', [1e-8, 7], 0.9999999923001701],
  ['betaCdf', [0.25, 1234.5, 3700], 0.49071021504729006],
  ['betaCdf', [1e-200, 0.3, 0.4], 6.5204887274800271e-61],
  ['normalSf', [38], 2.8854283600687843e-316],
  ['normalSf', [20], 2.7536241186062337e-89],
  ['normalSf', [5.6568], 7.7110648569755536e-9],
  ['normalSf', [5.6569], 7.7065752450713863e-9],
  ['normalSf', [-3], 0.99865010196836991],
  ['normalSf', [1e-09], 0.49999999960105772],
  ['normalLogSf', [50], -1254.8313611394199],
  ['normalLogSf', [37.5], -707.66898931750719],
  ['chiSquareSf', [1400, 3], 2.9456193610163087e-303],
  ['chiSquareSf', [90, 100], 0.75319796559982973],
]

describe('distributions', () => {
  const functions = distributions as unknown as Record<string, (...args: number[]) => number>
  it.each(exact)('%s(%j) = %d', (name, args, value) => {
    expect(Math.abs(functions[name]!(...args) - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value))
  })

  const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })
  const df = fc.double({ min: 0.5, max: 5000, noNaN: true })
  const near = (a: number, b: number, relative = 1e-11) => expect(Math.abs(a - b)).toBeLessThanOrEqual(relative * Math.abs(b) + 1e-300)

  it('quantiles invert their distribution functions', () => {
    fc.assert(fc.property(probability, df, df, (p, a, b) => {
      near(normalCdf(normalQuantile(p)), p)
      near(chiSquareCdf(chiSquareQuantile(p, a), a), p)
      near(studentTCdf(studentTQuantile(p, a), a), p)
      near(fCdf(fQuantile(p, a, b), a, b), p)
      if (p < 0.99) near(betaCdf(betaQuantile(p, a, b), a, b), p, 1e-9)
    }), { numRuns: 300 })
  })

  it('both tails of the beta integral add up to 1 and mirror each other', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), df, df, (x, a, b) => {
      const t = incompleteBeta(a, b, x), mirror = incompleteBeta(b, a, 1 - x, x)
      expect(t.lower + t.upper).toBeCloseTo(1, 14)
      near(t.lower, mirror.upper, 1e-9)
    }))
  })

  it('a noncentral F without noncentrality is central, and power grows with it', () => {
    near(noncentralFSf(3, 2, 20, 0), fSf(3, 2, 20))
    near(noncentralFSf(3, 2, 20, 1e-9), fSf(3, 2, 20), 1e-8)
    expect(noncentralFSf(3, 2, 20, 5)).toBeGreaterThan(noncentralFSf(3, 2, 20, 4))
  })

  it('infinite degrees of freedom are the normal and the chi-square', () => {
    near(studentTTwoSided(1.5, Infinity), 2 * normalSf(1.5))
    near(studentTQuantile(0.975, Infinity), 1.959963984540054)
    near(fSf(3, 2, Infinity), Math.exp(-3))
    near(fQuantile(0.95, 1, Infinity), 1.959963984540054 ** 2)
  })

  it('says NaN outside a domain and the end of the support at 0 and 1', () => {
    for (const v of [normalQuantile(1.1), chiSquareQuantile(-0.1, 2), studentTQuantile(0.5, -1), fQuantile(0.5, 0, 1), betaQuantile(0.5, -1, 1), normalCdf(NaN), fSf(NaN, 1, 2)]) {
      expect(v).toBeNaN()
    }
    expect([normalQuantile(0), chiSquareQuantile(0, 3), fQuantile(1, 2, 3), betaQuantile(1, 2, 3), studentTQuantile(1, 4)]).toEqual([-Infinity, 0, Infinity, 1, Infinity])
    expect([studentTCdf(Infinity, 3), studentTCdf(-Infinity, 3), chiSquareCdf(Infinity, 2), fSf(Infinity, 1, 1)]).toEqual([1, 0, 1, 0])
    expect([logChoose(5, 6), logChoose(5, 0)]).toEqual([-Infinity, 0])
  })
})
