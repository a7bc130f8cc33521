import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, ok, unwrap } from '#shared/lib/index.ts'
import {
  boostedLearner, forestLearner, groupedFolds, logisticLearner, nestedCrossValidation, type Learner, type NestedOptions,
} from '#shared/statistics/trees/index.ts'
import type { DataRow, Term } from '#shared/statistics/regression/index.ts'
import { exclusiveOr, simulated, terms } from './simulated.ts'

describe('folds', () => {
  const patients = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()), { minLength: 12, maxLength: 60 })
  it('keep patients together and classes balanced to within one patient', () => {
    fc.assert(fc.property(patients, fc.integer({ min: 2, max: 4 }), fc.integer(), (people, folds, seed) => {
      const rows = people.flatMap(([count, positive], id) => Array.from({ length: count }, () => ({ id, y: positive ? 1 : 0 })))
      const found = groupedFolds(rows.map((r) => r.y), rows.map((r) => r.id), folds, createRandom(seed))
      const positives = people.filter(([, p]) => p).length
      if (Math.min(positives, people.length - positives) < folds) {
        expect(found).toMatchObject({ ok: false, error: { code: 'too_few' } })
        return
      }
      const foldOf = new Map<number, number>()
      rows.forEach(({ id }, i) => {
        expect(foldOf.get(id) ?? unwrap(found)[i]).toBe(unwrap(found)[i])
        foldOf.set(id, unwrap(found)[i]!)
      })
      const count = (wanted: (positive: boolean) => boolean): number[] => Array.from({ length: folds }, (_, k) => people.filter(([, p], id) => wanted(p) && foldOf.get(id) === k).length)
      for (const sizes of [count((p) => p), count((p) => !p), count(() => true)]) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }))
  })
  it('follow the seed', () => {
    const y = Array.from({ length: 40 }, (_, i) => i % 2)
    expect(unwrap(groupedFolds(y, undefined, 5, createRandom(1)))).toEqual(unwrap(groupedFolds(y, undefined, 5, createRandom(1))))
    expect(unwrap(groupedFolds(y, undefined, 5, createRandom(1)))).not.toEqual(unwrap(groupedFolds(y, undefined, 5, createRandom(2))))
    expect(groupedFolds(y, undefined, 1, createRandom(1))).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })
})

/** A learner that notes which patients it was fitted on and asked about. */
function spy(log: { fitted: Set<unknown>; asked: Set<unknown> }[]): Learner {
  return {
    name: 'spy', terms: [{ kind: 'numeric', name: 'score' }],
    fit: (rows) => {
      const entry = { fitted: new Set(rows.map((r) => r.patient)), asked: new Set<unknown>() }
      log.push(entry)
      return ok({ findings: [], predict: (r) => { r.forEach((row) => entry.asked.add(row.patient)); return ok(Float64Array.from(r, (row) => 0.05 + 0.9 * (row.score as number))) } })
    },
  }
}

