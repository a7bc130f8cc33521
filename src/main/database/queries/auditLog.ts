import type { AuditEntry } from '#shared/contract/index.ts'
import type { ReadDb, Row, Value } from '../connection.ts'

interface AuditRow { seq: number; origin: string; at: string; actor: string; action: string; subject: string; subject_id: string; old: string | null; new: string | null; reason: string | null; hash: string }
const toEntry = (row: AuditRow): AuditEntry => ({ seq: row.seq, origin: row.origin, at: row.at, actor: row.actor, action: row.action, subject: row.subject, subjectId: row.subject_id, old: row.old, new: row.new, reason: row.reason, hash: row.hash })

export interface AuditFilter {
  readonly before?: { readonly at: string; readonly origin: string; readonly seq: number } | undefined
  readonly actor?: string | undefined; readonly action?: string | undefined; readonly subject?: string | undefined; readonly subjectId?: string | undefined; readonly limit: number
}

/** The newest entries first over all origins, filtered; `total` counts all that match. */
export function auditEntries(db: ReadDb, filter: AuditFilter): { entries: AuditEntry[]; total: number } {
  const where: string[] = [], values: Value[] = []
  const add = (sql: string, value: Value | undefined): void => {
    if (value === undefined || value === '') return
    where.push(sql)
    values.push(value)
  }
  add('actor = ?', filter.actor)
  add("action LIKE ? || '%'", filter.action)
  add('subject = ?', filter.subject)
  add('subject_id = ?', filter.subjectId)
  const total = db.get<{ n: number }>(`SELECT count(*) AS n FROM audit ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}`, ...values)?.n ?? 0
  if (filter.before !== undefined) {
    where.push('(at, origin, seq) < (?, ?, ?)')
    values.push(filter.before.at, filter.before.origin, filter.before.seq)
  }
  const rows = db.all<AuditRow>(`SELECT * FROM audit ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY at DESC, origin DESC, seq DESC LIMIT ?`, ...values, filter.limit)
  return { entries: rows.map(toEntry), total }
}

/** The newest entry of each origin's chain: while none moves, nothing in the study changed. */
export const auditHeads = (db: ReadDb): { origin: string; seq: number; hash: string }[] =>
  db.all('SELECT origin, seq, hash FROM audit WHERE (origin, seq) IN (SELECT origin, max(seq) FROM audit GROUP BY origin) ORDER BY origin')

export const auditEntryAt = (db: ReadDb, origin: string, seq: number): { hash: string } | undefined => db.get('SELECT hash FROM audit WHERE origin = ? AND seq = ?', origin, seq)
/** A whole chain as it is stored, oldest first. */
export const auditChain = (db: ReadDb, origin: string): Row[] => db.all<Row>('SELECT * FROM audit WHERE origin = ? ORDER BY seq', origin)

export function auditFacets(db: ReadDb): { actors: string[]; actions: string[]; subjects: string[] } {
  const distinct = (column: 'actor' | 'action' | 'subject'): string[] => db.all<{ value: string }>(`SELECT DISTINCT ${column} AS value FROM audit ORDER BY value`).map((r) => r.value)
  return { actors: distinct('actor'), actions: distinct('action'), subjects: distinct('subject') }
}

/** What happened to a case: to its row, its images, masks, reviews, tasks and signatures. */
export const caseAudit = (db: ReadDb, caseId: string): AuditEntry[] => db.all<AuditRow>(`
  SELECT audit.* FROM audit WHERE subject_id IN (SELECT ? UNION SELECT id FROM image WHERE case_id = ? UNION SELECT id FROM annotation WHERE case_id = ? UNION SELECT id FROM segmentation WHERE case_id = ?
    UNION SELECT id FROM review WHERE case_id = ? UNION SELECT id FROM signature WHERE case_id = ? UNION SELECT id FROM representative_choice WHERE case_id = ?
    UNION SELECT review_question.id FROM review_question JOIN segmentation ON segmentation.id = segmentation_id WHERE case_id = ? UNION SELECT adjudication.id FROM adjudication JOIN segmentation ON segmentation.id = segmentation_id WHERE case_id = ?) ORDER BY at, seq`, caseId, caseId, caseId, caseId, caseId, caseId, caseId, caseId, caseId).map(toEntry)

const OF_A_CASE = ['image', 'annotation_task', 'annotation', 'segmentation', 'review', 'signature', 'representative_choice'] as const
/** Which case each of these subjects belongs to; a subject that belongs to none (an account, a protocol) is not in the answer. */
export function casesOfSubjects(db: ReadDb, subjectIds: readonly string[]): { subject: string; id: string; label: string }[] {
  const ids = JSON.stringify([...new Set(subjectIds)])
  const wanted = 'IN (SELECT value FROM json_each(?))'
  const arms = [`SELECT id AS subject, id AS case_id FROM study_case WHERE id ${wanted}`, ...OF_A_CASE.map((table) => `SELECT id, case_id FROM ${table} WHERE id ${wanted}`)]
  return db.all(`SELECT subject, study_case.id, label FROM (${arms.join(' UNION ALL ')}) JOIN study_case ON study_case.id = case_id`, ...arms.map(() => ids))
}

/** The texts that entries of one action made. */
export const auditTexts = (db: ReadDb, action: string): string[] => db.all<{ text: string }>('SELECT DISTINCT new AS text FROM audit WHERE action = ? AND new IS NOT NULL ORDER BY new', action).map((r) => r.text)
