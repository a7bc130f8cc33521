import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { auc } from '#shared/statistics/roc/index.ts'
import {
  boostedTrees, growTree, permutationImportance, predictBoosted, predictForest, randomForest, sortColumns, treeValue, type GrowthRules,
} from '#shared/statistics/trees/index.ts'
import type { DataRow, Term } from '#shared/statistics/regression/index.ts'
import { exclusiveOr, simulated, terms } from './simulated.ts'

const rules: GrowthRules = { maxDepth: 10, minLeafRows: 1, minLeafWeight: 0, minGain: 1e-12, lambda: 0 }
const grow = (columns: number[][], y: number[], changed: Partial<GrowthRules> = {}) => {
  const ones = new Float64Array(y.length).fill(1)
  return growTree(sortColumns(columns.map((c) => Float64Array.from(c))), Uint32Array.from(y.keys()), { sum: y, weight: ones, count: ones }, { ...rules, ...changed }, createRandom(1))
}
const outcomes = (rows: readonly DataRow[]): number[] => rows.map((r) => r.y as number)
const areaOf = (rows: readonly DataRow[], p: Float64Array): number => unwrap(auc(outcomes(rows), p))

describe('a tree', () => {
  it('cuts midway between the values where the classes part', () => {
    const { tree } = grow([[1, 2, 10, 11], [0, 1, 0, 1]], [0, 0, 1, 1])
    expect(tree).toEqual({ feature: [0, -1, -1], threshold: [6, 0, 0], left: [1, -1, -1], right: [2, -1, -1], value: [0.5, 0, 1] })
  })
  it('finds the split of largest gain, as trying all of them does', () => {
    const column = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 8, maxLength: 8 })
    fc.assert(fc.property(fc.array(column, { minLength: 1, maxLength: 3 }), fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 8, maxLength: 8 }), fc.integer({ min: 1, max: 3 }), (columns, y, minLeafRows) => {
      const score = (part: number[]): number => (part.length > 0 ? part.reduce((a, b) => a + b, 0) ** 2 / part.length : 0)
      const gains = columns.flatMap((c) => [...new Set(c)].map((cut) => {
        const left = y.filter((_, i) => c[i]! <= cut), right = y.filter((_, i) => c[i]! > cut)
        return left.length >= minLeafRows && right.length >= minLeafRows ? score(left) + score(right) - score(y) : 0
      }))
      const best = Math.max(0, ...gains), found = grow(columns, y, { maxDepth: 1, minLeafRows }).gains.reduce((a, b) => a + b, 0)
      expect(found).toBeCloseTo(best > 1e-12 ? best : 0, 10)
    }))
  })
  it('deep enough, it reproduces distinct rows; leaves hold at least the rows asked for', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 20 }), fc.integer(), (x, seed) => {
      const random = createRandom(seed), y = x.map(() => random.int(2)), columns = [Float64Array.from(x)]
      const { tree } = grow([x], y, { maxDepth: 64 })
      y.forEach((v, i) => { expect(treeValue(tree, columns, i)).toBe(v) })
      const coarse = grow([x], y, { minLeafRows: 3, maxDepth: 64 }).tree
      const sizes = new Map<number, number>()
      x.forEach((_, i) => { const v = leafOf(coarse, columns, i); sizes.set(v, (sizes.get(v) ?? 0) + 1) })
      if (sizes.size > 1) expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(3)
    }))
  })
  it('does not change under monotone transforms of a column', () => {
    const random = createRandom(5), x = Array.from({ length: 40 }, () => random.normal()), y = x.map((v) => (random.next() < 1 / (1 + Math.exp(-2 * v)) ? 1 : 0))
    const a = grow([x], y, { maxDepth: 3 }).tree, b = grow([x.map((v) => Math.exp(v))], y, { maxDepth: 3 }).tree
    expect(b.value).toEqual(a.value)
  })
})

