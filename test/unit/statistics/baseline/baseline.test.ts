import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { baselineTable, compareFactor, compareNumeric, type BaselineVariable, type NumericVariable } from '#shared/statistics/baseline/index.ts'
import type { DataRow } from '#shared/statistics/regression/index.ts'

const size: NumericVariable = { kind: 'numeric', name: 'size', label: 'Lesion size', unit: 'mm', summary: 'median-iqr' }
const age: NumericVariable = { kind: 'numeric', name: 'age', unit: 'years', summary: 'mean-sd' }
const er: BaselineVariable = { kind: 'factor', name: 'er', levels: ['negative', 'positive'] }

function patients(n: number): DataRow[] {
  const random = createRandom(11)
  return Array.from({ length: n }, (_, i) => ({
    sln: i % 3 === 0 ? '1' : '0', cohort: i % 5 === 0 ? 'test' : 'train', age: i % 17 === 0 ? null : 40 + 10 * random.normal(), size: 20 + Math.round(8 * random.normal()),
    er: random.next() < 0.7 ? 'positive' : 'negative',
  }))
}

const request = { group: { column: 'sln', levels: ['0', '1'] }, variables: [age, size, er] }

describe('baseline table', () => {
  it('names the test in each row, keeps the unit with the variable, counts missing values', () => {
    const rows = patients(120)
    const table = unwrap(baselineTable(rows, request))
    expect(table.cohorts).toEqual([{ cohort: null, n: [80, 40] }])
    expect(table.rows.map((r) => r.outcome.comparison?.test)).toEqual(['Welch t', 'Mann-Whitney, normal approximation with continuity correction', 'Pearson chi-square'])
    expect(table.rows[1]!.variable).toMatchObject({ unit: 'mm' })
    const missing = rows.filter((r) => r.age === null)
    expect(table.rows[0]!.groups.map((g) => g.missing)).toEqual(['0', '1'].map((s) => missing.filter((r) => r.sln === s).length))
    expect(table.rows[0]!.smd).not.toBeNull()
    expect(table.rows[2]!.smd).toBeNull()
  })
  it('by cohort: the cohorts stand side by side, rows of no cohort are counted', () => {
    const rows: DataRow[] = [...patients(120), { sln: '1', cohort: null, age: 50, size: 20, er: 'positive' }, { sln: null, cohort: 'test', age: 50, size: 20, er: 'positive' }]
    const table = unwrap(baselineTable(rows, { ...request, cohort: { column: 'cohort', levels: ['train', 'test'] } }))
    expect(table.leftOut).toBe(2)
    expect(table.cohorts.map((c) => c.n.reduce((a, b) => a + b, 0))).toEqual([96, 24])
    expect(table.rows.map((r) => [r.variable.name, r.cohort])).toEqual([['age', 'train'], ['age', 'test'], ['size', 'train'], ['size', 'test'], ['er', 'train'], ['er', 'test']])
  })
  it('percentages are of the values present', () => {
    const rows: DataRow[] = [{ g: 'a', f: 'x' }, { g: 'a', f: 'y' }, { g: 'a', f: null }, { g: 'b', f: 'x' }, { g: 'b', f: 'x' }]
    const table = unwrap(baselineTable(rows, { group: { column: 'g', levels: ['a', 'b'] }, variables: [{ kind: 'factor', name: 'f', levels: ['x', 'y'] }] }))
    expect(table.rows[0]!.groups[0]).toMatchObject({ n: 2, missing: 1, levels: [{ level: 'x', count: 1, percent: 50 }, { level: 'y', count: 1, percent: 50 }] })
    expect(table.rows[0]!.groups[1]).toMatchObject({ levels: [{ percent: 100 }, { percent: 0 }] })
  })
  it('an empty group has no figures and no test, with the reason', () => {
    const table = unwrap(baselineTable([{ sln: '0', age: 50, size: 3, er: 'positive' }], request))
    expect(table.rows[0]!.groups[1]).toMatchObject({ n: 0, mean: null, sd: null, median: null, min: null })
    for (const row of table.rows) {
      expect(row.outcome.comparison).toBeNull()
      expect(row.outcome.reason).toMatch(/\w/)
    }
  })
  it('refuses text in a number, unknown levels, no variables and one group', () => {
    expect(baselineTable([{ sln: '0', age: 'old' }], request)).toMatchObject({ ok: false, error: { code: 'not_finite', subject: 'age' } })
    expect(baselineTable([{ sln: '0', er: 'maybe' }], request)).toMatchObject({ ok: false, error: { code: 'unknown_level', subject: 'er' } })
    expect(baselineTable([], { ...request, variables: [] })).toMatchObject({ ok: false, error: { code: 'bad_task' } })
    expect(baselineTable([], { ...request, group: { column: 'sln', levels: ['0'] } })).toMatchObject({ ok: false, error: { code: 'bad_task' } })
  })
})

describe('choice of the test', () => {
  const test = (variable: NumericVariable, ...groups: number[][]) => compareNumeric(variable, groups.map((g) => Float64Array.from(g))).comparison?.test
  it('numeric: follows the declared summary or test, the size and ties, never the p value', () => {
    expect(test(size, [1, 2, 3], [4, 5, 6])).toBe('Mann-Whitney, exact')
    expect(test(size, [1, 2, 3], [3, 5, 6])).toBe('Mann-Whitney, exact permutation')
    expect(test(age, [1, 2, 3], [4, 5, 6])).toBe('Welch t')
    expect(test({ ...age, test: 'student' }, [1, 2, 3], [4, 5, 6])).toBe('Student t, pooled variance')
    expect(test({ ...age, test: 'rank' }, [1, 2, 3], [4, 5, 6])).toBe('Mann-Whitney, exact')
    expect(test(age, [1, 2], [4, 5], [7, 9])).toBe('Welch analysis of variance')
    expect(test(size, [1, 2], [4, 5], [7, 9])).toBe('Kruskal-Wallis')
    expect(test(age, [1, 1], [1, 1])).toBeUndefined()
  })
  it("categorical: Cochran's rule unless declared", () => {
    const factor = { kind: 'factor', name: 'f', levels: ['a', 'b'] } as const
    const named = (v: Parameters<typeof compareFactor>[0], counts: number[][]) => compareFactor(v, counts).comparison?.test
    expect(named(factor, [[20, 30], [25, 22]])).toBe('Pearson chi-square')
    expect(named(factor, [[1, 3], [25, 22]])).toBe('Fisher exact, 2 x 2')
    expect(named(factor, [[1, 3], [25, 22], [2, 2]])).toBe('Fisher exact, r x c')
    expect(named({ ...factor, test: 'yates' }, [[20, 30], [25, 22]])).toBe('Pearson chi-square with Yates correction')
    expect(named({ ...factor, test: 'yates' }, [[20, 30], [25, 22], [9, 9]])).toBe('Pearson chi-square')
    expect(named({ ...factor, test: 'pearson' }, [[1, 3], [25, 22]])).toBe('Pearson chi-square')
    expect(named({ ...factor, test: 'fisher' }, [[20, 30], [25, 22]])).toBe('Fisher exact, 2 x 2')
    expect(named(factor, [[20, 30], [0, 0]])).toBeUndefined()
  })
})
