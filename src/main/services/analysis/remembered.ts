import { auditHeads } from '#main/database/queries/auditLog.ts'
import type { OpenStudy } from '../context.ts'

const memo = new WeakMap<OpenStudy, { head: string; values: Map<string, unknown> }>()

/** The value as computed before, as long as nothing was written since: every change of a study moves the head of its audit log. */
export function remembered<T>(study: OpenStudy, key: string, make: () => T): T {
  const head = auditHeads(study.db.read).map((h) => `${h.origin}:${h.seq}:${h.hash}`).join(' ')
  let known = memo.get(study)
  if (known === undefined || known.head !== head) memo.set(study, (known = { head, values: new Map() }))
  if (!known.values.has(key)) known.values.set(key, make())
  return known.values.get(key) as T
}
