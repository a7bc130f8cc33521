import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import {
  binaryMetrics, chooseThreshold, chooseThresholdBySpecificity, clopperPearsonInterval, confusion, confusionOfCalls, declareThreshold, f1Interval, likelihoodRatios,
  matthews, mcNemar, metricsAtThreshold, proportion, wilsonInterval,
} from '#shared/statistics/classification/index.ts'
import { binomialCdf, binomialSf } from '#shared/statistics/distributions/index.ts'
import { scoredCases } from './arbitraries.ts'

const share = fc.integer({ min: 1, max: 400 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))

describe('intervals of a share', () => {
  it('hold the share, lie in [0, 1], mirror with the complement, and narrow with a lower level', () => {
    fc.assert(fc.property(share, ([x, n]) => {
      for (const interval of [wilsonInterval, clopperPearsonInterval]) {
        const i = interval(x, n), other = interval(n - x, n), narrow = interval(x, n, 0.5)
        expect(i.lower).toBeGreaterThanOrEqual(0)
        expect(i.upper).toBeLessThanOrEqual(1)
        expect(i.lower).toBeLessThanOrEqual(x / n)
        expect(i.upper).toBeGreaterThanOrEqual(x / n)
        expect(i.lower).toBeCloseTo(1 - other.upper, 11)
        expect(narrow.upper - narrow.lower).toBeLessThan(i.upper - i.lower)
      }
    }))
  })

  it('Clopper-Pearson ends are where the binomial tails are 2.5 %', () => {
    fc.assert(fc.property(share, ([x, n]) => {
      const i = clopperPearsonInterval(x, n)
      if (x > 0) expect(binomialSf(x - 1, n, i.lower)).toBeCloseTo(0.025, 9)
      if (x < n) expect(binomialCdf(x, n, i.upper)).toBeCloseTo(0.025, 9)
    }))
  })

  it('of nothing are null', () => {
    expect(proportion(0, 0)).toEqual({ estimate: null, count: 0, of: 0, wilson: null, clopperPearson: null })
  })

  it('carry their level and method', () => {
    expect(wilsonInterval(3, 10, 0.9)).toMatchObject({ level: 0.9, method: 'Wilson score' })
  })
})

describe('metrics', () => {
  it('undefined figures are null, never NaN', () => {
    fc.assert(fc.property(fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 3 }))), ([a, b, c, d]) => {
      const text = JSON.stringify(binaryMetrics({ truePositives: a!, falsePositives: b!, falseNegatives: c!, trueNegatives: d! }), (_, v: unknown) => (typeof v === 'number' && Number.isNaN(v) ? 'NaN' : v))
      expect(text).not.toContain('NaN')
    }))
  })

  it('count calls at or above the threshold', () => {
    const c = unwrap(confusion([1, 1, 0, 0], [0.5, 0.4, 0.5, 0.1], 0.5))
    expect(c).toEqual({ truePositives: 1, falsePositives: 1, falseNegatives: 1, trueNegatives: 1 })
    expect(matthews(c)).toBe(0)
    for (const [r, code] of [[confusion([], [], 0), 'too_few'], [confusion([1], [1, 2], 0), 'length_mismatch'], [confusion([1], [NaN], 0), 'missing_values'],
      [confusion([3], [1], 0), 'bad_labels'], [confusion([1], [1], NaN), 'not_finite'], [confusionOfCalls([1], [0.5]), 'bad_labels']] as const) {
      expect(!r.ok && r.error.code).toBe(code)
    }
  })

  it('likelihood ratios are inverse when both classes are renamed, with intervals that hold them', () => {
    const r = likelihoodRatios({ truePositives: 30, falsePositives: 8, falseNegatives: 10, trueNegatives: 52 })
    expect(r.positive.estimate).toBeCloseTo(0.75 / (8 / 60), 12)
    // By hand: exp(ln 5.625 -+ 1.959964 sqrt(1/30 - 1/40 + 1/8 - 1/60)).
    expect(r.positive.interval!.lower).toBeCloseTo(5.625 * Math.exp(-1.959963984540054 * Math.sqrt(1 / 30 - 1 / 40 + 1 / 8 - 1 / 60)), 12)
    expect(r.positive.interval!.lower).toBeLessThan(r.positive.estimate!)
    expect(likelihoodRatios({ truePositives: 3, falsePositives: 0, falseNegatives: 1, trueNegatives: 4 }).positive).toEqual({ estimate: Infinity, interval: null })
    expect(likelihoodRatios({ truePositives: 0, falsePositives: 0, falseNegatives: 1, trueNegatives: 4 }).positive).toEqual({ estimate: null, interval: null })
  })
})

