import Database from 'better-sqlite3'
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { canonicalJson, sha256, type Clock } from '#main/platform/index.ts'
import { audited, carriedAsHashed, type AuditSubject } from './audited.ts'
import { migrate, pendingMigrations } from './migrate.ts'

export type Value = string | number | null
export type Row = Readonly<Record<string, Value>>

/** Reads only. Queries take this, so that what they may do is in their type. */
export interface ReadDb {
  all<T extends object>(sql: string, ...values: Value[]): T[]
  get<T extends object>(sql: string, ...values: Value[]): T | undefined
}

/** Whether a study that was last used by an older version has this table already: `verify` reads studies without migrating them. */
export const hasTable = (db: ReadDb, name: string): boolean => db.get("SELECT 1 AS x FROM sqlite_master WHERE type = 'table' AND name = ?", name) !== undefined

export interface AuditNote {
  readonly action: string
  readonly subject: AuditSubject
  readonly id: string
  readonly old?: string | null
  readonly new?: string | null
  readonly reason?: string | null
}

/** One transaction that changes rows. `audit` is called after the change: it hashes the row as it now stands. */
export interface WriteDb extends ReadDb {
  readonly origin: string
  readonly at: string
  insert(table: string, row: Row): void
  /** Changes exactly one row, or throws. */
  update(table: string, key: Row, changes: Row): void
  run(sql: string, ...values: Value[]): number
  audit(note: AuditNote): void
}

export interface StudyDatabase {
  readonly file: string
  readonly read: ReadDb
  readonly origin: string
  /** `BEGIN IMMEDIATE`, the work, its audit entries, commit with fsync. Rolled back whole when anything throws. */
  write<T>(actor: string, work: (tx: WriteDb) => T): T
  backup(to: string): Promise<void>
  /** Writes the database anew, so that nothing of deleted rows is left in its pages or its log. */
  scrub(): void
  integrity(): string[]
  close(): void
}

const EMPTY_HASH = '0'.repeat(64)

export function auditHash(entry: Row): string {
  return sha256(canonicalJson(entry))
}

export function rowHash(db: ReadDb, subject: AuditSubject, id: string): string | null {
  const row = audited[subject](db, id)
  return row === undefined ? null : sha256(canonicalJson(row))
}

/** The hash that a row from another workstation must have in its audit chain. */
export const hashOfCarried = (subject: AuditSubject, row: Row): string => sha256(canonicalJson(carriedAsHashed(subject, row)))

function reader(db: Database.Database): ReadDb {
  const statements = new Map<string, Database.Statement>()
  const prepare = (sql: string): Database.Statement => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const made = db.prepare(sql)
    if (statements.size > 400) statements.clear()
    statements.set(sql, made)
    return made
  }
  return {
    all: <T extends object>(sql: string, ...values: Value[]) => prepare(sql).all(...values) as T[],
    get: <T extends object>(sql: string, ...values: Value[]) => prepare(sql).get(...values) as T | undefined,
  }
}

function quote(name: string): string {
  if (!/^[a-z_0-9]+$/.test(name)) throw new Error(`not a column or table name: ${name}`)
  return `"${name}"`
}

