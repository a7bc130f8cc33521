import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { App } from '#main/app/createApp.ts'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { createAccount } from '#main/services/accounts/accounts.ts'
import { assignTasks } from '#main/services/annotations/handlers.ts'
import type { OpenStudy } from '#main/services/context.ts'
import { importManifest } from '#main/services/cases/importManifest.ts'
import { secretOf } from '#main/services/cases/dicomDoor.ts'
import { inspectManifest } from '#main/services/exchange/inspect.ts'
import { createProtocol, startProtocol } from '#main/services/reading/protocol.ts'
import { createStudy } from '#main/services/study/studies.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { withdrawPatient, planWithdrawal } from '#main/services/withdrawal/withdraw.ts'
import { readmit } from '#main/services/withdrawal/withdrawnAgain.ts'
import type { AuditSubject, WriteDb } from '#main/database/index.ts'
import { WITHDRAWN_TABLES } from '#main/database/queries/withdrawal.ts'
import { sln, temporary } from '#test/support/studies.ts'

/** Every text of the patient who withdraws, as a search of bytes would find it. */
const PLANTED = ['Quasimodo-77', 'CASE-Esmeralda', 'frollo-picture', 'gringoire-mask', 'hugo-manifest', 'Notre-Dame-value', 'djali-note']
/** Names of files: the study never has them, not even before the withdrawal. */
const FILES = ['frollo-picture', 'gringoire-mask', 'hugo-manifest']
const home = temporary('withdraw')
let app: App
let study: OpenStudy
const accounts: Record<string, string> = {}
const MANIFEST = join(home.path, 'source', 'hugo-manifest.csv')

