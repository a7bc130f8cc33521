import Database from 'better-sqlite3'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App } from '#main/app/createApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { assignTasks } from '#main/services/annotations/handlers.ts'
import { createSigningKey, readSignedHead, signHead } from '#main/services/audit/signedHead.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import type { MergeReport, ReadingItem } from '#shared/contract/index.ts'
import { maskFromText, maskToBytes } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { maskFromRows } from '#test/support/masks.ts'
import { idOf, PASSWORD, personOf, readerStudy, type Person, type ReaderStudy } from '#test/support/readerStudy.ts'
import { temporary } from '#test/support/studies.ts'

const home = temporary('packages')
const PHRASE = 'carried by hand, word by word'
let made: ReaderStudy
let lin: Person
let protocolId: string
let away: App
beforeAll(async () => {
  made = await readerStudy(home.path, { lin: 'investigator', ana: 'annotator', r1: 'reader', r2: 'reader' })
  lin = await made.as('lin')
  const plan = { name: 'Reading', scale: 'points5' as const, seed: 4, cohorts: ['a', 'b'], readers: [idOf(made, 'r1'), idOf(made, 'r2')], training: { caseLabels: ['t1'], feedback: true }, factors: ['age'] }
  protocolId = (await lin.get('protocol.create', plan)).id
  await lin.get('protocol.start', { protocolId })
  assignTasks(made.study, made.app.house.world, 'lin', { accountId: idOf(made, 'ana'), round: 1, notBefore: null })
  away = createNodeApp({ userData: join(home.path, 'away'), logger: quietLogger })
})
afterAll(async () => {
  await away?.close()
  await made?.close()
  home.remove()
})

async function jobOf(app: App, start: Promise<{ jobId: string }>): Promise<{ state: string; note: string; result: unknown }> {
  return app.house.jobs.ended((await start).jobId)
}
async function carried(login: string, name: string): Promise<Person> {
  const file = join(home.path, `${name}.slnpack`), directory = join(home.path, name)
  expect((await jobOf(made.app, lin.get('package.create', { accountId: idOf(made, login), to: file, passphrase: PHRASE }))).state).toBe('done')
  const there = personOf(away, away.context({}))
  away.house.study()?.db.write('test', () => undefined)
  const opener = personOf(away, away.context({ account: { id: 'x', login: 'x', name: 'x', role: 'investigator', seniority: null, yearsExperience: null, demo: false, mustChangePassword: false } }))
  await opener.get('package.open', { from: file, directory, passphrase: PHRASE })
  await there.get('session.signIn', { login, password: PASSWORD })
  return there
}
const answerOf = (item: ReadingItem, rating = 4) => ({ sessionId: item.sessionId, position: item.position, part: item.part, call: 'positive' as const, rating, activeSeconds: 5 })
async function read(person: Person, upTo: number): Promise<void> {
  const session = (await person.get('reading.sessions', {})).sessions[0]?.id ?? ''
  let { item } = await person.get('reading.next', { sessionId: session })
  for (let i = 0; i < upTo && item !== null; i++) item = (await person.get('reading.submit', answerOf(item))).item
}
const merge = async (name: string): Promise<{ state: string; note: string; result: unknown }> => jobOf(made.app, lin.get('package.merge', { from: join(home.path, name), passphrase: PHRASE }))

test('a reader package holds what the reader may see and nothing else, and opens with the pass phrase alone', async () => {
  const there = await carried('r1', 'r1-away')
  const raw = readFileSync(join(home.path, 'r1-away.slnpack'))
  for (const word of ['SQLite', 'Reader study', 'p-c1', 'north']) expect(raw.includes(word)).toBe(false)
  const opener = personOf(away, away.context({ account: { id: 'x', login: 'x', name: 'x', role: 'investigator', seniority: null, yearsExperience: null, demo: false, mustChangePassword: false } }))
  expect(await opener.refused('package.open', { from: join(home.path, 'r1-away.slnpack'), directory: join(home.path, 'wrong'), passphrase: 'not the right words' })).toBe('wrong_password')
  expect(existsSync(join(home.path, 'wrong'))).toBe(false)
  const damaged = Buffer.from(raw)
  damaged[damaged.length - 200] = (damaged[damaged.length - 200] ?? 0) ^ 1
  writeFileSync(join(home.path, 'damaged.slnpack'), damaged)
  expect(await opener.refused('package.open', { from: join(home.path, 'damaged.slnpack'), directory: join(home.path, 'wrong'), passphrase: PHRASE })).toBe('wrong_password')
  const db = new Database(join(home.path, 'r1-away', 'study.db'), { readonly: true })
  const everything = (db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]).map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all())).join('\n')
  for (const word of ['p-c1', 'north', 'c3.png', '"r2"', '"lin"', idOf(made, 'r2'), '"label":"c']) expect(everything).not.toContain(word)
  expect(db.prepare('SELECT count(*) AS n FROM case_clinical WHERE outcome IS NOT NULL').get()).toEqual({ n: 1 })
  expect(new Set((db.prepare('SELECT variables FROM case_clinical').all() as { variables: string }[]).flatMap((r) => Object.keys(JSON.parse(r.variables) as object)))).toEqual(new Set(['age']))
  db.close()
  expect((await verifyStudy(join(home.path, 'r1-away'))).faults).toEqual([])
  expect((await there.get('reading.sessions', {})).sessions).toHaveLength(1)
})

