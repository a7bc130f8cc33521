export { auditHash, hashOfCarried, openReadOnly, openStudyDatabase, type ReadDb, type StudyDatabase, type WriteDb, type Row, type Value } from './connection.ts'
export { UnknownMigrationError, MIGRATIONS } from './migrate.ts'
export { verifyAudit } from './verifyAudit.ts'
export type { AuditSubject } from './audited.ts'
