import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyzeCaseDirectory } from '#main/services/analysis/analyzeCaseDirectory.ts'
import type { Json } from '#shared/statistics/analyze/index.ts'
import { differences } from './oracleCompare.ts'

// The public cases of the statistical oracle lie beside the repository, not in it. The fixtures of this folder stand alone without them.
const cases = join(import.meta.dirname, '../../../../shared/oracle/public')
const names = existsSync(cases) ? readdirSync(cases).filter((n) => existsSync(join(cases, n, 'task.json'))).sort() : []
if (names.length === 0) console.log(`Skipped: the public oracle cases are not at ${cases}. The other reference tests do not need them.`)

describe.skipIf(names.length === 0)('public oracle cases', () => {
  it.each(names)('%s: every field agrees', async (name) => {
    const dir = join(cases, name)
    const { results: expected } = JSON.parse(readFileSync(join(dir, 'expected.json'), 'utf8')) as { results: Json }
    const { results } = await analyzeCaseDirectory(dir)
    const { wrong, compared } = differences(expected, results as Json)
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(200)
  })
})

describe('the comparison itself', () => {
  it('sees a wrong number, a missing field, a wrong length, a wrong word', () => {
    const e = { a: 1, b: [1, 2], c: { p: 1e-20, word: 'x' }, rows: [{ id: 'i', v: 1 }, { id: 'j', v: 'Inf' }], gone: null }
    const wrong = (a: Json) => differences(e, a).wrong.length
    expect(differences(e, { ...e, rows: [...e.rows].reverse() }).wrong).toEqual([])
    expect(wrong({ ...e, a: 1.00001 })).toBe(1)
    expect(wrong({ a: 1, b: [1, 2], c: { p: 1e-20, word: 'x' } })).toBe(1)
    expect(wrong({ ...e, b: [1] })).toBe(1)
    expect(wrong({ ...e, c: { p: 1e-14, word: 'y' } })).toBe(2)
    expect(wrong({ ...e, rows: [{ id: 'i', v: 2 }, { id: 'j', v: 3 }] })).toBe(2)
    expect(wrong({ ...e, gone: 3 })).toBe(1)
  })
})
