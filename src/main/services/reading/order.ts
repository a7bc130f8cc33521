import { createRandom } from '#shared/lib/index.ts'

/**
 * A reader's order of one session: seeded by protocol, reader and session, in blocks that hold the cohorts in balance.
 * Each cohort is shuffled, then dealt so that every stretch of the list has the cohorts in proportion. Same arguments, same order.
 */
export function readingOrder(cases: readonly { case_id: string; cohort: string }[], seed: number, reader: string, session: number): string[] {
  const random = createRandom(seed).fork(reader).fork(session)
  const groups = new Map<string, string[]>()
  for (const c of cases) groups.set(c.cohort, [...(groups.get(c.cohort) ?? []), c.case_id])
  const placed: { id: string; at: number }[] = []
  for (const [cohort, ids] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const own = random.fork(cohort)
    own.shuffle(ids).forEach((id, i) => placed.push({ id, at: (i + own.next()) / ids.length }))
  }
  return placed.sort((a, b) => a.at - b.at).map((p) => p.id)
}
