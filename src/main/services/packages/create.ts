import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Failure, type PackageMade } from '#shared/contract/index.ts'
import { openStudyDatabase, type AuditSubject, type Row, type WriteDb } from '#main/database/index.ts'
import { accountById, type AccountRow } from '#main/database/queries/accounts.ts'
import { frameObjects, tasksOf } from '#main/database/queries/annotations.ts'
import { auditHeads } from '#main/database/queries/auditLog.ts'
import { frameTimeOf } from '#main/database/queries/cine.ts'
import { setMeta } from '#main/database/queries/meta.ts'
import { annotatorRows, caseRows, imageRows, outcomeOf, readerRows } from '#main/database/queries/packages.ts'
import { factorsOfCase } from '#main/database/queries/readingAids.ts'
import { canonicalJson, createObjectStore, type ObjectStore } from '#main/platform/index.ts'
import { noteShown } from '../annotations/shown.ts'
import type { OpenStudy, World } from '../context.ts'
import { documentOf } from '../reading/document.ts'
import { coveredAsset, coveringOf } from '../reading/readerImage.ts'
import { DATABASE_FILE } from '../study/studies.ts'
import { writeContainer, type Entry } from './container.ts'

export interface PackageRequest { readonly accountId: string; readonly to: string; readonly passphrase: string }
interface Progress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void }

/** One row after the other, each with the audit entry that lets the package be verified where it is opened. */
function put(tx: WriteDb, table: AuditSubject, rows: readonly Row[]): void {
  for (const row of rows) {
    tx.insert(table, row)
    tx.audit({ action: 'package.row', subject: table, id: String(row['id']) })
  }
}

/** A protocol as one reader may know it: how it is read, without cohorts, lists, other readers or the seed. The hash stays that of the whole document. */
function reduced(row: Row, accountId: string): Row {
  const document = documentOf({ document: String(row['document']) })
  const withdrawn = document.withdrawn.filter((w) => w.reader === accountId).map((w) => ({ ...w, reason: '', replacedBy: null }))
  return { ...row, document: canonicalJson({ ...document, cohorts: [], caseLabels: [], readers: [accountId], seed: 0, training: { ...document.training, caseLabels: [] }, withdrawn }) }
}