describe('thresholds', () => {
  const training = { cohort: 'training', outcome: [0, 0, 0, 1, 1, 1], score: [0.1, 0.3, 0.6, 0.4, 0.7, 0.9] }
  const test = { cohort: 'test', outcome: [0, 1, 1], score: [0.5, 0.35, 0.8] }

  it('carry the cohort they were chosen on, and say when they are used on it', () => {
    const t = unwrap(chooseThreshold(training))
    expect(t).toMatchObject({ value: 0.4, chosenOn: 'training', chosenOnCases: 6 })
    expect(t.ties).toEqual([0.4, 0.7])
    const carried = unwrap(metricsAtThreshold(t, test))
    expect([carried.apparent, carried.metrics.truePositives, carried.metrics.falsePositives]).toEqual([false, 1, 1])
    expect(unwrap(metricsAtThreshold(t, training)).apparent).toBe(true)
    expect(unwrap(declareThreshold(0.5))).toMatchObject({ value: 0.5, chosenOn: null })
    expect(declareThreshold(NaN).ok).toBe(false)
  })

  it('of a wanted specificity reach it with the highest sensitivity', () => {
    fc.assert(fc.property(scoredCases(), fc.double({ min: 0, max: 1, noNaN: true }), ({ outcome, scores: [score] }, wanted) => {
      const cohort = { cohort: 'c', outcome, score: score! }
      const chosen = chooseThresholdBySpecificity(cohort, wanted)
      const specificity = (threshold: number): number => {
        const c = unwrap(confusion(outcome, score!, threshold))
        return c.trueNegatives / (c.trueNegatives + c.falsePositives)
      }
      if (!chosen.ok) {
        expect(chosen.error.code).toBe('undefined')
        expect(specificity(Infinity)).toBeLessThan(wanted)
        return
      }
      const { value } = chosen.value
      expect(specificity(value)).toBeGreaterThanOrEqual(wanted)
      for (const other of score!) if (other < value) expect(specificity(other)).toBeLessThan(wanted)
    }))
  })

  it('F1 has a seeded bootstrap interval around it', () => {
    const outcome = Array.from({ length: 80 }, (_, i) => i % 2), score = outcome.map((y, i) => y + ((i * 37) % 23) / 12)
    const t = unwrap(declareThreshold(1))
    const a = unwrap(f1Interval(t, { cohort: 'c', outcome, score }, { seed: 7, resamples: 400 })), b = unwrap(f1Interval(t, { cohort: 'c', outcome, score }, { seed: 7, resamples: 400 }))
    expect(a.estimate).toBe(binaryMetrics(unwrap(confusion(outcome, score, 1))).f1)
    expect(a.percentile).toEqual(b.percentile)
    expect(a.bca!.lower).toBeLessThan(a.estimate)
    expect(a.bca!.upper).toBeGreaterThan(a.estimate)
  })
})

describe('McNemar', () => {
  it('looks at discordant pairs only', () => {
    const first = [1, 1, 1, 1, 1, 0, 0], second = [0, 0, 0, 0, 1, 1, 0]
    const t = unwrap(mcNemar(first, second))
    expect([t.firstOnly, t.secondOnly, t.pairs]).toEqual([4, 1, 7])
    expect(t.chiSquare).toBeCloseTo(9 / 5, 14)
    expect(t.chiSquareCorrected).toBeCloseTo(4 / 5, 14)
    expect(t.pExact).toBeCloseTo(0.375, 14)
  })
  it('without discordant pairs has no statistic and an exact p of 1', () => {
    expect(unwrap(mcNemar([1, 0], [1, 0]))).toMatchObject({ chiSquare: null, p: null, pCorrected: null, pExact: 1 })
    expect(mcNemar([1], []).ok).toBe(false)
  })
})
