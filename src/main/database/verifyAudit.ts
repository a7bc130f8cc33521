import { audited, subjectKey, type AuditSubject } from './audited.ts'
import { auditHash, hasTable, rowHash, type ReadDb, type Row } from './connection.ts'

export interface AuditFault { readonly what: string }

/**
 * Recomputes every chain and every row's hash. Finds an entry that was altered, deleted, inserted or reordered,
 * and a row that was altered, deleted or made without an entry. O(entries + rows).
 */
export function verifyAudit(db: ReadDb): { entries: number; rows: number; faults: AuditFault[] } {
  const faults: AuditFault[] = []
  let entries = 0
  const redacted = new Map((hasTable(db, 'audit_redaction') ? db.all<{ origin: string; seq: number; hash: string }>('SELECT origin, seq, hash FROM audit_redaction') : []).map((r) => [`${r.origin}\n${r.seq}`, r.hash]))
  const latest = new Map<string, { subject: AuditSubject; id: string; hash: string | null; seq: number }>()
  for (const { origin } of db.all<{ origin: string }>('SELECT DISTINCT origin FROM audit ORDER BY origin')) {
    let previous = '0'.repeat(64)
    let seq = 0
    for (const row of db.all<Row>('SELECT * FROM audit WHERE origin = ? ORDER BY seq', origin)) {
      entries++
      seq++
      const { hash, ...entry } = row
      if (row['seq'] !== seq) faults.push({ what: `audit ${origin}: entry ${seq} is missing (found ${String(row['seq'])})` })
      seq = Number(row['seq'])
      if (row['previous_hash'] !== previous) faults.push({ what: `audit ${origin}#${seq}: it does not follow the entry before it` })
      // The texts of a withdrawn patient are gone: then the entry as it now stands must hash to what the withdrawal (itself in the chain) says.
      if (auditHash(entry) !== (redacted.get(`${origin}\n${seq}`) ?? hash)) faults.push({ what: `audit ${origin}#${seq}: its text was altered` })
      previous = String(hash)
      const subject = row['subject'] as AuditSubject
      if (subject !== 'event' && subject in audited) {
        latest.set(`${subject}\n${String(row['subject_id'])}`, { subject, id: String(row['subject_id']), hash: row['row_hash'] as string | null, seq })
      }
    }
  }
  for (const { subject, id, hash, seq } of latest.values()) {
    const now = rowHash(db, subject, id)
    if (now === hash) continue
    faults.push({ what: now === null ? `${subject} ${id}: the row is gone (last written in audit entry ${seq})` : `${subject} ${id}: the row was altered after audit entry ${seq}` })
  }
  let rows = 0
  for (const subject of Object.keys(audited) as AuditSubject[]) {
    if (subject === 'event' || !hasTable(db, subject)) continue
    for (const { key } of db.all<{ key: string }>(`SELECT ${subjectKey(subject)} AS key FROM ${subject}`)) {
      rows++
      if (!latest.has(`${subject}\n${key}`)) faults.push({ what: `${subject} ${key}: a row that no audit entry made` })
    }
  }
  return { entries, rows, faults }
}
