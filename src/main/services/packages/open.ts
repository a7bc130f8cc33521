import { existsSync, readdirSync, renameSync, rmSync, rmdirSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { Failure, type ReturnedWork } from '#shared/contract/index.ts'
import { openReadOnly, openStudyDatabase, verifyAudit } from '#main/database/index.ts'
import { auditChain, auditHeads } from '#main/database/queries/auditLog.ts'
import { metaValue, setMeta } from '#main/database/queries/meta.ts'
import { ownRows } from '#main/database/queries/packages.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { DATABASE_FILE, type Origin } from '../study/studies.ts'
import { readContainer, writeContainer, type Entry } from './container.ts'

interface PackageMeta { readonly id: string; readonly accountId: string; readonly madeAt: string }
export const packageMeta = (study: OpenStudy): PackageMeta | null => {
  const text = metaValue(study.db.read, 'package')
  return text === undefined ? null : JSON.parse(text) as PackageMeta
}

/** Unpacks a package into a new folder, verifies it, and begins the chain of this opening. */
export async function unpack(world: World, origin: Origin, from: string, directory: string, passphrase: string): Promise<string> {
  if (!isAbsolute(from) || !isAbsolute(directory)) throw new Failure('invalid_input', 'give the whole path of the package and of the folder')
  const target = resolve(directory)
  if (existsSync(target) && readdirSync(target).length > 0) throw new Failure('refused', `${target} is not empty; choose a new folder for the package`)
  const part = `${target}.part`
  rmSync(part, { recursive: true, force: true })
  await readContainer(from, 'work', passphrase, part)
  try {
    const carried = openReadOnly(join(part, DATABASE_FILE))
    const faults = verifyAudit(carried.read).faults
    const head = auditHeads(carried.read)[0]
    carried.close()
    if (faults.length > 0 || head === undefined) throw new Failure('refused', `the package is not sound (${faults[0]?.what ?? 'it has no chain'})`)
    const opening = `${origin.id}/opening/${world.ids.next()}`
    const db = openStudyDatabase(join(part, DATABASE_FILE), { clock: world.clock, origin: { id: opening, name: origin.name }, mustExist: true })
    db.write('program', (tx) => {
      setMeta(tx, 'opening', opening)
      tx.audit({ action: 'package.open', subject: 'event', id: head.origin, new: canonicalJson(head) })
      tx.audit({ action: 'package.opening', subject: 'meta', id: 'opening' })
    })
    db.close()
    if (existsSync(target)) rmdirSync(target)
    renameSync(part, target)
    return target
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  }
}

/** How much was done here and when it was last sent back. */
export function packageState(study: OpenStudy): { id: string; madeAt: string; unsent: number; sentAt: string | null } | null {
  const meta = packageMeta(study)
  if (meta === null) return null
  const chain = auditChain(study.db.read, study.db.origin)
  const sent = chain.findLast((e) => e['action'] === 'package.return')
  const work = chain.filter((e) => ['reading', 'annotation', 'annotation_flag'].includes(String(e['subject'])) && Number(e['seq']) > Number(sent?.['seq'] ?? 0))
  return { id: meta.id, madeAt: meta.madeAt, unsent: work.length, sentAt: sent === undefined ? null : String(sent['at']) }
}

/** Writes what was done here into an encrypted file for the study that the package came from. It can be done as often as wanted; what is known there already is not taken twice. */
export async function returnPackage(study: OpenStudy, actor: string, to: string, passphrase: string): Promise<{ to: string; readings: number; drawings: number }> {
  const meta = packageMeta(study)
  if (meta === null) throw new Failure('not_ready', 'this study did not come as a package: there is nothing to send back')
  if (!isAbsolute(to)) throw new Failure('invalid_input', 'give the whole path of the file to write')
  if (existsSync(to)) throw new Failure('conflict', `${to} is there already; choose another name`)
  study.db.write(actor, (tx) => tx.audit({ action: 'package.return', subject: 'event', id: meta.id }))
  const { reading, annotation, annotation_flag, ...loose } = ownRows(study.db.read, study.db.origin)
  const work: ReturnedWork = { format: 'sln-return/1', studyId: study.id, packageId: meta.id, accountId: meta.accountId, chain: study.db.origin, audit: auditChain(study.db.read, study.db.origin), rows: { reading, annotation, annotation_flag }, loose }
  const masks = [...new Set(annotation.map((a) => String(a['mask'])))]
  const entries: Entry[] = [{ name: 'return.json', bytes: Buffer.from(JSON.stringify(work)) }, ...masks.map((hash) => ({ name: `masks/${hash}`, bytes: { file: study.objects.path(hash) } }))]
  await writeContainer(to, 'return', passphrase, entries)
  return { to, readings: reading.length, drawings: annotation.length }
}
