import { describe, expect, test } from 'vitest'
import { accountState, loginProblem, suggestLogin } from '#renderer/features/accounts/accountWords.ts'
import { suggestPassword } from '#renderer/features/accounts/firstPassword.ts'
import { actionChoices, auditQuery, everything, pretty } from '#renderer/features/audit/auditLog.ts'

describe('accounts', () => {
  test('a first password has 16 letters of 32 equally likely ones, long enough, none confusable', () => {
    expect(suggestPassword(() => Uint8Array.from({ length: 16 }, (_, i) => i * 17))).toMatch(/^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){3}$/)
    const letters = new Set(Array.from({ length: 256 }, (_, byte) => suggestPassword(() => new Uint8Array(16).fill(byte))[0]))
    expect(letters.size).toBe(32)
    expect(new Set(Array.from({ length: 200 }, () => suggestPassword())).size).toBe(200)
  })
  test('a login is suggested from the name and fits the rules', () => {
    expect([suggestLogin('Dr Müller-Åse'), suggestLogin('  Lin  '), suggestLogin('李')]).toEqual(['dr.muller.ase', 'lin', ''])
    expect(loginProblem(suggestLogin('Dr Müller-Åse'), [])).toBeNull()
    expect(loginProblem('Lin', [])).toContain('2 to 40')
    expect(loginProblem('lin', ['lin'])).toBe('this login is taken')
  })
  test('the strongest hindrance is the state', () => {
    const base = { disabled: false, locked: false, mustChangePassword: false, demo: false }
    expect([base, { ...base, mustChangePassword: true }, { ...base, locked: true, mustChangePassword: true }, { ...base, disabled: true, locked: true }].map((a) => accountState(a).label)).toEqual(['Active', 'First password', 'Locked for a while', 'Disabled'])
  })
})

describe('audit log', () => {
  const entry = { seq: 7, origin: 'o', at: '2026-01-01T00:00:00Z', actor: 'a', action: 'x.y', subject: 's', subjectId: 'i', old: null, new: null, reason: null, hash: 'h' }
  test('only filters that are set are asked for; the next page goes on after the last entry', () => {
    expect(auditQuery(everything, undefined)).toEqual({ limit: 200 })
    expect(auditQuery({ ...everything, actor: 'lin', subjectId: ' 01x ' }, entry)).toEqual({ limit: 200, actor: 'lin', subjectId: '01x', before: { at: entry.at, origin: 'o', seq: 7 } })
  })
  test('actions are offered with the groups that hold more than one', () => {
    expect(actionChoices(['review.accepted', 'review.rejected', 'import', 'study.verify'])).toEqual(['import', 'review.', 'review.accepted', 'review.rejected', 'study.verify'])
  })
  test('JSON is indented for reading, everything else stays', () => {
    expect([pretty('{"a":1}'), pretty('{broken'), pretty('plain'), pretty(null)]).toEqual(['{\n  "a": 1\n}', '{broken', 'plain', ''])
  })
})
