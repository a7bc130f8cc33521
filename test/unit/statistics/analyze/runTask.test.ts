import { describe, expect, it } from 'vitest'
import { adapters, parseTable, runTask, toJson, type AnalysisSpec, type ImageArray, type Json } from '#shared/statistics/analyze/index.ts'
import { completeCases, filterRows, levelText, numbers, texts, whereEquals } from '#shared/statistics/analyze/table.ts'

const run = (analyses: AnalysisSpec[], records: string[][], images: Record<string, ImageArray> = {}) =>
  runTask({ case: 'c', analyses }, { tables: new Map([['data.csv', records]]), images: new Map(Object.entries(images)), sha256: () => '' }).results
const field = (json: Json | undefined, ...path: string[]): Json | undefined => path.reduce<Json | undefined>((j, p) => (j as Record<string, Json> | undefined)?.[p], json)

describe('tables', () => {
  const table = parseTable([['id', 'x', 'größe; "mm"', 'mixed', 'none', 'inf'], ['1', '0.10', 'a', '1', '', 'Inf'], ['2', 'NA', '', 'b', 'NA', '-Inf'], ['10', ' 3e-2 ', 'a', '2', '', '1']])

  it('types a column by all its values; empty and NA are missing', () => {
    expect([...numbers(table, 'x')]).toEqual([0.1, NaN, 0.03])
    expect([...numbers(table, 'inf')]).toEqual([Infinity, -Infinity, 1])
    expect(texts(table, 'größe; "mm"')).toEqual(['a', null, 'a'])
    expect(texts(table, 'mixed')).toEqual(['1', 'b', '2'])
    expect(texts(table, 'x')).toEqual(['0.1', null, '0.03'])
    expect([...numbers(table, 'none')]).toEqual([NaN, NaN, NaN])
    expect(() => numbers(table, 'mixed')).toThrow('should hold numbers but has the value "b"')
    expect(() => numbers(table, 'y')).toThrow('has no column "y"; it has: id, x')
  })

  it('drops incomplete rows over the named columns only, and filters by value', () => {
    expect(completeCases(table, ['id', 'x']).rows).toBe(2)
    expect(completeCases(table, ['id']).rows).toBe(3)
    expect(whereEquals(table, { column: 'id', equals: '10' }).rows).toBe(1)
    expect(whereEquals(table, { column: 'id', equals: 10 }).rows).toBe(1)
    expect(whereEquals(table, { column: 'x', equals: 0.1 }).rows).toBe(1)
    expect(whereEquals(table, { column: 'größe; "mm"', equals: 'a' }).rows).toBe(2)
    expect(whereEquals(table, { column: 'größe; "mm"', equals: 'b' }).rows).toBe(0)
    expect(filterRows(table, () => false).rows).toBe(0)
    expect([levelText(1), levelText(0.1 + 0.2), levelText(true), levelText('é')]).toEqual(['1', '0.3', 'TRUE', 'é'])
  })

  it('has no rows for a file without records or a short one', () => {
    expect(parseTable([]).rows).toBe(0)
    expect([...numbers(parseTable([['a', 'b'], ['1']]), 'b')]).toEqual([NaN])
  })
})

describe('results', () => {
  it('write undefined as null, infinities as words, and leave absent fields out', () => {
    expect(toJson({ a: NaN, b: -Infinity, c: [1, Infinity, null], d: undefined, e: Float64Array.from([1, NaN]), f: 'x' })).toEqual({ a: null, b: '-Inf', c: [1, 'Inf', null], e: [1, null], f: 'x' })
  })
})

