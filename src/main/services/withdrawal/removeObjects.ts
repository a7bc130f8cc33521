import { objectRemoved, objectsToRemove, referencedObjects } from '#main/database/queries/objects.ts'
import type { OpenStudy } from '../context.ts'

/**
 * Removes the files that are noted for it, and after the last writes the database anew, so that no deleted text stays in its free pages.
 * Runs after a withdrawal or redaction, and when a study is opened: what a power cut left is removed then.
 */
export function removeObjects(study: Pick<OpenStudy, 'db' | 'objects'>, actor: string): number {
  const waiting = objectsToRemove(study.db.read)
  if (waiting.length === 0) return 0
  const named = new Set(referencedObjects(study.db.read).map((o) => o.hash))
  for (const hash of waiting) {
    if (!named.has(hash)) study.objects.remove(hash)
    study.db.write(actor, (tx) => objectRemoved(tx, hash))
  }
  study.db.scrub()
  return waiting.length
}