function writer(db: Database.Database, read: ReadDb, actor: string, origin: string, at: string): WriteDb {
  const run = (sql: string, ...values: Value[]): number => db.prepare(sql).run(...values).changes
  return {
    ...read, origin, at, run,
    insert(table, row) {
      const names = Object.keys(row)
      run(`INSERT INTO ${quote(table)} (${names.map(quote).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, ...Object.values(row))
    },
    update(table, key, changes) {
      const set = Object.keys(changes).map((n) => `${quote(n)} = ?`).join(', ')
      const where = Object.keys(key).map((n) => `${quote(n)} IS ?`).join(' AND ')
      const changed = run(`UPDATE ${quote(table)} SET ${set} WHERE ${where}`, ...Object.values(changes), ...Object.values(key))
      if (changed !== 1) throw new Error(`an update of ${table} changed ${changed} rows instead of one`)
    },
    audit(note) {
      const last = read.get<{ seq: number; hash: string }>('SELECT seq, hash FROM audit WHERE origin = ? ORDER BY seq DESC LIMIT 1', origin)
      const entry = {
        origin, seq: (last?.seq ?? 0) + 1, at, actor, action: note.action, subject: note.subject, subject_id: note.id, old: note.old ?? null, new: note.new ?? null, reason: note.reason ?? null,
        row_hash: rowHash(read, note.subject, note.id), previous_hash: last?.hash ?? EMPTY_HASH,
      }
      this.insert('audit', { ...entry, hash: auditHash(entry) })
    },
  }
}

/** File systems that other machines write to cannot lock a SQLite database safely. */
function refuseNetworkDrive(directory: string): void {
  if (directory.startsWith('\\\\')) throw new Failure('refused', `${directory} is on a network share, where a study database can be damaged; put the study on a local disk`)
  if (process.platform !== 'linux') return
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' '))
  const hit = mounts.filter(([, point]) => point !== undefined && (directory === point || directory.startsWith(point === '/' ? '/' : `${point}/`)))
    .sort((a, b) => (b[1]?.length ?? 0) - (a[1]?.length ?? 0))[0]
  if (hit?.[2] !== undefined && /^(nfs4?|cifs|smb3?|smbfs|fuse\.sshfs|afs|9pnet)$/.test(hit[2])) {
    throw new Failure('refused', `${directory} is on a network drive (${hit[2]}), where a study database can be damaged; put the study on a local disk`)
  }
}

export interface OpenOptions { readonly clock: Clock; readonly origin: { readonly id: string; readonly name: string }; readonly mustExist?: boolean }

/** Opens (or makes) the study's database: integrity checked, backed up before a migration, migrated. */
export function openStudyDatabase(file: string, options: OpenOptions): StudyDatabase {
  if (options.mustExist === true && !existsSync(file)) throw new Failure('not_found', `there is no study in ${dirname(file)} (no ${file.split(/[\\/]/).at(-1)} in it)`)
  mkdirSync(dirname(file), { recursive: true })
  refuseNetworkDrive(dirname(file))
  let db: Database.Database
  try {
    db = new Database(file)
    db.pragma('journal_mode = WAL')
  } catch (cause) {
    throw new Failure('refused', `${file} cannot be opened as a study database (${String(cause)}); restore a backup with "sln restore"`)
  }
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('busy_timeout = 5000')
  const integrity = (): string[] => (db.pragma('quick_check') as { quick_check: string }[]).map((r) => r.quick_check).filter((t) => t !== 'ok')
  try {
    const faults = integrity()
    if (faults.length > 0) throw new Failure('refused', `${file} is damaged (${faults[0] ?? ''}); it was not changed; restore a backup with "sln restore"`)
    const now = options.clock.now().toISOString()
    const missing = pendingMigrations(db)
    const used = db.prepare('SELECT count(*) AS n FROM applied_migration').get() as { n: number }
    if (missing.length > 0 && used.n > 0) {
      db.pragma('wal_checkpoint(TRUNCATE)')
      mkdirSync(join(dirname(file), 'backups'), { recursive: true })
      copyFileSync(file, join(dirname(file), 'backups', `before-${missing[0]?.id ?? 'migration'}.db`))
    }
    migrate(db, now)
    db.prepare('INSERT OR IGNORE INTO workstation (id, name, created_at) VALUES (?, ?, ?)').run(options.origin.id, options.origin.name, now)
  } catch (error) {
    db.close()
    throw error
  }
  const read = reader(db)
  // Work that was carried here has a chain of its own for each opening of its package, so that two of them never share one.
  const origin = read.get<{ value: string }>("SELECT value FROM meta WHERE key = 'opening'")?.value ?? options.origin.id
  return {
    file, read, origin, integrity,
    write<T>(actor: string, work: (tx: WriteDb) => T): T {
      return db.transaction(() => work(writer(db, read, actor, origin, options.clock.now().toISOString()))).immediate()
    },
    backup: async (to) => {
      await db.backup(to)
    },
    scrub() {
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.exec('VACUUM')
      db.pragma('wal_checkpoint(TRUNCATE)')
    },
    close: () => db.close(),
  }
}

/** A read-only connection, for jobs in workers and for `verify`. */
export function openReadOnly(file: string): { read: ReadDb; close(): void; integrity(): string[] } {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  db.pragma('busy_timeout = 5000')
  return {
    read: reader(db),
    integrity: () => (db.pragma('integrity_check') as { integrity_check: string }[]).map((r) => r.integrity_check).filter((t) => t !== 'ok'),
    close: () => db.close(),
  }
}
