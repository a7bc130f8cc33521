import type { ReadDb, WriteDb } from '../connection.ts'
import { metaValue, setMeta } from './meta.ts'

/** The sets whose masks and signatures stand, by the hash over their model files; null: there is none on this computer. */
export interface ModelSetsInUse { readonly segmentation: string | null; readonly signature: string | null }

const KEY = 'models_in_use'

/** What is in use; undefined in a study that has not run since sets are recorded: then the newest results stand. */
export function modelSetsInUse(db: ReadDb): ModelSetsInUse | undefined {
  const text = metaValue(db, KEY)
  return text === undefined ? undefined : JSON.parse(text) as ModelSetsInUse
}

export const areInUse = (db: ReadDb, sets: ModelSetsInUse): boolean => {
  const present = modelSetsInUse(db)
  return present?.segmentation === sets.segmentation && present.signature === sets.signature
}

/** Takes the results of these sets as those that stand; the audit log keeps which stood before. */
export function takeModelSets(tx: WriteDb, sets: ModelSetsInUse): void {
  const present = modelSetsInUse(tx)
  setMeta(tx, KEY, JSON.stringify(sets))
  tx.audit({ action: 'study.modelsInUse', subject: 'meta', id: KEY, old: present === undefined ? null : JSON.stringify(present), new: JSON.stringify(sets) })
}
