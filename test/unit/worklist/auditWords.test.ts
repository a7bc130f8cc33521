import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditPhrase } from '#shared/domain/index.ts'
import { root } from '#test/support/studies.ts'

/** Every action that the sources write, of the entries whose action is a plain text. */
function written(): string[] {
  const folder = join(root, 'src', 'main')
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    return [...text.matchAll(/audit\(\{ action: ([^,]+),/g)].flatMap((call) => [...(call[1] ?? '').matchAll(/'([a-zA-Z]+(?:\.[a-zA-Z]+)?)'/g)].map((m) => m[1] ?? ''))
  })
  return [...new Set(found)].sort()
}

test('every action that the program writes has a phrase of its own', () => {
  const actions = [...written(), 'review.accepted', 'review.corrected', 'review.rejected', 'protocol.amend', 'protocol.addReader', 'protocol.replaceReader', 'protocol.withdrawReader']
  expect(actions.length).toBeGreaterThan(70)
  expect(actions.filter((action) => auditPhrase(action) === action)).toEqual([])
  expect(new Set(actions.map(auditPhrase)).size).toBe(new Set(actions).size)
})
test('a group says what it is about, and a code of another version stays as it is', () => {
  expect(auditPhrase('review.')).toBe('All about reviews')
  expect(auditPhrase('future.deed')).toBe('future.deed')
})
