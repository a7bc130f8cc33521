import type { ReadDb } from '../connection.ts'

export interface PackageRow { id: string; kind: 'reader' | 'annotator'; account_id: string; items: number; chain: string; head_seq: number; head_hash: string; created_at: string; origin: string }
export const packagesOf = (db: ReadDb, accountId: string): PackageRow[] => db.all<PackageRow>('SELECT * FROM package WHERE account_id = ? ORDER BY created_at', accountId)
export const packageById = (db: ReadDb, id: string): PackageRow | undefined => db.get<PackageRow>('SELECT * FROM package WHERE id = ?', id)
export const allPackages = (db: ReadDb): PackageRow[] => db.all<PackageRow>('SELECT * FROM package ORDER BY created_at DESC')

export interface MergeRow { id: string; package_id: string; chain: string; head_seq: number; head_hash: string; taken: number; known: number; conflicts: number; merged_at: string }
export const mergesOf = (db: ReadDb, packageId: string): MergeRow[] => db.all<MergeRow>('SELECT * FROM package_merge WHERE package_id = ? ORDER BY merged_at', packageId)

export interface ConflictRow { id: string; package_id: string; subject: string; subject_id: string; kept_id: string; document: string; created_at: string }
export const conflictsOf = (db: ReadDb, packageId: string): ConflictRow[] => db.all<ConflictRow>('SELECT * FROM merge_conflict WHERE package_id = ? ORDER BY created_at', packageId)
