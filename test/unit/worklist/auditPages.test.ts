import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { auditEntries, auditFacets } from '#main/database/queries/auditLog.ts'
import type { ReadDb } from '#main/database/index.ts'

interface Made { readonly origin: string; readonly second: number; readonly actor: string; readonly action: string }

function logOf(made: readonly Made[]): ReadDb {
  const db = new Database(':memory:')
  db.exec('CREATE TABLE audit (origin TEXT, seq INTEGER, at TEXT, actor TEXT, action TEXT, subject TEXT, subject_id TEXT, old TEXT, new TEXT, reason TEXT, row_hash TEXT, previous_hash TEXT, hash TEXT, PRIMARY KEY (origin, seq))')
  const next = new Map<string, number>()
  const insert = db.prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, 'review', 'r1', NULL, NULL, NULL, NULL, '', '')")
  for (const m of made) {
    const seq = (next.get(m.origin) ?? 0) + 1
    next.set(m.origin, seq)
    insert.run(m.origin, seq, `2026-01-01T00:00:${String(m.second).padStart(2, '0')}.000Z`, m.actor, m.action)
  }
  return { get: (sql: string, ...values: unknown[]) => db.prepare(sql).get(...values), all: (sql: string, ...values: unknown[]) => db.prepare(sql).all(...values) } as unknown as ReadDb
}
const entry = fc.record({ origin: fc.constantFrom('o1', 'o2', 'o3'), second: fc.integer({ min: 0, max: 3 }), actor: fc.constantFrom('lin', 'ana'), action: fc.constantFrom('review.accepted', 'review.rejected', 'import') })

describe('pages of the audit log', () => {
  test('page by page every entry comes once, newest first, also where several workstations wrote at one time', () => {
    fc.assert(fc.property(fc.array(entry, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (made, limit) => {
      const db = logOf(made)
      const seen: string[] = [], times: string[] = []
      let before: { at: string; origin: string; seq: number } | undefined
      for (;;) {
        const page = auditEntries(db, { limit, before })
        expect(page.total).toBe(made.length)
        if (page.entries.length === 0) break
        seen.push(...page.entries.map((e) => `${e.origin} ${e.seq}`))
        times.push(...page.entries.map((e) => e.at))
        const last = page.entries.at(-1)
        before = last === undefined ? undefined : { at: last.at, origin: last.origin, seq: last.seq }
      }
      expect(seen.length).toBe(made.length)
      expect(new Set(seen).size).toBe(made.length)
      expect(times).toEqual([...times].sort().reverse())
    }), { numRuns: 60 })
  })
  test('filters narrow the entries and the total; an action is taken by its beginning', () => {
    const db = logOf([{ origin: 'o', second: 1, actor: 'lin', action: 'review.accepted' }, { origin: 'o', second: 2, actor: 'ana', action: 'review.rejected' }, { origin: 'o', second: 3, actor: 'lin', action: 'import' }])
    const actions = (filter: Partial<Parameters<typeof auditEntries>[1]>): string[] => auditEntries(db, { limit: 9, ...filter }).entries.map((e) => e.action)
    expect(actions({ action: 'review.' })).toEqual(['review.rejected', 'review.accepted'])
    expect(actions({ action: 'review.', actor: 'lin' })).toEqual(['review.accepted'])
    expect(actions({ subjectId: 'other' })).toEqual([])
    expect(auditEntries(db, { limit: 1, actor: 'lin' }).total).toBe(2)
    expect(auditFacets(db)).toEqual({ actors: ['ana', 'lin'], actions: ['import', 'review.accepted', 'review.rejected'], subjects: ['review'] })
  })
})
