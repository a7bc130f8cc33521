import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { openReadOnly } from '#main/database/index.ts'
import { referencedObjects } from '#main/database/queries/objects.ts'
import { createObjectStore, sha256 } from '#main/platform/index.ts'
import type { OpenStudy } from '../context.ts'
import { DATABASE_FILE } from './studies.ts'
import { verifyStudy } from './verify.ts'

export interface BackupReport { readonly to: string; readonly objects: number; readonly bytes: number }
interface Progress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void }

/**
 * Copies a study, in use or not, into a new folder: the database by SQLite's online backup, then every file that it names.
 * The folder gets its final name only when all is there.
 */
export async function backupStudy(study: OpenStudy, to: string, options: Progress = {}): Promise<BackupReport> {
  const target = resolve(to)
  if (existsSync(target) && readdirSync(target).length > 0) throw new Failure('refused', `${target} is not empty; choose a new folder for the backup`)
  const part = `${target}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  await study.db.backup(join(part, DATABASE_FILE))
  const db = openReadOnly(join(part, DATABASE_FILE))
  const hashes = [...new Set(referencedObjects(db.read).map((o) => o.hash))]
  db.close()
  const store = createObjectStore(join(part, 'objects'))
  let bytes = 0
  for (const [i, hash] of hashes.entries()) {
    if (options.signal?.aborted === true) {
      rmSync(part, { recursive: true, force: true })
      throw new Failure('cancelled', 'cancelled; the unfinished backup was removed')
    }
    const content = await readFile(study.objects.path(hash)).catch(() => {
      throw new Failure('refused', `a file of the study (${hash.slice(0, 12)}) is missing; run "sln verify" to see what it belongs to`)
    })
    if (sha256(content) !== hash) throw new Failure('refused', `a file of the study (${hash.slice(0, 12)}) was altered; run "sln verify" to see what it belongs to`)
    await mkdir(dirname(store.path(hash)), { recursive: true })
    await writeFile(store.path(hash), content)
    bytes += content.length
    options.progress?.(i + 1, hashes.length, '')
  }
  if (existsSync(target)) rmSync(target, { recursive: true })
  await rename(part, target)
  return { to: target, objects: hashes.length, bytes }
}

/** Puts a backup into a new or empty folder, after verifying it. */
export async function restoreStudy(from: string, directory: string): Promise<{ directory: string }> {
  const target = resolve(directory)
  if (existsSync(target) && readdirSync(target).length > 0) throw new Failure('refused', `${target} is not empty; restore into a new folder, then compare and remove the old one yourself`)
  const report = await verifyStudy(from)
  if (!report.sound) throw new Failure('refused', `the backup is not sound (${report.faults[0] ?? ''}); nothing was restored`)
  const copy = async (source: string, destination: string): Promise<void> => {
    await mkdir(destination, { recursive: true })
    for (const entry of readdirSync(source, { withFileTypes: true })) {
      if (entry.isDirectory()) await copy(join(source, entry.name), join(destination, entry.name))
      else await copyFile(join(source, entry.name), join(destination, entry.name))
    }
  }
  await copy(resolve(from), target)
  return { directory: target }
}
