import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { Failure, returnedWork, type MergeReport, type ReturnedWork } from '#shared/contract/index.ts'
import { hashOfCarried, auditHash, type Row, type WriteDb } from '#main/database/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { auditChain } from '#main/database/queries/auditLog.ts'
import { annotationById, conflictOf, flagKnown, mergeJournals, mergeLoose, orderHas, ownsTask, packageById, readingAt, readingById, sessionState, versionTaken, type PackageRow } from '#main/database/queries/packages.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { subjectText } from './conflicts.ts'
import { readContainer } from './container.ts'

type Subject = 'reading' | 'annotation' | 'annotation_flag'
const SUBJECTS: readonly Subject[] = ['reading', 'annotation', 'annotation_flag']
const refuse = (why: string): Failure => new Failure('refused', `${why}; nothing was merged`)

/** Holds both chains against each other: the package is the one that left, its opening follows it, no entry was altered, and every row is the one that its entry hashed. */
function checkChains(study: OpenStudy, sent: PackageRow, work: ReturnedWork): void {
  let previous = '0'.repeat(64)
  const hashes = new Map<string, string | null>()
  for (const [i, entry] of work.audit.entries()) {
    const { hash, ...rest } = entry
    if (rest['origin'] !== work.chain || rest['seq'] !== i + 1 || rest['previous_hash'] !== previous || auditHash(rest) !== hash) throw refuse(`the audit chain from the other workstation is not sound at entry ${i + 1}`)
    previous = String(hash)
    if (rest['subject'] !== 'event') hashes.set(`${String(rest['subject'])}\n${String(rest['subject_id'])}`, rest['row_hash'] as string | null)
  }
  const opened = work.audit[0]
  if (opened?.['action'] !== 'package.open' || opened['new'] !== canonicalJson({ hash: sent.head_hash, origin: sent.chain, seq: sent.head_seq })) throw refuse('it was not done in the package that left this study, or that package was changed')
  for (const subject of SUBJECTS) {
    for (const row of work.rows[subject]) {
      const key = `${subject}\n${String(row['id'])}`
      if (hashes.get(key) !== hashOfCarried(subject, row)) throw refuse(`${subject} ${String(row['id'])} is not the one that the audit chain from the other workstation holds`)
      hashes.delete(key)
    }
  }
  const lost = [...hashes.keys()].find((key) => SUBJECTS.some((s) => key.startsWith(`${s}\n`)))
  if (lost !== undefined) throw refuse(`${lost.replace('\n', ' ')} is in the audit chain but not in the file`)
  for (const [i, known] of auditChain(study.db.read, work.chain).entries()) if (known['hash'] !== work.audit[i]?.['hash']) throw refuse('the audit chain from the other workstation was written anew since the last merge')
}

/** Why a row cannot simply be added, and beside what it stands; null when it can. */
function obstacle(tx: WriteDb, subject: Subject, row: Row, work: ReturnedWork): { keptId: string; why: string } | null {
  if (subject === 'reading') {
    const session = String(row['session_id']), position = Number(row['position'])
    const state = sessionState(tx, session, work.accountId)
    if (state === undefined || !orderHas(tx, session, position)) return { keptId: '', why: 'it belongs to no session of this reader here' }
    const taken = readingAt(tx, session, position, String(row['modality'] ?? 'unaided'))
    if (taken !== undefined) return { keptId: taken.id, why: 'the same case was answered here as well; the answer here stands' }
    return state.state === 'started' ? null : { keptId: '', why: 'the reading was closed before this answer came back' }
  }
  const task = String(row['task_id'])
  if (!ownsTask(tx, task, work.accountId)) return { keptId: '', why: 'it belongs to no task of this annotator here' }
  const taken = subject === 'annotation' ? versionTaken(tx, task, Number(row['version'])) : undefined
  return taken === undefined ? null : { keptId: taken.id, why: 'the same task was drawn here as well; the drawing here stands' }
}
const known = (tx: WriteDb, subject: Subject, id: string): boolean => conflictOf(tx, id) !== undefined || (subject === 'reading' ? readingById(tx, id) !== undefined : subject === 'annotation' ? annotationById(tx, id) !== undefined : flagKnown(tx, id))