/** Writes the package of one reader or annotator: a small study of its own with what that person may see, encrypted under a pass phrase. */
export async function createPackage(study: OpenStudy, world: World, actor: string, request: PackageRequest, options: Progress = {}): Promise<PackageMade> {
  const account = accountById(study.db.read, request.accountId)
  if (account === undefined) throw new Failure('not_found', 'there is no such account')
  if (account.role === 'investigator' || account.disabled === 1) throw new Failure('refused', `${account.name} is not a reader or annotator who can work: packages are for them`)
  // What a task shows is settled before it leaves: the masks that it is taken from stay here.
  if (account.role === 'annotator') study.db.write(actor, (tx) => tasksOf(tx, account.id).forEach((task) => noteShown(tx, world, task)))
  const id = world.ids.next(), chain = `${study.db.origin}/package/${id}`
  const folder = mkdtempSync(join(tmpdir(), 'sln-package-'))
  try {
    const objects = createObjectStore(join(folder, 'objects'))
    const db = openStudyDatabase(join(folder, DATABASE_FILE), { clock: world.clock, origin: { id: chain, name: 'package' } })
    let items: number, head: { seq: number; hash: string } | undefined
    try {
      items = await fill(study, db.write.bind(db), objects, account, id, options)
      head = auditHeads(db.read).find((h) => h.origin === chain)
    } finally {
      db.close()
    }
    if (items === 0 || head === undefined) throw new Failure('not_ready', account.role === 'reader' ? `${account.name} reads in no started study` : `${account.name} has nothing to draw`)
    const bytes = await writeContainer(request.to, 'work', request.passphrase, filesBelow(folder))
    const { seq, hash } = head
    study.db.write(actor, (tx) => {
      tx.insert('package', { id, kind: account.role, account_id: account.id, items, chain, head_seq: seq, head_hash: hash, created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'package.create', subject: 'package', id, new: `${account.login}, ${items} ${account.role === 'reader' ? 'cases' : 'tasks'}` })
    })
    return { id, to: request.to, items, bytes }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function* filesBelow(folder: string, at = folder): Generator<Entry> {
  for (const entry of readdirSync(at, { withFileTypes: true })) {
    const path = join(at, entry.name)
    if (entry.isDirectory()) yield* filesBelow(folder, path)
    else if (statSync(path).size > 0) yield { name: relative(folder, path).replaceAll('\\', '/'), bytes: { file: path } }
  }
}

type Write = <T>(actor: string, work: (tx: WriteDb) => T) => T

/** Fills the package's database and objects; returns how many cases or tasks it holds. */
async function fill(study: OpenStudy, write: Write, objects: ObjectStore, account: AccountRow, packageId: string, options: Progress): Promise<number> {
  const from = study.db.read
  const reader = account.role === 'reader' ? readerRows(from, account.id) : null
  const drawer = account.role === 'annotator' ? annotatorRows(from, account.id) : null
  const imageIds = [...new Set([...(reader?.order ?? []), ...(drawer?.tasks ?? [])].map((r) => String(r['image_id'])))]
  const images = imageRows(from, imageIds)
  const plans = (reader?.protocols ?? []).map((p) => ({ id: String(p['id']), document: documentOf({ document: String(p['document']) }) }))
  const factors = [...new Set(plans.flatMap((p) => p.document.factors))]
  const black = plans.some((p) => p.document.outsideRegions === 'black') ? 'black' as const : 'show' as const
  const feedback = new Set(plans.filter((p) => p.document.training.feedback).map((p) => p.id))
  const sessionOf = new Map((reader?.sessions ?? []).map((s) => [String(s['id']), String(s['protocol_id'])]))
  const tellOutcome = new Set((reader?.order ?? []).filter((o) => o['training'] === 1 && feedback.has(sessionOf.get(String(o['session_id'])) ?? '')).map((o) => String(o['case_id'])))

  const pictures: { image: Row; frames: string[] }[] = []
  for (const [i, image] of images.entries()) {
    if (options.signal?.aborted === true) throw new Failure('cancelled', 'cancelled; nothing was written')
    const covering = reader === null ? { boxes: [], keep: null } : coveringOf(study, { image_id: String(image['id']), calibration: String(image['calibration']) }, black)
    const frames: string[] = []
    for (const object of frameObjects(from, String(image['id']))) frames.push(objects.put((await coveredAsset(study, object, covering)()).bytes))
    pictures.push({ image, frames })
    options.progress?.(i + 1, images.length, 'pictures')
  }
  for (const hash of [...(reader?.aids ?? []).flatMap((a) => [a['mask'], a['cam']]), ...[...(drawer?.annotations ?? []), ...(drawer?.shown ?? [])].map((a) => a['mask'])]) if (typeof hash === 'string') objects.put(await readFile(study.objects.path(hash)))

  write('package', (tx) => {
    setMeta(tx, 'study', JSON.stringify({ id: study.id, name: study.name, synthetic: study.synthetic, outcome: study.outcome, signatureSet: study.signatureSet, segmentationSet: study.segmentationSet, createdAt: study.createdAt }))
    setMeta(tx, 'package', JSON.stringify({ id: packageId, accountId: account.id, madeAt: tx.at }))
    tx.audit({ action: 'package.make', subject: 'meta', id: 'study' })
    tx.audit({ action: 'package.make', subject: 'meta', id: 'package' })
    put(tx, 'account', [{ ...account, person: null }])
    // Cases and patients go by numbers of the package alone; dates, hospitals, cohorts and file names stay at home.
    for (const [i, row] of caseRows(from, [...new Set(images.map((r) => String(r['case_id'])))]).entries()) {
      const caseId = String(row['id'])
      tx.insert('patient', { id: `${packageId}-${i + 1}`, label: String(i + 1), withdrawn_at: null, origin: tx.origin })
      tx.audit({ action: 'package.row', subject: 'patient', id: `${packageId}-${i + 1}` })
      tx.insert('study_case', { ...row, label: String(i + 1), patient_id: `${packageId}-${i + 1}`, cohort: null, hospital: null, excluded_reason: null, imported_at: tx.at, origin: tx.origin })
      tx.insert('case_clinical', { case_id: caseId, outcome: tellOutcome.has(caseId) ? outcomeOf(from, caseId) : null, variables: canonicalJson(Object.fromEntries(factorsOfCase(from, caseId, factors).map((f) => [f.name, f.value]))), origin: tx.origin })
      tx.audit({ action: 'package.row', subject: 'study_case', id: caseId })
    }
    for (const { image, frames } of pictures) {
      const id = String(image['id'])
      tx.insert('image', { ...image, object: frames[0] ?? '', source_name: '', source_sha256: '', imported_at: tx.at, origin: tx.origin })
      frames.slice(1).forEach((object, i) => tx.insert('image_frame', { image_id: id, frame: i + 1, object }))
      tx.audit({ action: 'package.row', subject: 'image', id })
      const time = frameTimeOf(from, id)
      if (time === null) continue
      // Of the technique only the time between frames goes along: a cine runs there as it does here.
      tx.insert('image_technique', { id, frame_time_ms: time, manufacturer: null, model: null, original: null, redaction: '', origin: tx.origin })
      tx.audit({ action: 'package.row', subject: 'image_technique', id })
    }
    if (reader !== null) fillReader(tx, reader, account.id)
    if (drawer !== null) fillDrawer(tx, drawer, account.id)
  })
  return reader === null ? (drawer?.tasks.length ?? 0) : reader.order.length
}

function fillReader(tx: WriteDb, rows: ReturnType<typeof readerRows>, accountId: string): void {
  put(tx, 'protocol', rows.protocols.map((p) => reduced(p, accountId)))
  for (const session of rows.sessions) {
    tx.insert('reading_session', session)
    for (const order of rows.order.filter((o) => o['session_id'] === session['id'])) tx.insert('reading_order', order)
    tx.audit({ action: 'package.row', subject: 'reading_session', id: String(session['id']) })
  }
  for (const set of rows.aidSets) {
    tx.insert('reading_aid_set', set)
    for (const aid of rows.aids.filter((a) => a['set_id'] === set['id'])) tx.insert('reading_aid', { ...aid, source: '{}' })
    tx.audit({ action: 'package.row', subject: 'reading_aid_set', id: String(set['id']) })
  }
  put(tx, 'reading', rows.readings)
  for (const draft of rows.drafts) tx.insert('reading_draft', draft)
  fillExposures(tx, rows.exposures, rows.order, accountId, 'reading:')
}

/** Looks at the cases that are carried. Those under another account of the same person, or in another way, count here too, without saying which it was. */
function fillExposures(tx: WriteDb, exposures: readonly Row[], carried: readonly Row[], accountId: string, own: 'reading:' | 'annotation:'): void {
  const cases = new Set(carried.map((o) => o['case_id']))
  const seen = exposures.filter((e) => cases.has(e['case_id'] ?? null)).map((e) => ({ ...e, account_id: accountId, kind: String(e['kind']).startsWith(own) && e['account_id'] === accountId ? e['kind'] ?? '' : 'elsewhere' }))
  for (const e of new Map(seen.map((r) => [canonicalJson(r), r])).values()) tx.insert('exposure', e)
}

function fillDrawer(tx: WriteDb, rows: ReturnType<typeof annotatorRows>, accountId: string): void {
  put(tx, 'annotation_task', rows.tasks)
  put(tx, 'annotation_shown', rows.shown)
  put(tx, 'annotation', rows.annotations)
  put(tx, 'annotation_flag', rows.flags)
  for (const entry of rows.journal) tx.insert('annotation_journal', entry)
  fillExposures(tx, rows.exposures, rows.tasks, accountId, 'annotation:')
}
