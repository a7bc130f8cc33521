import type { ReadDb, WriteDb } from '../connection.ts'

/** Every account of the person who has this one. */
const OWN = 'SELECT id FROM account WHERE coalesce(person, id) = (SELECT coalesce(person, id) FROM account WHERE id = ?)'

/** The latest time at which a person saw any case of a session in another way: in another session, while drawing, while reviewing, under any of their accounts. */
export const lastExposure = (db: ReadDb, accountId: string, sessionId: string): string | null => db.get<{ at: string | null }>(`
  SELECT max(at) AS at FROM exposure WHERE account_id IN (${OWN}) AND kind <> ? AND case_id IN (SELECT case_id FROM reading_order WHERE session_id = ?)`, accountId, `reading:${sessionId}`, sessionId)?.at ?? null

/** How many of these cases a person has seen, and when last. */
export const exposureTo = (db: ReadDb, accountId: string, caseIds: readonly string[]): { cases: number; last: string | null } => db.get<{ cases: number; last: string | null }>(`
  SELECT count(DISTINCT case_id) AS cases, max(at) AS last FROM exposure WHERE account_id IN (${OWN}) AND case_id IN (SELECT value FROM json_each(?))`, accountId, JSON.stringify(caseIds)) ?? { cases: 0, last: null }

/** Whether one of a person's accounts is an investigator's: who sees outcomes cannot read. */
export const isInvestigator = (db: ReadDb, accountId: string): boolean => db.get(`SELECT id FROM account WHERE role = 'investigator' AND id IN (${OWN})`, accountId) !== undefined

/** A person saw a case. One entry a day and kind, so that the last day is known; or, where the hour matters, one in `everyMinutes`. */
export function recordExposure(tx: WriteDb, accountId: string, caseId: string, kind: string, everyMinutes?: number): void {
  const since = everyMinutes === undefined ? tx.at.slice(0, 10) : new Date(Date.parse(tx.at) - everyMinutes * 60_000).toISOString()
  if (tx.get('SELECT 1 AS x FROM exposure WHERE account_id = ? AND case_id = ? AND kind = ? AND at >= ?', accountId, caseId, kind, since) !== undefined) return
  tx.insert('exposure', { account_id: accountId, case_id: caseId, kind, at: tx.at })
}
