import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { toRows } from '#shared/statistics/core/index.ts'
import {
  analyseReaderStudy, casesNeeded, compareAtMatchedSpecificity, compareModelWithReaders, jackknifeCovariance, obuchowskiRockette, readerAucs, readersNeeded,
  readerStudyPower, type ReaderStudy,
} from '#shared/statistics/mrmc/index.ts'
import { auc, compareAucsPaired } from '#shared/statistics/roc/index.ts'
import { scoredCases } from './arbitraries.ts'

const random = createRandom('reader study')
const outcome = Array.from({ length: 60 }, (_, i) => (i % 5 < 2 ? 1 : 0))
const column = (shift: number): number[] => outcome.map((y) => Math.round(5 * (y * shift + random.normal())))

function study(readers: number, aid = 0.5): ReaderStudy {
  return {
    tests: ['unaided', 'aided'], readers: Array.from({ length: readers }, (_, j) => `R${j}`), outcome,
    ratings: [1, 1 + aid].map((shift) => Array.from({ length: readers }, () => column(shift))),
  }
}

describe('jackknife covariance', () => {
  it('is that of AUCs computed again without each case', () => {
    fc.assert(fc.property(scoredCases(2, 12), ({ outcome: y, scores }) => {
      fc.pre(y.filter((v) => v === 1).length > 2 && y.filter((v) => v === 0).length > 2)
      const n = y.length
      const left = scores.map((s) => y.map((_, i) => unwrap(auc(y.filter((_v, k) => k !== i), s.filter((_v, k) => k !== i)))))
      const mean = left.map((v) => v.reduce((a, b) => a + b, 0) / n)
      const expected = left.map((a, i) => left.map((b, j) => (n - 1) / n * a.reduce((t, v, k) => t + (v - mean[i]!) * (b[k]! - mean[j]!), 0)))
      toRows(unwrap(jackknifeCovariance(y, scores)).covariance).forEach((row, i) => row.forEach((v, j) => expect(v).toBeCloseTo(expected[i]![j]!, 12)))
    }), { numRuns: 50 })
  })
})

