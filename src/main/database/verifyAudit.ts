import { audited, subjectKey, type AuditSubject } from './audited.ts'
import { auditHash, hasTable, rowHash, type ReadDb, type Row } from './connection.ts'

export interface AuditFault { readonly what: string; /** the row that it is about */ readonly id?: string }

/** The last entry of a chain about a row. */
interface Last { readonly origin: string; readonly subject: AuditSubject; readonly id: string; readonly hash: string | null; readonly seq: number }
/** At entry `at` of chain `into`, chain `origin` up to `seq` was known: what `into` says of a row after that is newer. */
interface Merge { readonly origin: string; readonly seq: number; readonly into: string; readonly at: number }

function headIn(text: unknown): { origin: string; seq: number } {
  try {
    const head = JSON.parse(String(text)) as { origin?: unknown; seq?: unknown }
    return { origin: String(head.origin), seq: Number(head.seq) }
  } catch {
    return { origin: '', seq: 0 }
  }
}

/**
 * Recomputes every chain and every row's hash. Finds an entry that was altered, deleted, inserted or reordered,
 * and a row that was altered, deleted or made without an entry. O(entries + rows).
 */
export function verifyAudit(db: ReadDb): { entries: number; rows: number; faults: AuditFault[] } {
  const faults: AuditFault[] = []
  let entries = 0
  const redacted = new Map((hasTable(db, 'audit_redaction') ? db.all<{ origin: string; seq: number; hash: string }>('SELECT origin, seq, hash FROM audit_redaction') : []).map((r) => [`${r.origin}\n${r.seq}`, r.hash]))
  const latest = new Map<string, Last[]>()
  const merges: Merge[] = []
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
        const key = `${subject}\n${String(row['subject_id'])}`
        const others = (latest.get(key) ?? []).filter((l) => l.origin !== origin)
        latest.set(key, [...others, { origin, subject, id: String(row['subject_id']), hash: row['row_hash'] as string | null, seq }])
      }
      if (row['action'] === 'package.merge' || row['action'] === 'package.open') merges.push({ ...headIn(row['new']), into: origin, at: seq })
    }
  }
  for (const last of latest.values()) {
    const standing = last.filter((l) => !last.some((later) => merges.some((m) => m.origin === l.origin && m.seq >= l.seq && m.into === later.origin && m.at <= later.seq)))
    const [first] = standing
    if (first === undefined) continue
    const now = rowHash(db, first.subject, first.id)
    if (standing.some((l) => l.hash === now)) continue
    faults.push({ what: now === null ? `${first.subject} ${first.id}: the row is gone (last written in audit entry ${first.seq})` : `${first.subject} ${first.id}: the row was altered after audit entry ${first.seq}`, id: first.id })
  }
  let rows = 0
  for (const subject of Object.keys(audited) as AuditSubject[]) {
    if (subject === 'event' || !hasTable(db, subject)) continue
    for (const { key } of db.all<{ key: string }>(`SELECT ${subjectKey(subject)} AS key FROM ${subject}`)) {
      rows++
      if (!latest.has(`${subject}\n${key}`)) faults.push({ what: `${subject} ${key}: a row that no audit entry made`, id: key })
    }
  }
  return { entries, rows, faults }
}
