import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { eigenSymmetric, toRows } from '#shared/statistics/core/index.ts'
import {
  adjustP, auc, clusteredCovariance, compareAucs, compareAucsOmnibus, compareAucsPaired, compareAucsUnpaired, deLong, deLongCovariance, estimateAuc, partialAuc,
  placements, prepareAuc, rocCurve, youden,
} from '#shared/statistics/roc/index.ts'
import { scoredCases } from './arbitraries.ts'

/** AUC by its definition: all pairs, ties half. */
function byPairs(outcome: readonly number[], score: readonly number[]): number {
  let s = 0, pairs = 0
  outcome.forEach((y, i) => outcome.forEach((w, j) => {
    if (y !== 1 || w !== 0) return
    pairs++
    s += score[i]! > score[j]! ? 1 : score[i] === score[j] ? 0.5 : 0
  }))
  return s / pairs
}

describe('AUC', () => {
  it('is the share of pairs in the right order', () => {
    fc.assert(fc.property(scoredCases(), ({ outcome, scores: [s] }) => {
      expect(unwrap(auc(outcome, s!))).toBeCloseTo(byPairs(outcome, s!), 14)
    }))
  })

  it('does not change under increasing transforms, and is 1 - AUC when labels are swapped or scores negated', () => {
    fc.assert(fc.property(scoredCases(), ({ outcome, scores: [s] }) => {
      const value = unwrap(auc(outcome, s!))
      // A table of ranks is increasing without the rounding that could make new ties.
      const sorted = [...new Set(s!)].sort((a, b) => a - b)
      expect(unwrap(auc(outcome, s!.map((v) => Math.exp(sorted.findIndex((x) => x === v)))))).toBe(value)
      expect(unwrap(auc(outcome.map((y) => 1 - y), s!))).toBeCloseTo(1 - value, 14)
      expect(unwrap(auc(outcome, s!.map((v) => -v)))).toBeCloseTo(1 - value, 14)
    }))
  })

  it('does not depend on the order of the cases, nor do variance and interval', () => {
    fc.assert(fc.property(scoredCases(), fc.integer(), ({ outcome, scores: [s] }, seed) => {
      const order = createRandom(seed).shuffle(outcome.map((_, i) => i))
      const a = unwrap(deLong(outcome, s!)), b = unwrap(deLong(order.map((i) => outcome[i]!), order.map((i) => s![i]!)))
      expect(b.auc).toBe(a.auc)
      expect(b.variance).toBeCloseTo(a.variance, 14)
      expect(b.interval.lower).toBeCloseTo(a.interval.lower, 12)
    }))
  })

  it('is the area under the curve it belongs to, and the whole partial area', () => {
    fc.assert(fc.property(scoredCases(), ({ outcome, scores: [s] }) => {
      const curve = unwrap(rocCurve(outcome, s!)), value = unwrap(auc(outcome, s!))
      expect(unwrap(partialAuc(curve, { focus: 'specificity', from: 1, to: 0 })).area).toBeCloseTo(value, 12)
      expect(unwrap(partialAuc(curve, { focus: 'sensitivity', from: 0, to: 1 })).area).toBeCloseTo(value, 12)
      const part = (from: number, to: number): number => unwrap(partialAuc(curve, { focus: 'specificity', from, to })).area
      expect(part(1, 0.37) + part(0.37, 0)).toBeCloseTo(value, 12)
    }))
  })

  it('takes infinities as scores and a million cases in no time', () => {
    expect(unwrap(auc([0, 0, 1, 1], [-Infinity, 3, 3, Infinity]))).toBe(0.875)
    const n = 1_000_000
    const outcome = Uint8Array.from({ length: n }, (_, i) => i % 2), score = Float64Array.from({ length: n }, (_, i) => (i * 7919) % n)
    const e = unwrap(deLong(outcome, score))
    expect(e.auc).toBeGreaterThan(0.49)
    expect(e.variance).toBeCloseTo(1 / 12 / (n / 2) * 2, 9)
  })

  it('of prepared samples is the AUC of those rows', () => {
    fc.assert(fc.property(scoredCases(), fc.integer(), ({ outcome, scores: [s] }, seed) => {
      const random = createRandom(seed)
      const rows = outcome.map(() => random.int(outcome.length))
      const direct = auc(rows.map((i) => outcome[i]!), rows.map((i) => s![i]!))
      const prepared = unwrap(prepareAuc(outcome, s!))(rows)
      if (direct.ok) expect(prepared).toBe(direct.value)
      else expect(prepared).toBeNaN()
    }))
  })
})