describe('Obuchowski-Rockette', () => {
  it('does not depend on the order of cases, readers or names', () => {
    const s = study(4)
    const p = (x: ReaderStudy) => unwrap(obuchowskiRockette(unwrap(readerAucs(x)))).randomReadersRandomCases
    const order = random.shuffle(outcome.map((_, i) => i)), readers = [2, 0, 3, 1]
    const shuffled: ReaderStudy = {
      tests: s.tests, readers: readers.map((j) => s.readers[j]!), outcome: order.map((i) => outcome[i]!),
      ratings: s.ratings.map((test) => readers.map((j) => order.map((i) => test[j]![i]!))),
    }
    expect(p(shuffled).p).toBeCloseTo(p(s).p, 12)
    expect(p(shuffled).df2).toBeCloseTo(p(s).df2, 8)
    const swapped = { ...s, tests: ['aided', 'unaided'], ratings: [s.ratings[1]!, s.ratings[0]!] }
    expect(p(swapped).differences[0]!.difference).toBeCloseTo(-p(s).differences[0]!.difference, 14)
    expect(p(swapped).p).toBeCloseTo(p(s).p, 12)
  })

  it('with copies of one reader, the fixed-reader test is that reader\'s paired DeLong test', () => {
    const a = column(1), b = column(1.6)
    const s: ReaderStudy = { tests: ['unaided', 'aided'], readers: ['R1', 'R2', 'R3'], outcome, ratings: [[a, a, a], [b, b, b]] }
    const or = unwrap(obuchowskiRockette(unwrap(readerAucs(s)))), single = unwrap(compareAucsPaired(outcome, a, b))
    expect(or.fixedReadersRandomCases.p).toBeCloseTo(single.p!, 10)
    expect(or.fixedReadersRandomCases.differences[0]!.standardError).toBeCloseTo(single.standardError, 12)
  })

  it('speaks of readers in general from three readers on', () => {
    const two = unwrap(analyseReaderStudy(study(2)))
    expect(two.fixedReaders).not.toBeNull()
    expect(!two.randomReaders.ok && two.randomReaders.error.message).toContain('at least 3 are needed')
    expect(two.single.map((r) => r.reader)).toEqual(['R0', 'R1'])
    const one = unwrap(analyseReaderStudy(study(1)))
    expect([one.fixedReaders, one.randomReaders.ok, one.aucs.length, one.single.length]).toEqual([null, false, 2, 1])
    expect(unwrap(analyseReaderStudy(study(3))).randomReaders.ok).toBe(true)
  })

  it('refuses a study that is not crossed, one condition, one class', () => {
    const s = study(3)
    const hole = { ...s, ratings: [s.ratings[0]!, [s.ratings[1]![0]!, [...Array.from(s.ratings[1]![1]!).slice(1), NaN], s.ratings[1]![2]!]] }
    const code = (r: { ok: boolean; error?: { code: string; subject?: string } }) => (r.ok ? undefined : [r.error!.code, r.error!.subject])
    expect(code(analyseReaderStudy(hole))).toEqual(['not_crossed', 'R1'])
    expect(code(analyseReaderStudy({ ...s, ratings: [s.ratings[0]!, s.ratings[1]!.slice(1)] }))).toEqual(['not_crossed', 'R2'])
    expect(code(analyseReaderStudy({ ...s, tests: ['unaided'], ratings: [s.ratings[0]!] }))).toEqual(['too_few', undefined])
    expect(code(analyseReaderStudy({ ...s, outcome: outcome.map(() => 1) }))).toEqual(['one_class', undefined])
    expect(code(readerAucs({ ...s, patient: outcome.map((_, i) => i) }, 'jackknife'))).toEqual(['bad_task', undefined])
  })

  it('takes several cases a patient by the clustered covariance', () => {
    const clustered = unwrap(analyseReaderStudy({ ...study(3), patient: outcome.map((_, i) => Math.floor(i / 2)) }))
    expect(clustered.method).toContain('Obuchowski 1997')
    expect(clustered.aucs[0]!.clusters).toBe(30)
  })
})

describe('a model against readers', () => {
  const readers = ['J1', 'J2', 'J3', 'S1', 'S2']
  const input = {
    outcome, model: column(1.2), readers, ratings: readers.map(() => column(1)),
    groups: [{ name: 'junior', readers: ['J1', 'J2', 'J3'] }, { name: 'senior', readers: ['S1', 'S2'] }],
  }

  it("uses the mean of the readers' AUCs, one result a group and a reader, p adjusted over readers", () => {
    const r = unwrap(compareModelWithReaders(input))
    const own = (name: string) => unwrap(auc(outcome, input.ratings[readers.indexOf(name)]!))
    const senior = r.groups[1]!
    expect(senior.meanReaderAuc).toBeCloseTo((own('S1') + own('S2')) / 2, 14)
    expect(senior.difference).toBeCloseTo(senior.meanReaderAuc - unwrap(auc(outcome, input.model)), 14)
    expect([r.groups[0]!.randomReaders.ok, senior.randomReaders.ok, senior.randomReadersFixedCases.ok]).toEqual([true, false, false])
    expect(senior.fixedReaders.p).toBeGreaterThan(0)
    r.single.forEach((s, j) => {
      const paired = unwrap(compareAucsPaired(outcome, input.model, input.ratings[j]!))
      expect(s.p).toBeCloseTo(paired.p!, 12)
      expect(s.pHolm!).toBeGreaterThanOrEqual(s.p!)
    })
  })

  it('a group of one reader is that reader\'s paired test', () => {
    const r = unwrap(compareModelWithReaders({ ...input, groups: [{ name: 'S1 alone', readers: ['S1'] }] }))
    expect(r.groups[0]!.fixedReaders.p).toBeCloseTo(r.single[3]!.p!, 12)
    const wrong = compareModelWithReaders({ ...input, groups: [{ name: 'x', readers: ['nobody'] }] })
    expect(!wrong.ok && wrong.error.code).toBe('unknown_level')
  })

  it('a reader who only says yes or no is met at the same specificity', () => {
    const calls = input.ratings[0]!.map((v) => (v >= 3 ? 1 : 0))
    const m = unwrap(compareAtMatchedSpecificity('test', outcome, input.model, calls))
    expect(m.specificityDifference).toBeGreaterThanOrEqual(0)
    expect(m.threshold.chosenOn).toBe('test')
    const positives = outcome.filter((y) => y === 1).length
    expect(m.sensitivityTest.pairs).toBe(positives)
    expect(m.sensitivityDifference).toBeCloseTo((m.sensitivityTest.firstOnly - m.sensitivityTest.secondOnly) / positives, 14)
    // The model as its own reader matches exactly.
    const self = unwrap(compareAtMatchedSpecificity('test', outcome, input.model, input.model.map((v) => (v >= m.threshold.value ? 1 : 0))))
    expect([self.specificityDifference, self.sensitivityDifference, self.sensitivityTest.pExact]).toEqual([0, 0, 1])
    const one = compareAtMatchedSpecificity('test', outcome.map(() => 1), input.model, calls)
    expect(!one.ok && one.error.code).toBe('one_class')
  })
})