test('work comes back in pieces: nothing is lost, nothing is taken twice, what was done twice is shown, both chains are verified', async () => {
  const there = personOf(away, away.context({}))
  await there.get('session.signIn', { login: 'r1', password: PASSWORD })
  await read(there, 3)
  expect((await there.get('package.state', {})).package).toMatchObject({ unsent: 3, sentAt: null })
  await there.get('package.return', { to: join(home.path, 'back1'), passphrase: PHRASE })
  const first = await merge('back1')
  expect(first.note === '' ? first.result : first.note).toMatchObject({ taken: 3, known: 0, conflicts: [] })
  // The fourth case is answered at home while the fourth and fifth are answered there.
  const at = await made.as('r1')
  await read(at, 1)
  await read(there, 2)
  await there.get('session.changePassword', { current: PASSWORD, next: 'another long password' })
  await there.get('package.return', { to: join(home.path, 'back2'), passphrase: PHRASE })
  const second = (await merge('back2')).result as MergeReport
  expect(second).toMatchObject({ taken: 1, known: 3 })
  expect(second.conflicts).toHaveLength(1)
  const again = (await merge('back2')).result as MergeReport
  expect(again).toMatchObject({ taken: 0, known: 5, conflicts: [] })
  const { packages } = await lin.get('package.list', {})
  expect(packages[0]?.conflicts[0]).toMatchObject({ kind: 'answer', why: expect.stringMatching(/answered here as well/), what: expect.stringMatching(/^c\d, Reading, unaided answer$/), hidden: true, here: null, came: null })
  expect(JSON.stringify(packages)).not.toMatch(/suspicion|"rating"/)
  expect((await verifyStudy(made.study.directory)).faults).toEqual([])
  // The reader's password here is still the one from here.
  await made.as('r1')
  made.study.db.write('intruder', (tx) => tx.run("UPDATE reading SET rating = 1 WHERE origin LIKE '%opening%' AND id = (SELECT min(id) FROM reading WHERE origin LIKE '%opening%')"))
  expect((await verifyStudy(made.study.directory)).faults).toHaveLength(1)
  made.study.db.write('intruder', (tx) => tx.run("UPDATE reading SET rating = 4 WHERE origin LIKE '%opening%'"))
})

test('answers that come back after the closing are kept apart, and work that was tampered with is refused whole', async () => {
  const there = personOf(away, away.context({}))
  await there.get('session.signIn', { login: 'r1', password: 'another long password' })
  await read(there, 1)
  away.house.study()?.db.write('intruder', (tx) => tx.run("UPDATE reading SET rating = 2 WHERE submitted_at = (SELECT max(submitted_at) FROM reading)"))
  await there.get('package.return', { to: join(home.path, 'tampered'), passphrase: PHRASE })
  const refused = await merge('tampered')
  expect([refused.state, refused.note]).toEqual(['failed', expect.stringContaining('is not the one that the audit chain')])
  away.house.study()?.db.write('intruder', (tx) => tx.run("UPDATE reading SET rating = 4 WHERE submitted_at = (SELECT max(submitted_at) FROM reading)"))
  await lin.get('protocol.close', { protocolId, reason: 'time is over' })
  await there.get('package.return', { to: join(home.path, 'late'), passphrase: PHRASE })
  expect((await merge('late')).result).toMatchObject({ taken: 0, known: 5, conflicts: [expect.stringContaining('closed before')] })
  expect((await verifyStudy(made.study.directory)).faults).toEqual([])
})