describe('degenerate input', () => {
  const code = (r: { ok: boolean; error?: { code: string } }): string | undefined => (r.ok ? undefined : r.error?.code)
  it('gives a typed error with a sentence', () => {
    expect(code(auc([], []))).toBe('too_few')
    expect(code(auc([1], [0.3]))).toBe('one_class')
    expect(code(auc([0, 0], [1, 2]))).toBe('one_class')
    expect(code(auc([0, 1], [1]))).toBe('length_mismatch')
    expect(code(auc([0, 2], [1, 2]))).toBe('bad_labels')
    expect(code(auc([0, 1, 1], [1, NaN, 2]))).toBe('missing_values')
    expect(code(auc([0, 1], [NaN, NaN]))).toBe('missing_values')
    expect(code(deLong([0, 1, 1], [1, 2, 3]))).toBe('too_few')
    expect(code(deLongCovariance([0, 1, 1], [[1, 2, 3]]))).toBe('too_few')
    const refused = auc([1, 1], [1, 2])
    expect(!refused.ok && refused.error.message).toBe('All 2 cases are positive: both classes are needed.')
  })

  it('a constant score has AUC 0.5, variance 0, an interval of width 0 called uninformative and no p', () => {
    const e = unwrap(deLong([0, 1, 0, 1], [2, 2, 2, 2]))
    expect([e.auc, e.variance, e.z, e.p, e.informative]).toEqual([0.5, 0, null, null, false])
    expect([e.interval.lower, e.interval.upper, e.interval.level]).toEqual([0.5, 0.5, 0.95])
  })

  it('perfect separation has AUC 1, no logit interval and no p', () => {
    const e = unwrap(deLong([0, 0, 1, 1], [1, 2, 3, 4]))
    expect([e.auc, e.logit, e.p, e.informative]).toEqual([1, null, null, false])
  })

  it('scores that rank all cases alike have nothing to test', () => {
    const y = [0, 1, 0, 1, 1, 0], s = [1, 3, 2, 2, 5, 4]
    const d = unwrap(compareAucsPaired(y, s, s.map((v) => v * 10)))
    expect([d.difference, d.variance, d.z, d.p]).toEqual([0, 0, null, null])
    expect(code(compareAucsOmnibus(unwrap(deLongCovariance(y, [s, s, s]))))).toBe('constant')
    expect(code(compareAucsOmnibus(unwrap(deLongCovariance(y, [s]))))).toBe('too_few')
  })
})