describe('sample size', () => {
  const pilot = { testReader: 0.0002, error: 0.0008, cov1: 0.00035, cov2: 0.00034, cov3: 0.00024, cases: 114 }
  it('power grows with effect, readers and cases, and is alpha without an effect', () => {
    const power = (plan: object) => unwrap(readerStudyPower(pilot, { effect: 0.05, readers: 5, cases: 150, ...plan })).power
    expect(power({ effect: 0 })).toBeCloseTo(0.05, 10)
    expect(power({ effect: 0.06 })).toBeGreaterThan(power({}))
    expect(power({ readers: 8 })).toBeGreaterThan(power({}))
    expect(power({ cases: 300 })).toBeGreaterThan(power({}))
    expect(power({ generalisation: 'fixed_readers_random_cases' })).toBeGreaterThan(power({}))
  })

  it('the smallest numbers reach the power and one less does not', () => {
    const cases = unwrap(casesNeeded(pilot, { effect: 0.05, readers: 6 }, 0.8))
    expect(cases.power).toBeGreaterThanOrEqual(0.8)
    expect(unwrap(readerStudyPower(pilot, { effect: 0.05, readers: 6, cases: cases.cases - 1 })).power).toBeLessThan(0.8)
    const readers = unwrap(readersNeeded(pilot, { effect: 0.05, cases: 150 }, 0.8))
    expect(readers.power).toBeGreaterThanOrEqual(0.8)
    expect(unwrap(readerStudyPower(pilot, { effect: 0.05, readers: readers.readers - 1, cases: 150 })).power).toBeLessThan(0.8)
  })

  it('says when no number is enough, and refuses senseless plans', () => {
    const never = casesNeeded({ ...pilot, testReader: 0.02 }, { effect: 0.02, readers: 3 }, 0.9)
    expect(!never.ok && never.error.message).toContain('3 readers are too few')
    const few = readersNeeded(pilot, { effect: 0.001, cases: 10 }, 0.9, 20)
    expect(few.ok).toBe(false)
    for (const r of [readerStudyPower(pilot, { effect: 0.1, readers: 1, cases: 10 }), readerStudyPower(pilot, { effect: 0.1, readers: 3, cases: 0 }), readerStudyPower(pilot, { effect: 0.1, readers: 3, cases: 10, alpha: 2 }),
      readerStudyPower({ ...pilot, testReader: 0, error: 0, cov1: 0, cov2: 0, cov3: 0 }, { effect: 0.1, readers: 3, cases: 10 })]) expect(r.ok).toBe(false)
  })
})