async function picture(name: string, seed: number): Promise<void> {
  await sharp(Uint8Array.from({ length: 64 * 48 }, (_, i) => (i * seed) % 251), { raw: { width: 64, height: 48, channels: 1 } }).png().toFile(join(home.path, 'source', name))
}
async function filled(): Promise<void> {
  mkdirSync(join(home.path, 'source'))
  const rows = ['case_id,patient_id,image,mask,cohort,hospital,age,sln,remark']
  await picture('frollo-picture.png', 3)
  await sharp(Uint8Array.from({ length: 64 * 48 }, (_, i) => (i % 64 > 20 && i % 64 < 40 ? 255 : 0)), { raw: { width: 64, height: 48, channels: 1 } }).png().toFile(join(home.path, 'source', 'gringoire-mask.png'))
  rows.push('CASE-Esmeralda,Quasimodo-77,frollo-picture.png,gringoire-mask.png,train,A,51,1,Notre-Dame-value')
  for (let i = 0; i < 4; i++) {
    await picture(`other-${i}.png`, 5 + i)
    rows.push(`OTHER-${i},P-${i},other-${i}.png,,train,A,${50 + i},${i % 2},${i === 0 ? 'sister of QUASIMODO-77' : 'plain'}`)
  }
  // The same row again: a job and its report name the patient's case.
  rows.push('CASE-Esmeralda,Quasimodo-77,frollo-picture.png,,train,A,51,1,Notre-Dame-value')
  writeFileSync(MANIFEST, rows.join('\n'))
  const { world, origin } = app.house
  study = createStudy(world, origin, 'test', { directory: join(home.path, 'study'), name: 'A study', synthetic: false })
  app.house.adopt(study)
  const context = app.context({ actor: 'test', account: { id: 'cli', login: 'test', name: 'test', role: 'investigator', seniority: null, yearsExperience: null, demo: false, mustChangePassword: false } })
  const started = await app.call(context, 'study.import', { manifest: MANIFEST })
  if (!started.ok) throw new Error(started.error.message)
  await app.house.jobs.ended((started.value as { jobId: string }).jobId)
  for (const [login, role] of [['ana', 'annotator'], ['rea', 'reader'], ['lin', 'investigator']] as const) {
    accounts[login] = (await createAccount(world, study, 'test', { login, name: login, role, seniority: null, yearsExperience: null, password: 'a long enough password', mustChange: false, demo: false })).id
  }
  assignTasks(study, world, 'test', { accountId: accounts['ana'] as string, round: 1, notBefore: null })
  startProtocol(study, world, 'test', createProtocol(study, world, 'test', { name: 'Reading', cohorts: ['train'], readers: [accounts['rea'] as string], scale: 'points5', sessions: 1, washoutDays: 28, seed: 1 }).id)
  const { id: caseId } = study.db.read.get<{ id: string }>("SELECT id FROM study_case WHERE label = 'CASE-Esmeralda'") as { id: string }
  const image = study.db.read.get<{ id: string; object: string }>('SELECT id, object FROM image WHERE case_id = ?', caseId) as { id: string; object: string }
  study.db.write('test', (tx) => {
    const task = tx.get<{ id: string }>('SELECT id FROM annotation_task WHERE case_id = ?', caseId) as { id: string }
    tx.insert('annotation_journal', { task_id: task.id, seq: 1, entry: '{"v":1,"seq":1,"gesture":"djali-note"}', created_at: tx.at })
    const segmentation = world.ids.next(), review = world.ids.next()
    tx.insert('segmentation', { id: segmentation, case_id: caseId, image_id: image.id, frame: 0, model_set: 's', state: 'found', provider: 'cpu', provider_note: '', milliseconds: 1, disagreement: 0, uncertainty: 0, components: 1, touches_border: 0, created_at: tx.at, origin: tx.origin })
    tx.insert('segmentation_mask', { segmentation_id: segmentation, model: 'fusion', model_sha256: 'x', mask: image.object, map: image.object, area_px: 9 })
    tx.audit({ action: 'segmentation.create', subject: 'segmentation', id: segmentation })
    tx.insert('review', { id: review, case_id: caseId, segmentation_id: segmentation, account_id: accounts['lin'] as string, decision: 'accepted', reason: null, difficulty: null, comment: 'djali-note on Quasimodo-77', seconds: 1, annotation_id: null, dice_to_fused: null, hd95_to_fused: null, created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'review.accepted', subject: 'review', id: review, reason: 'djali-note' })
    const order = tx.get<{ session_id: string; position: number }>('SELECT session_id, position FROM reading_order WHERE case_id = ?', caseId) as { session_id: string; position: number }
    const reading = world.ids.next()
    tx.insert('reading', { id: reading, session_id: order.session_id, position: order.position, call: 'positive', rating: 4, active_seconds: 1, confirmed: 0, submitted_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'reading.submit', subject: 'reading', id: reading })
    namedElsewhere(tx)
  })
}
/** What people wrote of this patient in other places: other cases' reviews, flags, answers, the protocol, a conflict of a package, another withdrawal's reason. */
function namedElsewhere(tx: WriteDb): void {
  const { world } = app.house
  const made = (table: AuditSubject, row: Record<string, string | number | null>): string => {
    const id = world.ids.next()
    tx.insert(table, { id, ...row, origin: tx.origin })
    tx.audit({ action: 'test.make', subject: table, id })
    return id
  }
  const other = tx.get<{ id: string; image: string }>("SELECT study_case.id, image.id AS image FROM study_case JOIN image ON image.case_id = study_case.id WHERE label = 'OTHER-1'") as { id: string; image: string }
  const segmentation = made('segmentation', { case_id: other.id, image_id: other.image, frame: 0, model_set: 's', state: 'found', provider: 'cpu', provider_note: '', milliseconds: 1, disagreement: 0, uncertainty: 0, components: 1, touches_border: 0, created_at: tx.at })
  const review = made('review', { case_id: other.id, segmentation_id: segmentation, account_id: accounts['lin'] as string, decision: 'accepted', reason: null, difficulty: null, comment: 'mixed up with CASE-Esmeralda at first', seconds: 1, annotation_id: null, dice_to_fused: null, hd95_to_fused: null, created_at: tx.at })
  made('review_question', { segmentation_id: segmentation, review_id: review, account_id: accounts['lin'] as string, question: 'is this not Quasimodo-77?', created_at: tx.at })
  const task = tx.get<{ id: string }>('SELECT id FROM annotation_task WHERE case_id = ?', other.id) as { id: string }
  made('annotation_flag', { task_id: task.id, flag: null, comment: 'as in Quasimodo-77', created_at: tx.at })
  tx.insert('annotation_journal', { task_id: task.id, seq: 1, entry: '{"v":1,"seq":1,"note":"like Quasimodo-77","width":77}', created_at: tx.at })
  const order = tx.get<{ session_id: string; position: number; protocol_id: string }>('SELECT session_id, position, protocol_id FROM reading_order JOIN reading_session ON reading_session.id = session_id WHERE case_id = ?', other.id) as { session_id: string; position: number; protocol_id: string }
  made('reading', { session_id: order.session_id, position: order.position, call: 'negative', rating: 2, active_seconds: 1, confirmed: 0, submitted_at: tx.at, answers: '{"remark":"the one after Quasimodo-77"}' })
  const protocol = tx.get<{ document: string }>('SELECT document FROM protocol WHERE id = ?', order.protocol_id) as { document: string }
  tx.update('protocol', { id: order.protocol_id }, { document: JSON.stringify({ ...(JSON.parse(protocol.document) as object), question: 'Positive? (training: CASE-Esmeralda)' }) })
  tx.audit({ action: 'test.make', subject: 'protocol', id: order.protocol_id })
  const sent = made('package', { kind: 'reader', account_id: accounts['rea'] as string, items: 1, chain: 'c', head_seq: 0, head_hash: '', created_at: tx.at })
  made('merge_conflict', { package_id: sent, subject: 'reading', subject_id: 'elsewhere', kept_id: 'here', document: '{"patient":"Quasimodo-77","rating":77}', created_at: tx.at })
  const gone = made('patient', { label: 'withdrawn-before', withdrawn_at: tx.at })
  made('withdrawal', { patient_id: gone, cases: 0, images: 0, reason: 'as the brother, Quasimodo-77', created_at: tx.at })
}
beforeAll(async () => {
  app = createNodeApp({ userData: join(home.path, 'user'), logger: quietLogger })
  await filled()
})
afterAll(async () => {
  await app?.close()
  home.remove()
})

