import type { ReadDb, WriteDb } from '../connection.ts'

export const metaValue = (db: ReadDb, key: string): string | undefined => db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value

export function setMeta(tx: WriteDb, key: string, value: string): void {
  tx.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value)
}
