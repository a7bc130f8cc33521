import type { ReadDb, WriteDb } from '../connection.ts'

export const metaValue = (db: ReadDb, key: string): string | undefined => db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value

export function setMeta(tx: WriteDb, key: string, value: string): void {
  tx.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value)
}

/** Each study's own secret, made when first needed: new UIDs, patient codes and date shifts come from it, so that they are consistent in a study and say nothing outside. */
export function studySecret(db: { read: ReadDb; write<T>(actor: string, work: (tx: WriteDb) => T): T }, make: () => string): Uint8Array {
  const known = metaValue(db.read, 'secret')
  if (known !== undefined) return Buffer.from(known, 'base64')
  const secret = make()
  db.write('program', (tx) => {
    setMeta(tx, 'secret', secret)
    tx.audit({ action: 'study.secret', subject: 'meta', id: 'secret' })
  })
  return Buffer.from(secret, 'base64')
}