const found = (): string[] => readdirSync(study.directory, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).flatMap((e) => {
  const file = join(e.parentPath, e.name)
  const bytes = readFileSync(file)
  return PLANTED.filter((p) => bytes.includes(p)).map((p) => `${p} in ${e.name}`)
})

test('the search finds every planted text before the withdrawal but the names of files, which no import keeps, and the study is sound', async () => {
  expect([...new Set(found().map((f) => f.split(' in ')[0]))].sort()).toEqual([...PLANTED].filter((p) => !FILES.includes(p)).sort())
  expect((await verifyStudy(study.directory)).faults).toEqual([])
})

test('every table that points at a case or at what was made of it is emptied: a new one cannot be forgotten', () => {
  const emptied = new Set(WITHDRAWN_TABLES)
  const tables = study.db.read.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").map((t) => t.name)
  const pointing = tables.filter((table) => study.db.read.all<{ to: string }>(`SELECT "table" AS "to" FROM pragma_foreign_key_list('${table}')`).some((k) => k.to === 'study_case' || emptied.has(k.to)))
  expect(pointing.length).toBeGreaterThan(15)
  expect(pointing.filter((t) => !emptied.has(t) && t !== 'case_clinical')).toEqual([])
})

test('the plan says what goes and changes nothing; a reason with a name in it is refused', () => {
  const heads = study.db.read.all('SELECT count(*) AS n FROM audit')
  expect(planWithdrawal(study, 'Quasimodo-77')).toMatchObject({ cases: ['CASE-Esmeralda'], images: 1, drawings: 1, segmentations: 1, readings: 1, drafts: 1, copies: [expect.stringMatching(/^package for rea of \d{4}-\d\d-\d\d/)] })
  expect(() => withdrawPatient(study, app.house.world, 'test', { patient: 'Quasimodo-77', reason: 'asked by Quasimodo-77' })).toThrow(/names the patient/)
  expect(() => planWithdrawal(study, 'nobody')).toThrow(/no patient nobody/)
  expect(study.db.read.all('SELECT count(*) AS n FROM audit')).toEqual(heads)
})