test('an annotator draws elsewhere and the drawing comes home', async () => {
  const there = await carried('ana', 'ana-away')
  const { tasks } = await there.get('annotation.tasks', {})
  expect(tasks.length).toBeGreaterThan(0)
  const task = await there.get('annotation.open', { taskId: tasks[0]?.id ?? '' })
  await there.get('annotation.save', { taskId: task.taskId, frame: 0, document: '{}', mask: maskFromRows(task.width, task.height, 10, 20), activeSeconds: 9, tools: {} })
  await there.get('package.return', { to: join(home.path, 'ana-back'), passphrase: PHRASE })
  expect((await merge('ana-back')).result).toMatchObject({ taken: 1, conflicts: [] })
  expect(made.study.db.read.all("SELECT 1 AS x FROM annotation WHERE purpose = 'drawn'")).toHaveLength(1)
  const report = await verifyStudy(made.study.directory)
  expect(report.faults).toEqual([])
})

test('what a task shows travels with it: the contour, not its source, and the drawing comes home with what was seen', async () => {
  const { study, app } = made
  const task = study.db.read.get<{ id: string; case_id: string; image_id: string; width: number; height: number }>("SELECT t.id, t.case_id, t.image_id, width, height FROM annotation_task t JOIN image ON image.id = t.image_id WHERE t.account_id = ? AND NOT EXISTS (SELECT 1 FROM annotation WHERE task_id = t.id)", idOf(made, 'ana'))
  if (task === undefined) throw new Error('no open task is left')
  const shown = maskFromRows(task.width, task.height, 8, 25), segmentation = app.house.world.ids.next()
  study.db.write('lin', (tx) => {
    const hash = study.objects.put(maskToBytes(unwrap(maskFromText(shown))))
    tx.insert('segmentation', { id: segmentation, case_id: task.case_id, image_id: task.image_id, frame: 0, model_set: 'nets-of-here', state: 'found', provider: 'cpu', provider_note: '', milliseconds: 1, disagreement: 0, uncertainty: 0, components: 1, touches_border: 0, created_at: tx.at, origin: tx.origin })
    tx.insert('segmentation_mask', { segmentation_id: segmentation, model: 'fusion', model_sha256: 'x', mask: hash, map: hash, area_px: 9 })
    tx.audit({ action: 'segmentation.create', subject: 'segmentation', id: segmentation })
    tx.update('annotation_task', { id: task.id }, { shows: '["model","start"]' })
    tx.audit({ action: 'annotation.assign', subject: 'annotation_task', id: task.id })
  })
  const there = await carried('ana', 'ana-shown')
  const opened = await there.get('annotation.open', { taskId: task.id })
  expect([opened.shows, opened.start, opened.references.map((r) => r.mask)]).toEqual([['model', 'start'], shown, [shown]])
  const blind = (await there.get('annotation.tasks', {})).tasks.find((t) => t.id !== task.id && !t.closed)
  expect((await there.get('annotation.open', { taskId: blind?.id ?? '' })).references).toEqual([])
  await there.get('annotation.save', { taskId: task.id, frame: 0, document: '{}', mask: shown, activeSeconds: 9, tools: {} })
  const db = new Database(join(home.path, 'ana-shown', 'study.db'), { readonly: true })
  expect(db.prepare('SELECT count(*) AS n FROM segmentation').get()).toEqual({ n: 0 })
  db.close()
  await there.get('package.return', { to: join(home.path, 'ana-shown-back'), passphrase: PHRASE })
  expect((await merge('ana-shown-back')).result).toMatchObject({ taken: 1, conflicts: [] })
  const back = study.db.read.get<{ shown: string; derived_from: string }>('SELECT shown, derived_from FROM annotation WHERE task_id = ?', task.id)
  expect(JSON.parse(back?.shown ?? '')).toEqual({ model: { segmentations: [segmentation], start: true } })
  expect(JSON.parse(back?.derived_from ?? '')).toEqual({ method: 'model', from: [{ segmentation }] })
  expect((await verifyStudy(study.directory)).faults).toEqual([])
})