describe('nested cross-validation', () => {
  const rows = simulated(160)
  const options: NestedOptions = {
    outcome: 'y', patient: 'patient', seed: 3, outerFolds: 4, innerFolds: 3,
    families: [
      { name: 'logistic', candidates: [logisticLearner(terms)] },
      { name: 'forest', candidates: [forestLearner(terms, { trees: 30, minLeafRows: 5 }), forestLearner(terms, { trees: 30, minLeafRows: 20 })] },
      { name: 'boosted', candidates: [boostedLearner(terms, { rounds: 20, maxDepth: 1 }), boostedLearner(terms, { rounds: 60, maxDepth: 3 })] },
    ],
  }
  const found = unwrap(nestedCrossValidation(rows, options))
  it('no patient is ever predicted by a model fitted on that patient, in inner and outer folds', () => {
    const log: Parameters<typeof spy>[0] = []
    const result = unwrap(nestedCrossValidation(rows, { ...options, families: [{ name: 's', candidates: [spy(log), spy(log)] }] }))
    expect(log.length).toBe(4 * (2 * 3 + 1))
    for (const { fitted, asked } of log) expect([...asked].some((p) => fitted.has(p))).toBe(false)
    expect(result.families[0]!.outOfFold).toEqual(Float64Array.from(rows, (r) => 0.05 + 0.9 * (r.score as number)))
  })
  it('all families predict the same rows once, are scored alike, and say what was chosen', () => {
    expect(found.families.map((f) => f.name)).toEqual(['logistic', 'forest', 'boosted'])
    for (const family of found.families) {
      expect(family.outOfFold.length).toBe(rows.length)
      expect(family.folds.map((f) => f.n).reduce((a, b) => a + b, 0)).toBe(rows.length)
      expect(family.pooled.auc).toBeGreaterThan(0.6)
      expect(family.pooled.logLoss).toBeGreaterThan(0)
      expect(family.folds.map((f) => [f.n, f.events])).toEqual(found.families[0]!.folds.map((f) => [f.n, f.events]))
    }
    expect(found.families[0]!.folds[0]!.candidates).toEqual([])
    expect(found.families[1]!.folds[0]!.candidates.length).toBe(2)
    expect(found.families[1]!.folds.every((f) => f.candidates.some((c) => c.name === f.chosen))).toBe(true)
    expect(found.method).toMatch(/4 outer and 3 inner folds.*grouped by patient/)
  })
  it('is the same for the same seed, and a family does not depend on which others stand beside it', () => {
    const alone = unwrap(nestedCrossValidation(rows, { ...options, families: [options.families[1]!] }))
    expect(alone.families[0]).toEqual(found.families[1])
    expect(unwrap(nestedCrossValidation(rows, { ...options, families: [options.families[0]!], seed: 4 })).families[0]!.outOfFold).not.toEqual(found.families[0]!.outOfFold)
  })
  it('gives no skill to models of pure noise, however many settings they try', () => {
    const random = createRandom(9)
    const noise: DataRow[] = Array.from({ length: 120 }, () => ({ a: random.normal(), b: random.normal(), c: random.normal(), y: random.int(2) }))
    const plain: Term[] = ['a', 'b', 'c'].map((name) => ({ kind: 'numeric', name }))
    const many = [1, 2, 3, 4].flatMap((maxDepth) => [10, 40].map((rounds) => boostedLearner(plain, { maxDepth, rounds })))
    const [family] = unwrap(nestedCrossValidation(noise, { outcome: 'y', seed: 1, families: [{ name: 'boosted', candidates: many }], outerFolds: 4, innerFolds: 3 })).families
    expect(Math.abs(family!.pooled.auc - 0.5)).toBeLessThan(0.15)
  })
  it('finds trees better where there is only an interaction, and chooses depth there', () => {
    const plain: Term[] = [{ kind: 'numeric', name: 'a' }, { kind: 'numeric', name: 'b' }]
    const result = unwrap(nestedCrossValidation(exclusiveOr(200), {
      outcome: 'y', seed: 1, outerFolds: 3, innerFolds: 3,
      families: [{ name: 'logistic', candidates: [logisticLearner(plain)] }, { name: 'boosted', candidates: [boostedLearner(plain, { maxDepth: 1, rounds: 40 }), boostedLearner(plain, { maxDepth: 3, rounds: 40 })] }],
    }))
    expect(result.families[0]!.pooled.auc).toBeLessThan(0.65)
    expect(result.families[1]!.pooled.auc).toBeGreaterThan(0.75)
    expect(result.families[1]!.folds.every((f) => /maxDepth 3/.test(f.chosen))).toBe(true)
  })
  it('uses the same complete rows for all families and counts the others', () => {
    const holes = rows.map((r, i) => (i % 10 === 0 ? { ...r, grade: null } : r))
    const result = unwrap(nestedCrossValidation(holes, { ...options, families: [{ name: 'score only', candidates: [logisticLearner([terms[1]!])] }, options.families[0]!] }))
    expect(result.missing).toMatchObject({ total: 160, used: 144, dropped: 16, byColumn: { grade: 16 } })
    expect(result.families[0]!.outOfFold.length).toBe(144)
    expect(result.index.length).toBe(144)
  })
  it('logistic regression under separation is fitted with the penalty and says so; a level unseen in fitting is named', () => {
    const separated: DataRow[] = Array.from({ length: 40 }, (_, i) => ({ x: i, g: i === 0 ? 'rare' : i % 2 === 0 ? 'a' : 'b', y: i < 20 ? 0 : 1 }))
    const learner = logisticLearner([{ kind: 'numeric', name: 'x' }, { kind: 'factor', name: 'g', levels: ['a', 'b', 'rare'] }])
    const fitted = unwrap(learner.fit(separated.slice(1), 'y', createRandom(1)))
    expect(fitted.findings.join(' ')).toMatch(/separate/)
    expect(fitted.findings.join(' ')).toMatch(/no fitting row with rare/)
    const p = unwrap(fitted.predict(separated))
    expect([...p].every((v) => v > 0 && v < 1)).toBe(true)
  })
  it('refuses no families, too many folds, and rows without a patient', () => {
    expect(nestedCrossValidation(rows, { ...options, families: [] })).toMatchObject({ ok: false, error: { code: 'bad_task' } })
    expect(nestedCrossValidation(rows.slice(0, 12), { ...options, outerFolds: 20 })).toMatchObject({ ok: false, error: { code: 'too_few' } })
    expect(nestedCrossValidation([{ ...rows[0]!, patient: null }, ...rows.slice(1)], options)).toMatchObject({ ok: false, error: { code: 'missing_values', subject: 'patient' } })
  })
})