test('after it no text and no pixel of the patient is left in the folder, a tombstone stays, and the study verifies', async () => {
  const objects = study.db.read.all<{ hash: string }>("SELECT image.object AS hash FROM image JOIN study_case ON study_case.id = case_id WHERE label = 'CASE-Esmeralda' UNION SELECT mask FROM annotation JOIN study_case ON study_case.id = case_id WHERE label = 'CASE-Esmeralda'").map((r) => r.hash)
  expect(objects.length).toBe(2)
  const report = withdrawPatient(study, app.house.world, 'lin', { patient: 'Quasimodo-77', reason: 'asked in writing' })
  expect(report.removedFiles).toBe(2)
  expect(objects.filter((hash) => study.objects.has(hash))).toEqual([])
  expect(found()).toEqual([])
  // What others wrote is there without the name, and documents say the rest as before.
  expect(report.redactedTexts).toBe(9)
  const one = (sql: string): Record<string, string> => study.db.read.get<Record<string, string>>(sql) ?? {}
  expect(JSON.parse(one("SELECT variables FROM case_clinical JOIN study_case ON study_case.id = case_id WHERE label = 'OTHER-0'")['variables'] ?? '')).toMatchObject({ age: '50', remark: `sister of ${report.tombstone}` })
  expect(one("SELECT comment FROM review WHERE comment <> ''")).toEqual({ comment: `mixed up with ${report.tombstone} at first` })
  expect(one('SELECT question FROM review_question')).toEqual({ question: `is this not ${report.tombstone}?` })
  expect(one('SELECT answers FROM reading WHERE answers IS NOT NULL')).toEqual({ answers: `{"remark":"the one after ${report.tombstone}"}` })
  expect(JSON.parse(one('SELECT entry FROM annotation_journal')['entry'] ?? '')).toEqual({ v: 1, seq: 1, note: `like ${report.tombstone}`, width: 77 })
  expect(JSON.parse(one('SELECT document FROM merge_conflict')['document'] ?? '')).toEqual({ patient: report.tombstone, rating: 77 })
  expect(JSON.parse(one('SELECT document FROM protocol')['document'] ?? '')).toMatchObject({ question: `Positive? (training: ${report.tombstone})`, seed: 1 })
  expect(study.db.read.all('SELECT label, cohort, excluded_reason FROM study_case WHERE label NOT LIKE ?', 'OTHER-%')).toEqual([{ label: report.tombstone, cohort: null, excluded_reason: 'consent withdrawn' }])
  expect(study.db.read.all("SELECT reason FROM audit WHERE action = 'withdrawal' AND actor = 'lin'")).toEqual([{ reason: 'asked in writing' }])
  expect(study.db.read.all('SELECT count(*) AS n FROM reading_order')).toEqual([{ n: 4 }])
  expect((await verifyStudy(study.directory)).faults).toEqual([])
  expect(() => planWithdrawal(study, report.tombstone)).toThrow(/withdrawn already/)
})

