import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { bcaInterval, bootstrap, bootstrapAuc, createResampler } from '#shared/statistics/bootstrap/index.ts'
import { mean } from '#shared/statistics/core/index.ts'
import { deLong } from '#shared/statistics/roc/index.ts'

const random = createRandom('bootstrap test')
const outcome = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? 1 : 0)), score = outcome.map((y) => y + random.normal())

describe('bootstrap', () => {
  it('is the same for the same seed and another for another', () => {
    const run = (seed: number) => unwrap(bootstrapAuc(outcome, score, { seed, resamples: 200, intervals: 'percentile' })).percentile
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })

  it('agrees with DeLong about the error of an AUC', () => {
    const b = unwrap(bootstrapAuc(outcome, score, { seed: 3, resamples: 4000 })), d = unwrap(deLong(outcome, score))
    expect(b.estimate).toBe(d.auc)
    expect(b.standardError / d.standardError).toBeGreaterThan(0.94)
    expect(b.standardError / d.standardError).toBeLessThan(1.06)
    expect(Math.abs(b.percentile.lower - d.interval.lower)).toBeLessThan(0.01)
    expect(Math.abs(b.bca!.upper - d.interval.upper)).toBeLessThan(0.015)
    expect([b.patients, b.resamples, b.undefinedReplicates]).toEqual([200, 4000, 0])
  })

  it('draws whole patients, within strata where asked', () => {
    const patient = ['a', 'a', 'a', 'b', 'c', 'c'], strata = [1, 1, 1, 0, 0, 0]
    const r = createResampler({ rows: 6, patient })
    for (let i = 0; i < 50; i++) {
      const rows = r.draw(random)
      const count = (k: number) => rows.filter((x) => x === k).length
      expect([count(1), count(2), count(5)]).toEqual([count(0), count(0), count(4)])
    }
    const s = createResampler({ rows: 6, patient, strata })
    for (let i = 0; i < 50; i++) expect(s.draw(random).filter((x) => x < 3)).toHaveLength(3)
    expect([...s.without(0)]).toEqual([3, 4, 5])
  })

  it('copies of a patient make an interval by row too narrow and by patient not', () => {
    const twice = [...score, ...score], patient = twice.map((_, i) => i % 200)
    const statistic = (rows: ArrayLike<number>) => mean(Array.from(rows, (i) => twice[i]!))
    const width = (options: object) => {
      const [b] = unwrap(bootstrap({ rows: 400, statistic, seed: 5, resamples: 2000, intervals: 'percentile', ...options }))
      return b!.standardError
    }
    expect(width({}) / width({ patient })).toBeLessThan(0.78)
  })

  it('takes several figures, counts undefined replicates, and refuses what is mostly undefined', () => {
    const values = [1, 2, 3, 4, 5, 6]
    const of = (rows: ArrayLike<number>) => Array.from(rows, (i) => values[i]!)
    const two = unwrap(bootstrap({ rows: 6, seed: 1, resamples: 500, statistic: (rows) => [mean(of(rows)), of(rows).includes(6) ? 1 : NaN] }))
    expect(two).toHaveLength(2)
    expect(two[1]!.undefinedReplicates).toBeGreaterThan(100)
    expect(two[1]!.replicates).toHaveLength(500 - two[1]!.undefinedReplicates)
    expect(two[1]!.bca).toBeNull()
    const rare = bootstrap({ rows: 6, seed: 1, resamples: 200, statistic: (rows) => (new Set(of(rows)).size === 6 ? 1 : NaN) })
    expect(!rare.ok && rare.error.code).toBe('undefined')
    for (const r of [bootstrap({ rows: 1, seed: 1, statistic: () => 1 }), bootstrap({ rows: 4, patient: [1, 1, 1, 1], seed: 1, statistic: () => 1 })]) expect(!r.ok && r.error.code).toBe('too_few')
    const one = bootstrap({ rows: 5, seed: 1, resamples: 1, statistic: () => 1 })
    expect(!one.ok && one.error.code).toBe('out_of_range')
    const classes = bootstrapAuc([1, 1], [1, 2], { seed: 1 })
    expect(!classes.ok && classes.error.code).toBe('one_class')
  })

  it('BCa without bias and acceleration is the percentile interval; a constant figure has none', () => {
    const replicates = Float64Array.from({ length: 1001 }, (_, i) => i - 500)
    const i = bcaInterval(0, replicates, [-1, 1, -2, 2], 0.95)!
    expect(i.lower).toBeCloseTo(-475, 6)
    expect(i.upper).toBeCloseTo(475, 6)
    expect(bcaInterval(1, Float64Array.from([1, 1, 1]), [1, 1, 1], 0.95)).toBeNull()
  })
})