function store(study: OpenStudy, world: World, actor: string, sent: PackageRow, work: ReturnedWork): { taken: number; known: number; conflicts: string[] } {
  return study.db.write(actor, (tx) => {
    let taken = 0, alreadyKnown = 0
    const conflicts: string[] = []
    const keepApart = (c: { subject: string; subjectId: string; keptId: string; why: string; row: Row; entries?: readonly Row[] }): void => {
      const id = world.ids.next()
      tx.insert('merge_conflict', { id, package_id: sent.id, subject: c.subject, subject_id: c.subjectId, kept_id: c.keptId, document: canonicalJson({ why: c.why, row: c.row, ...(c.entries === undefined ? {} : { entries: c.entries }) }), created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'package.conflict', subject: 'merge_conflict', id, reason: c.why })
      conflicts.push(`${subjectText(tx, c.subject, c.row)}: ${c.why}`)
    }
    const have = auditChain(tx, work.chain).length
    for (const entry of work.audit.slice(have)) tx.insert('audit', entry)
    const head = work.audit.at(-1)
    tx.audit({ action: 'package.merge', subject: 'event', id: sent.id, new: canonicalJson({ origin: work.chain, seq: Number(head?.['seq'] ?? 0), hash: String(head?.['hash'] ?? '') }) })
    const settled = new Set<string>()
    for (const subject of SUBJECTS) {
      for (const row of work.rows[subject]) {
        const id = String(row['id'])
        settled.add(`${subject}\n${id}`)
        if (known(tx, subject, id)) {
          alreadyKnown++
        } else {
          const why = obstacle(tx, subject, row, work)
          if (why === null) {
            tx.insert(subject, row)
            taken++
          } else {
            keepApart({ subject, subjectId: id, keptId: why.keptId, why: why.why, row })
          }
        }
        tx.audit({ action: 'package.taken', subject, id })
      }
    }
    // What the chain from there says of other rows (the person's password there, say) is not taken: the rows here stand.
    for (const entry of work.audit) {
      const key = `${String(entry['subject'])}\n${String(entry['subject_id'])}`
      if (entry['subject'] === 'event' || settled.has(key)) continue
      settled.add(key)
      tx.audit({ action: 'package.keptOwn', subject: entry['subject'] as 'account', id: String(entry['subject_id']) })
    }
    mergeLoose(tx, work.loose, work.accountId)
    for (const { taskId, entries } of mergeJournals(tx, work.loose.annotation_journal, work.accountId)) {
      const subjectId = `${taskId}@${entries.length} ${work.chain}`
      if (conflictOf(tx, subjectId) === undefined) keepApart({ subject: 'annotation_journal', subjectId, keptId: taskId, why: 'the same drawing was continued here as well; the strokes here stand', row: { task_id: taskId }, entries })
    }
    const merge = world.ids.next()
    tx.insert('package_merge', { id: merge, package_id: sent.id, chain: work.chain, head_seq: Number(head?.['seq'] ?? 0), head_hash: String(head?.['hash'] ?? ''), taken, known: alreadyKnown, conflicts: conflicts.length, merged_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'package.merged', subject: 'package_merge', id: merge, new: `${taken} taken, ${alreadyKnown} known, ${conflicts.length} conflicts` })
    return { taken, known: alreadyKnown, conflicts }
  })
}

/** Takes back the work of a package: both chains verified first, then everything in one transaction. No answer is lost: what cannot be added is kept as a conflict. */
export async function mergePackage(study: OpenStudy, world: World, actor: string, from: string, passphrase: string): Promise<MergeReport> {
  if (!isAbsolute(from)) throw new Failure('invalid_input', 'give the whole path of the file')
  const scratch = join(mkdtempSync(join(tmpdir(), 'sln-merge-')), 'content')
  try {
    await readContainer(from, 'return', passphrase, scratch)
    const parsed = returnedWork.safeParse(JSON.parse(readFileSync(join(scratch, 'return.json'), 'utf8')))
    if (!parsed.success) throw refuse('the file was made by another version of the program')
    const work = parsed.data
    const sent = packageById(study.db.read, work.packageId)
    if (work.studyId !== study.id || sent === undefined || sent.account_id !== work.accountId) throw refuse('this work belongs to another study')
    checkChains(study, sent, work)
    for (const row of work.rows.annotation) {
      const file = join(scratch, 'masks', String(row['mask']))
      if (!/^[0-9a-f]{64}$/.test(String(row['mask'])) || !existsSync(file)) throw refuse('the mask of a drawing is not in the file')
      const bytes = readFileSync(file)
      if (sha256(bytes) !== row['mask']) throw refuse('the mask of a drawing was changed')
      study.objects.put(bytes)
    }
    const done = store(study, world, actor, sent, work)
    return { packageId: sent.id, person: accountById(study.db.read, sent.account_id)?.name ?? 'unknown', ...done, auditEntries: work.audit.length }
  } finally {
    rmSync(join(scratch, '..'), { recursive: true, force: true })
  }
}