describe('runTask', () => {
  const header = ['y', 's', 't', 'g']
  const rows = [['0', '0.1', '1', 'a'], ['1', '0.4', '3', 'a'], ['0', '0.35', '2', 'b'], ['1', '0.8', '', 'b'], ['0', '0.2', '2', 'a'], ['1', '0.3', '2', 'b']]

  it('counts as missing in a baseline table every row that is not used, those of other groups included', () => {
    const { b } = run([{ id: 'b', type: 'baseline', group: 'g', group_levels: ['a', 'b'], variables: [{ name: 'x', type: 'numeric' }, { name: 'f', type: 'factor', levels: ['p', 'q'] }] }],
      [['g', 'x', 'f'], ['a', '1', 'p'], ['a', '', 'q'], ['b', '2', 'q'], ['c', '3', 'p'], ['', '4', 'p'], ['b', '5', '']])
    expect([field(b, 'variables', 'x', 'n_missing'), field(b, 'variables', 'f', 'n_missing')]).toEqual([3, 3])
  })

  it('gives each analysis its own result or its own error', () => {
    const results = run([
      { id: 'good', type: 'roc', outcome: 'y', scores: ['s'] }, { id: 'unknown', type: 'rok' }, { id: 'column', type: 'roc', outcome: 'y', scores: ['q'] },
      { id: 'field', type: 'roc', scores: ['s'] }, { id: 'table', type: 'roc', data: 'other.csv', outcome: 'y', scores: ['s'] },
      { id: 'filter', type: 'roc', outcome: 'y', scores: ['s'], where: { column: 'g' } }, { id: 'image', type: 'zscore', image: 'none.png' },
    ], [header, ...rows])
    expect(field(results.good, 'scores', 's', 'auc')).toBeCloseTo(8 / 9, 14)
    expect(['unknown', 'column', 'field', 'table', 'filter', 'image'].map((id) => field(results[id], 'error', 'code'))).toEqual(['bad_task', 'unknown_column', 'bad_task', 'bad_task', 'bad_task', 'bad_task'])
    expect(field(results.field, 'error', 'message')).toBe('The analysis "field" needs "outcome" to be text, not undefined.')
    expect(field(results.unknown, 'error', 'message')).toContain('there are: roc, roc_unpaired, logistic')
  })

  it('takes complete cases per score, per pair and over all scores, after the filter', () => {
    const spec = { id: 'r', type: 'roc', outcome: 'y', scores: ['s', 't'], thresholds: [0.3], pauc: [{ focus: 'specificity', from: 1, to: 0.5 }] }
    const all = run([spec], [header, ...rows]).r
    expect([field(all, 'n_total'), field(all, 'scores', 's', 'n_used'), field(all, 'scores', 't', 'n_used'), field(all, 'delong_covariance', 'n_used')]).toEqual([6, 6, 5, 5])
    expect((field(all, 'paired') as Json[]).map((p) => [field(p, 'a'), field(p, 'b'), field(p, 'n_used')])).toEqual([['s', 't', 5]])
    const filtered = run([{ ...spec, where: { column: 'g', equals: 'a' } }], [header, ...rows]).r
    expect([field(filtered, 'n_total'), field(filtered, 'scores', 's', 'n_neg'), field(filtered, 'scores', 's', 'auc'), field(filtered, 'scores', 's', 'delong_var')]).toEqual([3, 2, 1, null])
  })

  it('says why one score fails and goes on with the others', () => {
    const results = run([{ id: 'r', type: 'roc', outcome: 'y', scores: ['s', 'u'] }], [[...header, 'u'], ...rows.map((r) => [...r, r[0] === '1' ? '5' : ''])]).r
    expect(field(results, 'scores', 'u', 'error', 'code')).toBe('one_class')
    expect(field(results, 'scores', 's', 'auc')).toBeCloseTo(8 / 9, 14)
    expect(field(results, 'delong_covariance', 'error', 'code')).toBe('one_class')
    const missing = run([{ id: 'r', type: 'roc', outcome: 'y', scores: ['u'] }], [[...header, 'u'], ...rows.map((r) => [...r, ''])]).r
    expect(field(missing, 'scores', 'u')).toMatchObject({ n_used: 0, error: { code: 'too_few' } })
  })

  it('thins a long curve to its every k-th point and the last', () => {
    const many = Array.from({ length: 900 }, (_, i) => [String(i % 2), String((i * 37) % 1000)])
    const coords = field(run([{ id: 'r', type: 'roc', outcome: 'y', scores: ['s'] }], [['y', 's'], ...many]).r, 'scores', 's', 'coords')
    const points = field(coords, 'points') as Json[]
    expect([field(coords, 'stride'), field(coords, 'n_points')]).toEqual([3, 901])
    expect([points.length, field(points.at(-1), 'index'), field(points.at(-1), 'threshold_obs')]).toEqual([301, 900, 'Inf'])
  })

  it('compares groups and refuses a reader study with holes or contradictions', () => {
    const un = run([{ id: 'u', type: 'roc_unpaired', outcome: 'y', scores: ['s'], group: 'g', levels: ['a', 'b', 'c'] }], [header, ...rows]).u
    expect((field(un, 's') as Json[]).map((p) => field(p, 'error', 'code'))).toEqual(['too_few', 'too_few', 'too_few'])
    const long = [['test', 'reader', 'case', 'truth', 'rating']]
    for (const test of ['1', '2']) for (const reader of ['A', 'B']) for (let k = 0; k < 8; k++) long.push([test, reader, `c${k}`, String(k % 2), String((k * 5 + Number(test) * 3 + (reader === 'A' ? 1 : 4)) % 7)])
    const study = (records: string[][]) => run([{ id: 'm', type: 'mrmc', tests: [1, 2], readers: ['A', 'B'] }], records).m
    expect(field(study(long), 'n_cases')).toBe(8)
    expect(field(study(long), 'delong', 'RRRC', 'df1')).toBe(1)
    expect(field(study(long.slice(0, -1)), 'error', 'code')).toBe('not_crossed')
    expect(field(study([...long, ['2', 'B', 'c0', '0', '3']]), 'error', 'message')).toContain('rated the case c0 twice')
    expect(field(study([...long.slice(0, -1), ['2', 'B', 'c7', '0', '3']]), 'error', 'code')).toBe('bad_labels')
  })

  it('knows every type of the oracle', () => {
    expect([...adapters.keys()].sort()).toEqual(['baseline', 'bland_altman', 'calibration', 'crop_resize', 'dca', 'fleiss', 'icc', 'kappa', 'logistic', 'lr_schedule', 'masks', 'minmax', 'model_vs_readers', 'mrmc', 'nomogram', 'reclass', 'roc', 'roc_unpaired', 'zscore'])
  })
})