function leafOf(tree: ReturnType<typeof grow>['tree'], columns: readonly Float64Array[], row: number): number {
  let node = 0
  while (tree.feature[node]! >= 0) node = columns[tree.feature[node]!]![row]! <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!
  return node
}

describe('random forest', () => {
  const train = simulated(300), test = simulated(300, 'other')
  const forest = unwrap(randomForest(train, 'y', terms, { seed: 7, trees: 150 }))
  it('the same seed gives the same forest, another seed another one', () => {
    expect(unwrap(randomForest(train, 'y', terms, { seed: 7, trees: 20 })).trees).toEqual(forest.trees.slice(0, 20))
    expect(unwrap(randomForest(train, 'y', terms, { seed: 8, trees: 20 })).trees).not.toEqual(forest.trees.slice(0, 20))
  })
  it('predicts new cases, and its out-of-bag AUC says how well', () => {
    const onNew = areaOf(test, unwrap(predictForest(forest, test))), outOfBag = areaOf(train, forest.outOfBag), fitting = areaOf(train, unwrap(predictForest(forest, train)))
    expect(onNew).toBeGreaterThan(0.7)
    expect(Math.abs(onNew - outOfBag)).toBeLessThan(0.08)
    expect(fitting).toBeGreaterThan(outOfBag)
    expect([...forest.outOfBag].every((p) => p >= 0 && p <= 1)).toBe(true)
  })
  it('importance sums to 1 and puts noise below the real predictors', () => {
    expect(forest.importance.reduce((s, f) => s + f.importance, 0)).toBeCloseTo(1, 12)
    const of = (name: string): number => forest.importance.find((f) => f.term === name)!.importance
    expect(of('score')).toBeGreaterThan(of('noise'))
    expect(of('size')).toBeGreaterThan(of('noise'))
  })
  it('survives being stored as JSON', () => {
    const stored = JSON.parse(JSON.stringify(forest)) as typeof forest
    expect(unwrap(predictForest(stored, test))).toEqual(unwrap(predictForest(forest, test)))
  })
  it('draws whole patients when told who they are', () => {
    // Rows of a patient are copies: if one copy could teach about the other, the out-of-bag AUC of a random outcome would be high.
    const random = createRandom(3)
    const patients = Array.from({ length: 80 }, (_, i) => ({ id: i, x: random.normal(), z: random.normal(), y: random.int(2) }))
    const doubled: DataRow[] = patients.flatMap((p) => [p, { ...p }])
    const plain: Term[] = [{ kind: 'numeric', name: 'x' }, { kind: 'numeric', name: 'z' }]
    const options = { seed: 1, trees: 200, minLeafRows: 1 }
    const leaking = unwrap(randomForest(doubled, 'y', plain, options)), grouped = unwrap(randomForest(doubled, 'y', plain, { ...options, patient: doubled.map((r) => r.id as number) }))
    expect(areaOf(doubled, leaking.outOfBag)).toBeGreaterThan(0.9)
    expect(areaOf(doubled, grouped.outOfBag)).toBeLessThan(0.7)
  })
  it('refuses missing values, unknown levels, one class, no predictors and no trees', () => {
    const spoilt = (change: object): readonly DataRow[] => [{ ...train[0]!, ...change }, ...train.slice(1)]
    const code = (rows: readonly DataRow[], with_ = terms, trees = 5): string => {
      const r = randomForest(rows, 'y', with_, { seed: 1, trees })
      return r.ok ? 'ok' : r.error.code
    }
    expect(code(spoilt({ size: null }))).toBe('missing_values')
    expect(code(spoilt({ size: Infinity }))).toBe('not_finite')
    expect(code(spoilt({ grade: 'IV' }))).toBe('unknown_level')
    expect(code(spoilt({ y: 2 }))).toBe('bad_labels')
    expect(code(train.map((r) => ({ ...r, y: 1 })))).toBe('one_class')
    expect(code(train, [])).toBe('too_few')
    expect(code(train, terms, 0)).toBe('out_of_range')
    expect(predictForest(forest, spoilt({ score: undefined }))).toMatchObject({ ok: false, error: { code: 'missing_values', subject: 'score' } })
  })
})