describe("DeLong's covariance", () => {
  it('is symmetric, positive semi-definite, and has the variances of the single curves on its diagonal', () => {
    fc.assert(fc.property(scoredCases(4), ({ outcome, scores }) => {
      const { covariance, aucs } = unwrap(deLongCovariance(outcome, scores))
      const { values } = eigenSymmetric(covariance)
      expect(values[values.length - 1]!).toBeGreaterThanOrEqual(-1e-15)
      toRows(covariance).forEach((row, i) => {
        const single = unwrap(deLong(outcome, scores[i]!))
        expect(row[i]).toBeCloseTo(single.variance, 14)
        expect(aucs[i]).toBe(single.auc)
        row.forEach((v, j) => expect(v).toBe(covariance.data[j * 4 + i]))
      })
    }))
  })

  it('follows from the definition of the placement values', () => {
    fc.assert(fc.property(scoredCases(1, 15), ({ outcome, scores }) => {
      const s = scores[0]!
      const p = unwrap(placements(outcome, scores))
      const share = (value: number, others: Uint32Array, sign: number): number =>
        Array.from(others, (j) => (Math.sign(value - s[j]!) === sign ? 1 : value === s[j] ? 0.5 : 0) as number).reduce((a, b) => a + b, 0) / others.length
      p.positives.forEach((i, k) => expect(p.ofPositives[0]![k]).toBeCloseTo(share(s[i]!, p.negatives, 1), 14))
      p.negatives.forEach((j, k) => expect(p.ofNegatives[0]![k]).toBeCloseTo(share(s[j]!, p.positives, -1), 14))
    }))
  })

  it('makes the omnibus test of two scores the square of the paired z', () => {
    fc.assert(fc.property(scoredCases(2), ({ outcome, scores: [a, b] }) => {
      const d = unwrap(compareAucsPaired(outcome, a!, b!))
      fc.pre(d.variance > 1e-6)
      const o = unwrap(compareAucsOmnibus(unwrap(deLongCovariance(outcome, [a!, b!]))))
      expect(o.df).toBe(1)
      expect(o.chiSquare).toBeCloseTo(d.z! ** 2, 8)
      expect(o.p).toBeCloseTo(d.p!, 8)
    }))
  })

  it('the omnibus test ignores the order of the scores and takes a duplicate out of its degrees of freedom', () => {
    const random = createRandom('omnibus')
    const y = Array.from({ length: 60 }, (_, i) => i % 2)
    const [a, b, c] = [1, 0.5, 0].map((shift) => y.map((v) => v * shift + random.normal())) as [number[], number[], number[]]
    const first = unwrap(compareAucsOmnibus(unwrap(deLongCovariance(y, [a, b, c])))), second = unwrap(compareAucsOmnibus(unwrap(deLongCovariance(y, [c, a, b]))))
    expect(second.chiSquare).toBeCloseTo(first.chiSquare, 9)
    const withCopy = unwrap(compareAucsOmnibus(unwrap(deLongCovariance(y, [a, b, c, b]))))
    expect([first.df, withCopy.df]).toEqual([2, 2])
    expect(withCopy.chiSquare).toBeCloseTo(first.chiSquare, 6)
  })

  it('an unpaired comparison adds variances and is the mirror of itself', () => {
    fc.assert(fc.property(scoredCases(), scoredCases(), (first, second) => {
      const a = { outcome: first.outcome, score: first.scores[0]! }, b = { outcome: second.outcome, score: second.scores[0]! }
      const d = unwrap(compareAucsUnpaired(a, b)), e = unwrap(compareAucsUnpaired(b, a))
      expect(d.difference).toBeCloseTo(-e.difference, 14)
      expect(d.p).toBe(e.p)
      if (d.df !== null) {
        expect(d.pByT!).toBeGreaterThanOrEqual(d.p!)
        expect(d.df).toBeGreaterThan(0)
      }
    }))
  })
})

