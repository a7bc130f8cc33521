import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReviewRow } from '#shared/contract/index.ts'
import { countQueue, filterQueue, flagCounts, mergeKeepingOrder, neighbour, nextWaiting, noFilter, waitsForSecond, withState } from '#renderer/features/review/queue.ts'
import { cpuTime } from '#test/support/cpuTime.ts'

const row = (caseId: string, over: Partial<ReviewRow> = {}): ReviewRow => ({
  caseId, label: caseId, cohort: 'train', imageId: `i${caseId}`, thumbnail: '', segmentationId: `s${caseId}`, priority: 1, flags: [], reasons: [], disagreement: 0, uncertainty: 0, state: 'pending', empty: false, dice: null, second: 'none', ...over,
})
const rows = fc.uniqueArray(fc.record({ id: fc.integer({ min: 0, max: 999 }), state: fc.constantFrom('pending' as const, 'accepted' as const, 'rejected' as const) }), { selector: (r) => r.id, maxLength: 30 })
  .map((list) => list.map((r) => row(String(r.id), { state: r.state })))

describe('the next case that waits', () => {
  test('going right again and again visits every waiting case once and comes back', () => {
    fc.assert(fc.property(rows, (list) => {
      const waiting = list.filter((r) => r.state === 'pending')
      let at = nextWaiting(list, null, 1)
      if (waiting.length === 0) return void expect(at).toBeNull()
      const seen = new Set<string>()
      while (at !== null && !seen.has(at.caseId)) {
        seen.add(at.caseId)
        at = nextWaiting(list, at.caseId, 1)
      }
      expect([...seen].sort()).toEqual(waiting.map((r) => r.caseId).sort())
    }))
  })
  test('left undoes right where both are waiting', () => {
    fc.assert(fc.property(rows, (list) => {
      for (const r of list.filter((x) => x.state === 'pending')) {
        const right = nextWaiting(list, r.caseId, 1)
        if (right !== null) expect(nextWaiting(list, right.caseId, -1)?.caseId).toBe(r.caseId)
      }
    }))
  })
  test('from nowhere: right is the first, left is the last', () => {
    const list = [row('a', { state: 'accepted' }), row('b'), row('c'), row('d', { state: 'rejected' })]
    expect(nextWaiting(list, null, 1)?.caseId).toBe('b')
    expect(nextWaiting(list, null, -1)?.caseId).toBe('c')
  })
  test('the only waiting case has no next', () => {
    expect(nextWaiting([row('a'), row('b', { state: 'accepted' })], 'a', 1)).toBeNull()
  })
  test('the strip ends at its ends', () => {
    const list = [row('a'), row('b')]
    expect(neighbour(list, 'a', -1)).toBeNull()
    expect(neighbour(list, 'a', 1)?.caseId).toBe('b')
    expect(neighbour(list, 'b', 1)).toBeNull()
  })
})

describe('the filters', () => {
  const list = [row('a', { cohort: 'x', flags: ['empty'] }), row('b', { cohort: 'y', state: 'accepted' }), row('c', { cohort: 'y', flags: ['border', 'size'] })]
  test('state, cohort and reason narrow together', () => {
    expect(filterQueue(list, { ...noFilter, cohort: 'y' }, null).map((r) => r.caseId)).toEqual(['b', 'c'])
    expect(filterQueue(list, { state: 'pending', cohort: 'y', flag: 'size' }, null).map((r) => r.caseId)).toEqual(['c'])
  })
  test('the open case stays in the strip when its decision takes it out of the filter', () => {
    const decided = withState(list, 'c', 'accepted', 'none')
    expect(filterQueue(decided, { ...noFilter, state: 'pending' }, 'c').map((r) => r.caseId)).toEqual(['a', 'c'])
    expect(filterQueue(decided, { ...noFilter, state: 'pending' }, 'a').map((r) => r.caseId)).toEqual(['a'])
  })
  test('cases for a second reviewer are a filter of their own, and the arrow keys then go among them', () => {
    const mixed = [row('a', { state: 'accepted', second: 'asked' }), row('b'), row('c', { state: 'rejected', second: 'asked' }), row('d', { state: 'accepted', second: 'settled' })]
    expect(filterQueue(mixed, { ...noFilter, state: 'second' }, null).map((r) => r.caseId)).toEqual(['a', 'c'])
    expect(filterQueue(mixed, { ...noFilter, state: 'settled' }, null).map((r) => r.caseId)).toEqual(['d'])
    expect(nextWaiting(mixed, 'a', 1, waitsForSecond)?.caseId).toBe('c')
    expect(countQueue(mixed)).toMatchObject({ second: 2, settled: 1, waiting: 1 })
    expect(filterQueue(withState(mixed, 'a', 'accepted', 'settled'), { ...noFilter, state: 'second' }, null).map((r) => r.caseId)).toEqual(['c'])
  })
  test('only reasons that occur are offered, with how many cases have each', () => {
    expect(flagCounts([...list, row('d', { flags: ['border'] })])).toEqual([{ flag: 'empty', count: 1 }, { flag: 'border', count: 2 }, { flag: 'size', count: 1 }])
  })
  test('10 000 rows are filtered within a tenth of a second', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => row(String(i), { flags: i % 3 === 0 ? ['border'] : [] }))
    expect(Math.min(...[1, 2, 3].map(() => cpuTime(() => expect(filterQueue(many, { ...noFilter, flag: 'border' }, null)).toHaveLength(3334))))).toBeLessThan(100)
  })
})

test('a refresh moves nothing: known cases keep their places, new ones come last, vanished ones go', () => {
  const fresh = [row('d'), row('b', { state: 'accepted' }), row('a')]
  const merged = mergeKeepingOrder([row('a'), row('b'), row('c')], fresh)
  expect(merged.map((r) => `${r.caseId} ${r.state}`)).toEqual(['a pending', 'b accepted', 'd pending'])
})

test('counts by state add up', () => {
  fc.assert(fc.property(rows, (list) => {
    const c = countQueue(list)
    expect(c.waiting + c.accepted + c.corrected + c.rejected).toBe(c.all)
    expect(c.waiting).toBe(list.filter((r) => r.state === 'pending').length)
  }))
})
