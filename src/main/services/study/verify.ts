import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openReadOnly, verifyAudit } from '#main/database/index.ts'
import { metaValue } from '#main/database/queries/meta.ts'
import { referencedObjects } from '#main/database/queries/objects.ts'
import { createObjectStore, sha256 } from '#main/platform/index.ts'
import { Failure } from '#shared/contract/errors.ts'
import { headFaults, rememberedHead, type SignedHead } from '../audit/signedHead.ts'
import { DATABASE_FILE } from './studies.ts'

export interface VerifyReport { readonly sound: boolean; readonly auditEntries: number; readonly rows: number; readonly objects: number; /** Signed heads that were held against the chains. */ readonly heads: number; readonly faults: readonly string[] }
interface Progress { readonly signal?: AbortSignal; /** Exported heads of files, and where the user's own newest one is remembered. */ readonly heads?: readonly SignedHead[]; readonly userData?: string; progress?(done: number, total: number, note: string): void }

/** Database integrity, every audit chain, every row's hash and every stored file's hash, on a read-only connection of its own. */
export async function verifyStudy(directory: string, options: Progress = {}): Promise<VerifyReport> {
  const file = join(directory, DATABASE_FILE)
  if (!existsSync(file)) throw new Failure('not_found', `there is no study in ${directory}`)
  const db = openReadOnly(file)
  const faults: string[] = []
  try {
    faults.push(...db.integrity().map((text) => `database: ${text}`))
    const audit = verifyAudit(db.read)
    faults.push(...audit.faults.map((f) => f.what))
    const studyId = (JSON.parse(metaValue(db.read, 'study') ?? '{}') as { id?: string }).id ?? ''
    const own = options.userData === undefined ? null : rememberedHead(options.userData, studyId)
    const heads = [...(options.heads ?? []), ...(own === null ? [] : [own])]
    faults.push(...heads.flatMap((head) => headFaults(db.read, studyId, head)))
    const store = createObjectStore(join(directory, 'objects'))
    const objects = referencedObjects(db.read)
    for (const [i, { hash, owner }] of objects.entries()) {
      if (options.signal?.aborted === true) throw new Failure('cancelled', 'cancelled')
      if (!store.has(hash)) faults.push(`${owner}: its file ${hash.slice(0, 12)} is missing`)
      else if (sha256(await readFile(store.path(hash))) !== hash) faults.push(`${owner}: its file ${hash.slice(0, 12)} was altered`)
      options.progress?.(i + 1, objects.length, faults.length === 0 ? '' : `${faults.length} faults`)
    }
    return { sound: faults.length === 0, auditEntries: audit.entries, rows: audit.rows, objects: objects.length, heads: heads.length, faults }
  } finally {
    db.close()
  }
}