test('whoever withdrew is refused when imported again, by label, by case and by picture, until consent is given anew', async () => {
  const again = async (line: string): Promise<{ imported: number; refused: { reason: string }[] }> => {
    writeFileSync(join(home.path, 'source', 'again.csv'), `case_id,patient_id,image\n${line}\n`)
    return importManifest(study, app.house.world, 'test', join(home.path, 'source', 'again.csv'))
  }
  const withdrew = / withdrew consent on \d{4}-\d\d-\d\d; nothing of theirs is taken in again/
  for (const [line, who] of [['NEW-1,quasimodo-77,other-0.png', /^patient quasimodo-77/], ['CASE-Esmeralda,P-900,other-0.png', /^the patient of case CASE-Esmeralda/], ['NEW-1,P-900,frollo-picture.png', /^the patient of this picture/]] as const) {
    const { imported, refused } = await again(line)
    expect([imported, refused.length]).toEqual([0, 1])
    expect(refused[0]?.reason).toMatch(withdrew)
    expect(refused[0]?.reason).toMatch(who)
  }
  const look = await inspectManifest(study, join(home.path, 'source', 'again.csv'))
  expect([look.files, look.refused.map((r) => withdrew.test(r.reason))]).toEqual([[], [true]])
  expect(found()).toEqual([])
  expect(() => readmit(study, secretOf(study), 'lin', { patient: 'P-2', reason: 'x' })).toThrow(/no patient P-2 has withdrawn/)
  readmit(study, secretOf(study), 'lin', { patient: 'Quasimodo-77', reason: 'consented anew in writing' })
  expect(study.db.read.all("SELECT reason FROM audit WHERE action = 'patient.readmit' AND actor = 'lin'")).toEqual([{ reason: 'consented anew in writing' }])
  expect(await again('NEW-1,P-900,frollo-picture.png')).toEqual({ imported: 1, refused: [] })
  withdrawPatient(study, app.house.world, 'lin', { patient: 'P-900', reason: 'withdrew again' })
  expect((await verifyStudy(study.directory)).faults).toEqual([])
})

test('a redacted entry that is changed again, and one that was never redacted, are both found', async () => {
  const copy = join(home.path, 'copy')
  await study.db.backup(join(mkdirSync(copy, { recursive: true }) ?? copy, 'study.db'))
  const { default: Database } = await import('better-sqlite3')
  const db = new Database(join(copy, 'study.db'))
  const one = db.prepare('SELECT origin, seq FROM audit_redaction LIMIT 1').get() as { origin: string; seq: number }
  expect(() => db.prepare('UPDATE audit SET actor = ? WHERE origin = ? AND seq = ?').run('somebody', one.origin, one.seq)).toThrow(/append-only/)
  expect(() => db.prepare("UPDATE audit SET new = NULL, old = NULL, reason = NULL WHERE action = 'study.create'").run()).toThrow(/append-only/)
  db.exec('DROP TRIGGER audit_no_update')
  db.prepare('UPDATE audit SET actor = ? WHERE origin = ? AND seq = ?').run('somebody', one.origin, one.seq)
  db.prepare("UPDATE audit SET new = 'another name' WHERE action = 'study.create'").run()
  db.close()
  const faults = (await verifyStudy(copy)).faults.filter((f) => f.includes('its text was altered'))
  expect(faults.length).toBe(2)
})

test('exports, the flow and the plan of later work say so', async () => {
  await app.close()
  const exported = await sln(['export', '--study', study.directory, '--to', join(home.path, 'out'), '--format', 'files', '--json'], { home: join(home.path, 'cli') })
  const answer = JSON.parse(exported.stdout) as { cases: number; withdrawn: number; notes: string[] }
  expect(answer).toMatchObject({ cases: 4, withdrawn: 3 })
  expect(answer.notes.join()).toMatch(/3 patients have withdrawn/)
  expect(readFileSync(join(home.path, 'out', 'README.txt'), 'utf8')).toMatch(/withdrawn/)
  const plan = await sln(['withdraw', '--study', study.directory, '--patient', 'P-1', '--json'], { home: join(home.path, 'cli') })
  expect(JSON.parse(plan.stdout)).toMatchObject({ done: false, cases: ['OTHER-1'] })
  const done = await sln(['withdraw', '--study', study.directory, '--patient', 'P-1', '--yes', '--reason', 'moved away', '--json'], { home: join(home.path, 'cli') })
  expect(JSON.parse(done.stdout)).toMatchObject({ done: true, removedFiles: 1 })
  expect(JSON.parse((await sln(['verify', '--study', study.directory, '--json'], { home: join(home.path, 'cli') })).stdout)).toMatchObject({ sound: true })
  app = createNodeApp({ userData: join(home.path, 'user'), logger: quietLogger })
  app.house.open(study.directory)
})
