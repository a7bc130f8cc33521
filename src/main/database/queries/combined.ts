import type { ReadDb, WriteDb } from '../connection.ts'

export interface CombinedRow { id: string; name: string; version: number; document: string; sha256: string; frozen_at: string }
export const newestCombined = (db: ReadDb): CombinedRow | undefined => db.get<CombinedRow>('SELECT id, name, version, document, sha256, frozen_at FROM combined_model ORDER BY frozen_at DESC, version DESC LIMIT 1')
export function insertCombined(tx: WriteDb, row: { id: string; name: string; version: number; document: string; sha256: string }, reason: string): void {
  tx.insert('combined_model', { ...row, frozen_at: tx.at, origin: tx.origin })
  tx.audit({ action: 'combined.freeze', subject: 'combined_model', id: row.id, new: row.sha256, reason })
}
export const signatureModel = (db: ReadDb): { model: string; model_set: string } | undefined => db.get('SELECT model, model_set FROM signature WHERE is_signature = 1 ORDER BY created_at DESC LIMIT 1')
export const allVariables = (db: ReadDb): { case_id: string; variables: string }[] => db.all('SELECT case_id, variables FROM case_clinical')
