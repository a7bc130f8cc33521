import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openReadOnly, verifyAudit, type ReadDb } from '#main/database/index.ts'
import { placesOf } from '#main/database/queries/faultPlaces.ts'
import { metaValue } from '#main/database/queries/meta.ts'
import { referencedObjects } from '#main/database/queries/objects.ts'
import { createObjectStore, sha256 } from '#main/platform/index.ts'
import { Failure } from '#shared/contract/errors.ts'
import { headFaults, rememberedHead, type SignedHead } from '../audit/signedHead.ts'
import { DATABASE_FILE } from './studies.ts'

export interface VerifyReport { readonly sound: boolean; readonly auditEntries: number; readonly rows: number; readonly objects: number; /** Signed heads that were held against the chains. */ readonly heads: number; readonly faults: readonly string[] }
interface Progress { readonly signal?: AbortSignal; /** Exported heads of files, and where the user's own newest one is remembered. */ readonly heads?: readonly SignedHead[]; readonly userData?: string; progress?(done: number, total: number, note: string): void }

/** Faults with the case and the image that a row belongs to, where the database still knows them. */
function inWords(db: ReadDb, found: readonly { readonly what: string; readonly id?: string }[]): string[] {
  const places = placesOf(db, found.flatMap((f) => (f.id === undefined ? [] : [f.id])))
  return found.map(({ what, id }) => {
    const place = id === undefined ? undefined : places.get(id)
    return place === undefined ? what : what.replace(`${id}:`, `${id} (${place}):`)
  })
}

/** Database integrity, every audit chain, every row's hash and every stored file's hash, on a read-only connection of its own. */
export async function verifyStudy(directory: string, options: Progress = {}): Promise<VerifyReport> {
  const file = join(directory, DATABASE_FILE)
  if (!existsSync(file)) throw new Failure('not_found', `there is no study in ${directory}`)
  const db = openReadOnly(file)
  const found: { readonly what: string; readonly id?: string }[] = []
  try {
    found.push(...db.integrity().map((text) => ({ what: `database: ${text}` })))
    const audit = verifyAudit(db.read)
    found.push(...audit.faults)
    const studyId = (JSON.parse(metaValue(db.read, 'study') ?? '{}') as { id?: string }).id ?? ''
    const own = options.userData === undefined ? null : rememberedHead(options.userData, studyId)
    const heads = [...(options.heads ?? []), ...(own === null ? [] : [own])]
    found.push(...heads.flatMap((head) => headFaults(db.read, studyId, head)).map((what) => ({ what })))
    const store = createObjectStore(join(directory, 'objects'))
    const objects = referencedObjects(db.read)
    for (const [i, { hash, owner }] of objects.entries()) {
      if (options.signal?.aborted === true) throw new Failure('cancelled', 'cancelled')
      const fault = !store.has(hash) ? 'is missing' : sha256(await readFile(store.path(hash))) === hash ? null : 'was altered'
      if (fault !== null) found.push({ what: `${owner}: its file ${hash.slice(0, 12)} ${fault}`, id: owner.slice(owner.lastIndexOf(' ') + 1) })
      options.progress?.(i + 1, objects.length, found.length === 0 ? '' : `${found.length} faults`)
    }
    const faults = inWords(db.read, found)
    return { sound: faults.length === 0, auditEntries: audit.entries, rows: audit.rows, objects: objects.length, heads: heads.length, faults }
  } finally {
    db.close()
  }
}
