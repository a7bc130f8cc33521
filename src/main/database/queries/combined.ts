import type { ReadDb, WriteDb } from '../connection.ts'
import { SIGNATURE_SET, STANDING_SIGNATURES } from './standing.ts'

export interface CombinedRow { id: string; name: string; version: number; document: string; sha256: string; frozen_at: string }
const COLUMNS = 'id, name, version, document, sha256, frozen_at'
const ORDER = 'ORDER BY frozen_at DESC, version DESC, id DESC'

/** The model that counts: the newest one, of those that predict `outcome` where it is given. */
export const newestCombined = (db: ReadDb, outcome: string | null = null): CombinedRow | undefined =>
  db.get<CombinedRow>(`SELECT ${COLUMNS} FROM combined_model WHERE ? IS NULL OR json_extract(document, '$.outcome') = ? ${ORDER} LIMIT 1`, outcome, outcome)
export const combinedModels = (db: ReadDb): CombinedRow[] => db.all<CombinedRow>(`SELECT ${COLUMNS} FROM combined_model ${ORDER}`)
export const combinedById = (db: ReadDb, id: string): CombinedRow | undefined => db.get<CombinedRow>(`SELECT ${COLUMNS} FROM combined_model WHERE id = ?`, id)
export const nextCombinedVersion = (db: ReadDb, name: string): number => db.get<{ n: number }>('SELECT coalesce(max(version), 0) + 1 AS n FROM combined_model WHERE name = ?', name)?.n ?? 1
export function insertCombined(tx: WriteDb, row: { id: string; name: string; version: number; document: string; sha256: string }, reason: string): void {
  tx.insert('combined_model', { ...row, frozen_at: tx.at, origin: tx.origin })
  tx.audit({ action: 'combined.freeze', subject: 'combined_model', id: row.id, new: row.sha256, reason })
}
/** The network whose probability is the DL signature, of the set in use. */
export const signatureModel = (db: ReadDb): { model: string; model_set: string; model_sha256: string } | undefined =>
  db.get(`SELECT model, model_set, model_sha256 FROM signature WHERE is_signature = 1 AND model_set = ${SIGNATURE_SET} ORDER BY created_at DESC, id DESC LIMIT 1`)
export const allVariables = (db: ReadDb): { case_id: string; variables: string }[] => db.all('SELECT case_id, variables FROM case_clinical')
/** The networks of the set in use, with the number of cases that have a standing value. */
export const signatureNetworks = (db: ReadDb): { model: string; sha256: string; cases: number }[] => db.all(`
  SELECT model, model_sha256 AS sha256, count(DISTINCT case_id) AS cases FROM ${STANDING_SIGNATURES} WHERE nth = 1 GROUP BY model, model_sha256 ORDER BY model, cases DESC`)

export interface OutOfFoldRun { id: string; name: string; model: string; folds: number; source_sha256: string; created_at: string; cases: number }
/** Runs of out-of-fold signatures, the newest first. */
export const outOfFoldRuns = (db: ReadDb): OutOfFoldRun[] => db.all<OutOfFoldRun>(`
  SELECT out_of_fold_run.id, name, model, folds, source_sha256, created_at, (SELECT count(*) FROM out_of_fold_value WHERE run_id = out_of_fold_run.id) AS cases FROM out_of_fold_run ORDER BY created_at DESC, id DESC`)
export const outOfFoldValues = (db: ReadDb, runId: string): { case_id: string; probability: number }[] => db.all('SELECT case_id, probability FROM out_of_fold_value WHERE run_id = ?', runId)
export function insertOutOfFold(tx: WriteDb, run: { id: string; name: string; model: string; folds: number; source_sha256: string }, values: readonly { caseId: string; fold: number; probability: number }[]): void {
  tx.insert('out_of_fold_run', { ...run, created_at: tx.at, origin: tx.origin })
  for (const v of values) tx.insert('out_of_fold_value', { run_id: run.id, case_id: v.caseId, fold: v.fold, probability: v.probability })
  tx.audit({ action: 'outOfFold.import', subject: 'out_of_fold_run', id: run.id, new: `${values.length} cases, ${run.folds} folds, ${run.model}`, reason: run.source_sha256 })
}