test('strokes of one drawing that went two ways are not mixed: those at home stand, the others are kept as a conflict', async () => {
  const entry = (seq: number, gesture: string) => ({ v: 1 as const, seq, kind: 'gesture' as const, gesture, by: 'ana', at: '2026-01-05T09:00:00.000Z', ms: 10, ops: [] })
  const at = await made.as('ana'), there = personOf(away, away.context({}))
  await there.get('session.signIn', { login: 'ana', password: PASSWORD })
  const [, second, third] = (await there.get('annotation.tasks', {})).tasks.map((t) => t.id)
  const append = async (person: Person, taskId: string, gesture: string): Promise<void> => {
    const { journal } = await person.get('annotation.open', { taskId })
    await person.get('annotation.append', { taskId, afterSeq: journal.length, entries: [entry(journal.length + 1, gesture)] as never })
  }
  await append(at, second ?? '', 'brush')
  await append(there, second ?? '', 'polygon')
  await append(there, third ?? '', 'freehand')
  await there.get('package.return', { to: join(home.path, 'ana-strokes'), passphrase: PHRASE })
  expect((await merge('ana-strokes')).result).toMatchObject({ conflicts: [expect.stringMatching(/unsaved strokes, task \d+: .*the strokes here stand/)] })
  expect((await at.get('annotation.open', { taskId: second ?? '' })).journal).toMatchObject([{ gesture: 'brush' }])
  expect((await at.get('annotation.open', { taskId: third ?? '' })).journal).toMatchObject([{ gesture: 'freehand' }])
  expect((await merge('ana-strokes')).result).toMatchObject({ taken: 0, conflicts: [] })
  const kept = made.study.db.read.get<{ document: string }>("SELECT document FROM merge_conflict WHERE subject = 'annotation_journal'")
  expect((JSON.parse(kept?.document ?? '{}') as { entries: { entry: string }[] }).entries.map((e) => (JSON.parse(e.entry) as { gesture: string }).gesture)).toEqual(['polygon'])
  expect((await verifyStudy(made.study.directory)).faults).toEqual([])
})

test('a package can be left by whoever is signed out there, and by nobody who is signed in', async () => {
  const nobody = personOf(away, away.context({})), reader = personOf(away, away.context({}))
  await reader.get('session.signIn', { login: 'ana', password: PASSWORD })
  const to = { from: join(home.path, 'r1-away.slnpack'), directory: join(home.path, 'again'), passphrase: PHRASE }
  expect(await reader.refused('package.open', to)).toBe('forbidden')
  expect((await nobody.get('study.recent', {})).studies.length).toBeGreaterThan(0)
  await nobody.get('package.open', to)
  expect((await nobody.get('session.state', {})).study).toMatchObject({ isPackage: true })
  // At home, where there is an investigator, it takes one.
  expect(await personOf(made.app, made.app.context({})).refused('study.open', { directory: to.directory })).toBe('forbidden')
})

test('a cut tail is found against the last signed head, also when the chain that is left is whole', async () => {
  const keys = { userData: join(home.path, 'keys'), secretBox: null }
  await createSigningKey(keys, made.app.house.world, PHRASE)
  const to = join(home.path, 'head.json')
  await expect(signHead(keys, made.study, made.app.house.world, 'lin', to, 'the wrong words')).rejects.toThrow(/pass phrase/)
  await expect(signHead(keys, made.study, made.app.house.world, 'lin', join(made.study.directory, 'head.json'), PHRASE)).rejects.toThrow(/somewhere else/)
  await signHead(keys, made.study, made.app.house.world, 'lin', to, PHRASE)
  const head = readSignedHead(to)
  expect(await verifyStudy(made.study.directory, { heads: [head] })).toMatchObject({ sound: true, heads: 1 })
  expect(await verifyStudy(made.study.directory, { userData: keys.userData })).toMatchObject({ sound: true, heads: 1 })
  expect((await verifyStudy(made.study.directory, { heads: [{ ...head, at: '2020-01-01T00:00:00.000Z' }] })).faults).toEqual([expect.stringContaining('signature does not hold')])
  const db = new Database(join(made.study.directory, 'study.db'))
  db.exec('DROP TRIGGER audit_no_delete')
  db.exec(`DELETE FROM audit WHERE origin = '${made.study.db.origin}' AND seq = (SELECT max(seq) FROM audit WHERE origin = '${made.study.db.origin}')`)
  db.close()
  expect((await verifyStudy(made.study.directory)).sound).toBe(true)
  expect((await verifyStudy(made.study.directory, { userData: keys.userData })).faults).toEqual([expect.stringContaining('the tail was cut')])
})