describe('unit of analysis', () => {
  const y = [0, 1, 0, 1, 1, 0, 1, 0], s = [1, 4, 2, 3, 5, 3, 2, 1]
  it('refuses plain DeLong on rows that repeat a patient', () => {
    const patient = ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g']
    for (const r of [deLong(y, s, { patient }), deLongCovariance(y, [s], patient), compareAucsPaired(y, s, s, { patient }), estimateAuc(y, s, { patient })]) {
      expect(!r.ok && r.error.code).toBe('clustered_rows')
    }
    const declared = unwrap(estimateAuc(y, s, { unit: 'lesion', patient }))
    expect([declared.unit, declared.clusters, declared.method]).toEqual(['lesion', 7, 'Obuchowski 1997, clustered by patient'])
  })

  it('refuses another unit without the patients', () => {
    const r = compareAucs(y, s, s, { unit: 'lesion' } as never)
    expect(!r.ok && r.error.code).toBe('clustered_rows')
  })

  it('with one row a patient the clustered variance has DeLong\'s parts', () => {
    fc.assert(fc.property(scoredCases(2), ({ outcome, scores }) => {
      const m = outcome.filter((v) => v === 1).length, n = outcome.length - m
      const clustered = unwrap(clusteredCovariance(outcome, scores, outcome.map((_, i) => i)))
      // Each cluster holds one class: the cross products vanish and DeLong's covariance is left.
      const plain = unwrap(deLongCovariance(outcome, scores))
      clustered.covariance.data.forEach((v, i) => expect(v).toBeCloseTo(plain.covariance.data[i]!, 13))
      expect([clustered.patientsWithPositives, clustered.patientsWithNegatives]).toEqual([m, n])
    }))
  })

  it('copying every patient\'s row leaves the clustered variance (to the class-size factor) where DeLong halves it', () => {
    const many = createRandom('clusters')
    const outcome = Array.from({ length: 100 }, (_, i) => i % 2), score = outcome.map((v) => v + many.normal())
    const twice = <T>(x: T[]): T[] => [...x, ...x]
    const patient = twice(outcome.map((_, i) => i))
    const one = unwrap(deLong(outcome, score)), naive = unwrap(deLong(twice(outcome), twice(score)))
    const clustered = unwrap(estimateAuc(twice(outcome), twice(score), { unit: 'image', patient }))
    expect(clustered.variance / one.variance).toBeCloseTo(1, 10)
    expect(naive.variance / one.variance).toBeLessThan(0.52)
  })
})

describe('Youden', () => {
  it('lists every threshold with the greatest J and selects the smallest', () => {
    // J = 0.5 at 1 (sens 1, spec 0.5) and at 3 (sens 0.5, spec 1).
    const y = unwrap(rocCurve([0, 0, 1, 1], [0, 1, 1, 3]))
    const best = youden(y)
    expect(best.j).toBe(0.5)
    expect(best.ties.map((t) => [t.threshold, t.sensitivity, t.specificity])).toEqual([[1, 1, 0.5], [3, 0.5, 1]])
    expect(best.selected.threshold).toBe(1)
    expect(best.ties.map((t) => t.midThreshold)).toEqual([0.5, 2])
  })

  it('has J 0 for a constant score, at both ends', () => {
    const best = youden(unwrap(rocCurve([0, 1, 1], [5, 5, 5])))
    expect([best.j, best.ties.map((t) => t.threshold)]).toEqual([0, [5, Infinity]])
  })
})

describe('partial AUC', () => {
  it('is null when standardised below chance, and refuses an empty range', () => {
    const curve = unwrap(rocCurve([1, 1, 0, 0], [1, 2, 3, 4]))
    expect(unwrap(partialAuc(curve, { focus: 'specificity', from: 1, to: 0.8 }))).toMatchObject({ area: 0, standardised: null })
    expect(partialAuc(curve, { focus: 'specificity', from: 0.8, to: 0.8 }).ok).toBe(false)
    expect(partialAuc(curve, { focus: 'specificity', from: 1.2, to: 0.8 }).ok).toBe(false)
  })
})

describe('adjusted p', () => {
  it('never lowers a p, keeps their order, and leaves undefined ones out', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }), { maxLength: 12 }), (ps) => {
      const holm = adjustP(ps, 'holm'), hochberg = adjustP(ps, 'benjamini_hochberg'), bonferroni = adjustP(ps, 'bonferroni')
      ps.forEach((p, i) => {
        if (p === null) return expect([holm[i], hochberg[i]]).toEqual([null, null])
        expect(holm[i]!).toBeGreaterThanOrEqual(p)
        expect(hochberg[i]!).toBeGreaterThanOrEqual(p)
        expect(bonferroni[i]!).toBeGreaterThanOrEqual(holm[i]!)
        ps.forEach((q, j) => { if (q !== null && q > p) expect(holm[j]!).toBeGreaterThanOrEqual(holm[i]!) })
      })
    }))
    expect(adjustP([0.01, 0.04, 0.03, 0.005], 'holm')).toEqual([0.03, 0.06, 0.06, 0.02])
    expect(adjustP([0.2], 'none')).toEqual([0.2])
  })
})
