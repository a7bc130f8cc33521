import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Failure } from '#shared/contract/index.ts'
import { defaultSignatureSet, SHIPPED_SEGMENTATION, SLN_OUTCOME, type OutcomeDefinition } from '#shared/domain/index.ts'
import { openReadOnly, openStudyDatabase, type ReadDb } from '#main/database/index.ts'
import { metaValue, setMeta } from '#main/database/queries/meta.ts'
import { createObjectStore } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { removeObjects } from '../withdrawal/removeObjects.ts'

export const DATABASE_FILE = 'study.db'

export interface NewStudy {
  readonly directory: string; readonly name: string; readonly synthetic: boolean; readonly outcome?: OutcomeDefinition | undefined; readonly signatureSet?: string | undefined; readonly segmentationSet?: string | undefined
}
export interface Origin { readonly id: string; readonly name: string }

export const isStudy = (directory: string): boolean => existsSync(join(directory, DATABASE_FILE))

/** Makes an empty study in a folder that is new or empty. */
export function createStudy(world: World, origin: Origin, actor: string, spec: NewStudy): OpenStudy {
  const directory = resolve(spec.directory)
  if (isStudy(directory)) throw new Failure('conflict', `${directory} holds a study already; open it, or choose another folder`)
  if (existsSync(directory) && readdirSync(directory).length > 0) throw new Failure('refused', `${directory} is not empty; choose a new or empty folder so that nothing of yours is mixed up with the study`)
  mkdirSync(directory, { recursive: true })
  const db = openStudyDatabase(join(directory, DATABASE_FILE), { clock: world.clock, origin })
  const outcome = spec.outcome ?? SLN_OUTCOME
  db.write(actor, (tx) => {
    setMeta(tx, 'study', JSON.stringify({ id: world.ids.next(), name: spec.name, synthetic: spec.synthetic, outcome, signatureSet: spec.signatureSet ?? defaultSignatureSet(outcome.column), segmentationSet: spec.segmentationSet ?? SHIPPED_SEGMENTATION, createdAt: tx.at }))
    tx.audit({ action: 'study.create', subject: 'meta', id: 'study', new: spec.name })
  })
  db.close()
  return openStudy(world, origin, directory)
}

export interface StudyMeta { id: string; name: string; synthetic: boolean; outcome: OutcomeDefinition; signatureSet: string; segmentationSet: string; createdAt: string }

/** A study that was made before it could name a segmentation set uses the shipped one. */
const readMeta = (text: string): StudyMeta => ({ segmentationSet: SHIPPED_SEGMENTATION, ...(JSON.parse(text) as Omit<StudyMeta, 'segmentationSet'>) })

/** The study's own row; its sets may change while it is open. */
export const studyMeta = (db: ReadDb): StudyMeta => readMeta(metaValue(db, 'study') ?? '{}')

/** What a study is called, with its sets as they are when they are asked for. */
function described(db: ReadDb): Omit<StudyMeta, 'signatureSet' | 'segmentationSet'> & Pick<OpenStudy, 'signatureSet' | 'segmentationSet'> {
  const { id, name, synthetic, outcome, createdAt } = studyMeta(db)
  return { id, name, synthetic, outcome, createdAt, get signatureSet() { return studyMeta(db).signatureSet }, get segmentationSet() { return studyMeta(db).segmentationSet } }
}

export function openStudy(world: World, origin: Origin, folder: string): OpenStudy {
  const directory = resolve(folder)
  const db = openStudyDatabase(join(directory, DATABASE_FILE), { clock: world.clock, origin, mustExist: true })
  const text = metaValue(db.read, 'study')
  if (text === undefined) {
    db.close()
    throw new Failure('refused', `${directory} holds a database that is not a finished study; make it again or restore a backup`)
  }
  const study: OpenStudy = Object.assign(described(db.read), { directory, db, objects: createObjectStore(join(directory, 'objects')) })
  // What a withdrawal or redaction could not finish before the program ended.
  removeObjects(study, 'program')
  return study
}

/** The same study for a thread of its own: another connection, which cannot write. */
export function openStudyReadOnly(folder: string): OpenStudy {
  const directory = resolve(folder)
  const { read, integrity, close } = openReadOnly(join(directory, DATABASE_FILE))
  const never = (): never => { throw new Error('this connection only reads') }
  return Object.assign(described(read), { directory, objects: createObjectStore(join(directory, 'objects')), db: { file: join(directory, DATABASE_FILE), read, origin: '', write: never, backup: never, scrub: never, integrity, close } })
}