describe('boosted trees', () => {
  const train = simulated(300), test = simulated(300, 'other')
  const model = unwrap(boostedTrees(train, 'y', terms, { seed: 7, rounds: 60, subsample: 0.8 }))
  it('the loss on the fitting rows falls with every tree when all rows are used', () => {
    const all = unwrap(boostedTrees(train, 'y', terms, { seed: 1, rounds: 30 })).fittingLoss
    expect(all.every((loss, i) => i === 0 || loss < all[i - 1]!)).toBe(true)
    const events = outcomes(train).reduce((a, b) => a + b, 0) / train.length
    expect(all[0]).toBeCloseTo(-events * Math.log(events) - (1 - events) * Math.log(1 - events), 12)
  })
  it('is the same for the same seed; predicts new cases; survives JSON', () => {
    expect(unwrap(boostedTrees(train, 'y', terms, { seed: 7, rounds: 60, subsample: 0.8 }))).toEqual(model)
    const p = unwrap(predictBoosted(model, test))
    expect(areaOf(test, p)).toBeGreaterThan(0.7)
    expect(unwrap(predictBoosted(JSON.parse(JSON.stringify(model)) as typeof model, test))).toEqual(p)
    expect(model.importance.reduce((s, f) => s + f.importance, 0)).toBeCloseTo(1, 12)
  })
  it('one stump without shrinkage or penalty is the Newton step of each side', () => {
    const rows: DataRow[] = [0, 0, 0, 1, 0, 1, 1, 1].map((y, i) => ({ x: i < 4 ? 0 : 1, y }))
    const one = unwrap(boostedTrees(rows, 'y', [{ kind: 'numeric', name: 'x' }], { seed: 1, rounds: 1, learningRate: 1, maxDepth: 1, lambda: 0, minLeafWeight: 0 }))
    // Base 0 (half are positive): sum of y - 1/2 is -1 and 1, curvature 1/4 a row, so the steps are -1 and 1.
    expect(one.base).toBe(0)
    expect(one.trees[0]!.value.slice(1)).toEqual([-1, 1])
  })
  it('learns what has no main effect', () => {
    const plain: Term[] = [{ kind: 'numeric', name: 'a' }, { kind: 'numeric', name: 'b' }]
    const boosted = unwrap(boostedTrees(exclusiveOr(400), 'y', plain, { seed: 1 })), forest = unwrap(randomForest(exclusiveOr(400), 'y', plain, { seed: 1, trees: 100 }))
    const fresh = exclusiveOr(400, 'fresh')
    expect(areaOf(fresh, unwrap(predictBoosted(boosted, fresh)))).toBeGreaterThan(0.8)
    expect(areaOf(fresh, unwrap(predictForest(forest, fresh)))).toBeGreaterThan(0.8)
  })
  it('refuses impossible settings', () => {
    for (const bad of [{ rounds: 0 }, { learningRate: 0 }, { subsample: 1.5 }, { lambda: -1 }, { maxDepth: 0 }]) {
      expect(boostedTrees(train, 'y', terms, { seed: 1, ...bad })).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
    }
  })
})

describe('permutation importance', () => {
  it('is 0 for a term the model does not use and positive for one it rests on', () => {
    const rows = simulated(200)
    const predict = (r: readonly DataRow[]) => ({ ok: true as const, value: Float64Array.from(r, (row) => row.score as number) })
    const found = unwrap(permutationImportance(rows, predict, { outcome: 'y', terms, seed: 1 }))
    expect(found[0]!.term).toBe('score')
    expect(found[0]!.aucLoss).toBeGreaterThan(0.05)
    expect(found.filter((f) => f.term !== 'score').every((f) => f.aucLoss === 0 && f.sd === 0)).toBe(true)
  })
})
