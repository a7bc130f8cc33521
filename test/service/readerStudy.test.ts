import Database from 'better-sqlite3'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIGRATIONS, migrate } from '#main/database/migrate.ts'
import { auditHash, rowHash, type Row } from '#main/database/connection.ts'
import { verifyAudit } from '#main/database/index.ts'
import { analysisReadings } from '#main/database/queries/reading.ts'
import { recordExposure } from '#main/database/queries/exposure.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import type { CallInput, ProtocolPlanInput, ReadingItem } from '#shared/contract/index.ts'
import { idOf, readerStudy, type Person, type ReaderStudy } from '#test/support/readerStudy.ts'
import { temporary } from '#test/support/studies.ts'

const home = temporary('reader-study')
let made: ReaderStudy
let lin: Person
beforeAll(async () => {
  made = await readerStudy(home.path, { lin: 'investigator', ana: 'annotator', r1: 'reader', r2: 'reader', r3: 'reader', r4: 'reader', r5: 'reader', r6: 'reader' })
  lin = await made.as('lin')
})
afterAll(async () => {
  await made?.close()
  home.remove()
})

const plan = (more: Partial<ProtocolPlanInput> & { readers: string[] }): ProtocolPlanInput => ({ name: 'Reading', scale: 'points5', seed: 4, cohorts: ['a', 'b'], ...more })
async function started(more: Partial<ProtocolPlanInput> & { readers: string[] }): Promise<string> {
  const { id } = await lin.get('protocol.create', plan(more))
  await lin.get('protocol.start', { protocolId: id })
  return id
}
const sessionsOf = async (person: Person): Promise<{ id: string; state: string; availableFrom: string | null }[]> => (await person.get('reading.sessions', {})).sessions
async function newest(person: Person): Promise<{ id: string; state: string; availableFrom: string | null }> {
  const session = (await sessionsOf(person)).at(-1)
  if (session === undefined) throw new Error('no session')
  return session
}
const answerOf = (item: ReadingItem, more: Partial<CallInput<'reading.submit'>> = {}): CallInput<'reading.submit'> => ({ sessionId: item.sessionId, position: item.position, part: item.part, call: 'positive', rating: 4, activeSeconds: 5, ...more })
/** Reads a session to its end. */
async function readToEnd(person: Person, sessionId: string): Promise<ReadingItem[]> {
  const items: ReadingItem[] = []
  let { item } = await person.get('reading.next', { sessionId })
  while (item !== null) {
    items.push(item)
    item = (await person.get('reading.submit', answerOf(item))).item
  }
  return items
}

test('a study of the step before opens, keeps its readings, and its chain and rows are sound', () => {
  const file = join(home.path, 'older.db')
  const db = new Database(file)
  const foundation = MIGRATIONS.slice(0, 1)
  migrate(db, '2026-01-01T00:00:00.000Z', foundation)
  const read = { all: <T extends object>(sql: string, ...v: (string | number | null)[]) => db.prepare(sql).all(...v) as T[], get: <T extends object>(sql: string, ...v: (string | number | null)[]) => db.prepare(sql).get(...v) as T | undefined }
  let seq = 0, previous = '0'.repeat(64)
  const put = (subject: 'account' | 'patient' | 'study_case' | 'image' | 'protocol' | 'reading_session' | 'reading' | 'cohort', id: string, sql: string): void => {
    db.exec(sql)
    const entry: Row = { origin: 'w', seq: ++seq, at: 't', actor: 'x', action: 'a', subject, subject_id: id, old: null, new: null, reason: null, row_hash: rowHash(read, subject, id), previous_hash: previous }
    previous = auditHash(entry)
    db.prepare(`INSERT INTO audit (${Object.keys(entry).join(',')}, hash) VALUES (${Object.keys(entry).map(() => '?').join(',')}, ?)`).run(...Object.values(entry), previous)
  }
  put('account', 'A', "INSERT INTO account VALUES ('A','r','R','reader','junior',3,'x',0,0,0,'t','w')")
  put('patient', 'P', "INSERT INTO patient VALUES ('P','p',NULL,'w')")
  put('study_case', 'C', "INSERT INTO study_case VALUES ('C','c','P',NULL,NULL,NULL,'t','w'); INSERT INTO case_clinical VALUES ('C',1,'{}','w')")
  put('image', 'I', "INSERT INTO image VALUES ('I','C',1,'o',4,4,1,1,'{}','n','s','t','w')")
  put('protocol', 'R', `INSERT INTO protocol VALUES ('R','old',1,'closed','${JSON.stringify({ name: 'old', question: 'q', scale: 'points5', modality: 'unaided', cohorts: ['a'], readers: ['A'], sessions: 1, washoutDays: 28, seed: 1, order: 'o' })}','h','t','t','t','done','w')`)
  put('reading_session', 'S', "INSERT INTO reading_session VALUES ('S','R','A',1,'t','w'); INSERT INTO reading_order VALUES ('S',1,'C','I')")
  put('reading', 'X', "INSERT INTO reading VALUES ('X','S',1,'positive',4,12.5,0,'t','w')")
  expect(migrate(db, '2026-02-01T00:00:00.000Z')).toEqual(MIGRATIONS.slice(1).map((m) => m.id))
  expect(verifyAudit(read).faults).toEqual([])
  expect(analysisReadings(read, 'R').map((r) => [r.rating, r.modality, r.ordinal])).toEqual([[4, 'unaided', 1]])
  db.exec("UPDATE reading SET modality = 'aided'")
  expect(verifyAudit(read).faults).toHaveLength(1)
  db.close()
})

describe('washout', () => {
  test('any earlier look starts it, by date: as annotator, under another account of the same person, in another session', async () => {
    made.today = '2026-01-10'
    const db = made.study.db
    const caseId = db.read.get<{ id: string }>("SELECT id FROM study_case WHERE label = 'c1'")?.id ?? ''
    db.write('test', (tx) => {
      recordExposure(tx, idOf(made, 'ana'), caseId, 'annotation')
      tx.update('account', { id: idOf(made, 'r1') }, { person: idOf(made, 'ana') })
      tx.audit({ action: 'account.link', subject: 'account', id: idOf(made, 'r1') })
    })
    await started({ readers: [idOf(made, 'r1'), idOf(made, 'r2')], sessions: 2 })
    const [r1, r2] = [await made.as('r1'), await made.as('r2')]
    expect(await newest(r2)).toMatchObject({ state: 'waiting' })
    const [first] = await sessionsOf(r1)
    expect(first).toMatchObject({ state: 'washout', availableFrom: '2026-02-07' })
    expect(await r1.refused('reading.next', { sessionId: first?.id ?? '' })).toBe('washout')
    const [own, second] = await sessionsOf(r2)
    await readToEnd(r2, own?.id ?? '')
    expect((await sessionsOf(r2))[1]).toMatchObject({ state: 'washout', availableFrom: '2026-02-07' })
    made.today = '2026-02-06'
    expect(await r2.refused('reading.next', { sessionId: second?.id ?? '' })).toBe('washout')
    made.today = '2026-02-07'
    expect((await r2.get('reading.next', { sessionId: second?.id ?? '' })).item?.position).toBe(1)
    expect((await r1.get('reading.next', { sessionId: first?.id ?? '' })).item?.position).toBe(1)
    // Another day's look counts from that day, not from the first.
    db.write('test', (tx) => recordExposure(tx, idOf(made, 'ana'), caseId, 'annotation'))
    expect((await sessionsOf(r1))[0]).toMatchObject({ state: 'washout', availableFrom: '2026-03-07' })
  })

  test('who is an investigator under another account cannot read', async () => {
    made.study.db.write('test', (tx) => {
      tx.update('account', { id: idOf(made, 'r6') }, { person: idOf(made, 'lin') })
      tx.audit({ action: 'account.link', subject: 'account', id: idOf(made, 'r6') })
    })
    expect(await lin.refused('protocol.create', plan({ readers: [idOf(made, 'r6')] }))).toBe('invalid_input')
    expect(await lin.refused('protocol.create', plan({ readers: [idOf(made, 'ana')] }))).toBe('invalid_input')
  })
})

test('a preview shows the orders that a start then stores, what stops a plan, and who saw the cases', async () => {
  const wanted = plan({ readers: [idOf(made, 'r3'), idOf(made, 'r2')], training: { caseLabels: ['t2', 't1'], feedback: true }, seed: 99 })
  const preview = await lin.get('protocol.preview', { plan: wanted, positions: 50 })
  expect(preview).toMatchObject({ problems: [], cases: 6, training: 2, answersPerReader: 8 })
  expect(preview.readers.map((r) => r.seenCases)).toEqual([0, 6])
  const bad = await lin.get('protocol.preview', { plan: plan({ readers: [idOf(made, 'r3')], sessions: 2, washoutDays: 7, modality: 'aided', caseLabels: ['nope'], training: { caseLabels: ['c1'], feedback: false } }) })
  expect(new Set(bad.problems.map((p) => p.field))).toEqual(new Set(['washoutDays', 'aids', 'caseLabels', 'training']))
  const { id } = await lin.get('protocol.create', wanted)
  await lin.get('protocol.start', { protocolId: id })
  const stored = made.study.db.read.all<{ label: string }>('SELECT label FROM reading_order JOIN reading_session ON reading_session.id = session_id JOIN study_case ON study_case.id = case_id WHERE protocol_id = ? AND account_id = ? ORDER BY position', id, idOf(made, 'r3'))
  expect(stored.map((s) => s.label)).toEqual(preview.readers[0]?.sessions[0]?.order.map((o) => o.label))
  expect(stored.slice(0, 2).map((s) => s.label)).toEqual(['t2', 't1'])
  await lin.get('protocol.close', { protocolId: id, reason: 'only a preview' })
})

test('further questions, a time limit, a break and going back hold on the main side', async () => {
  made.today = '2026-06-01'
  const questions: ProtocolPlanInput['questions'] = [
    { id: 'shape', kind: 'choice', label: 'Shape', required: true, options: ['oval', 'irregular'] }, { id: 'size', kind: 'number', label: 'Size', required: false, min: 0, max: 80, unit: 'mm' },
    { id: 'place', kind: 'mark', label: 'Mark it', required: false }, { id: 'note', kind: 'text', label: 'Note', required: false },
  ]
  await started({ readers: [idOf(made, 'r4')], questions, timeLimitSeconds: 10, breaks: { afterCases: 2, minutes: 5 }, allowBack: true })
  const r4 = await made.as('r4')
  const session = (await newest(r4)).id
  const { item } = await r4.get('reading.next', { sessionId: session })
  if (item === null) throw new Error('no item')
  expect(item).toMatchObject({ previous: null, next: 2, timeLimitSeconds: 10 })
  expect(await r4.refused('reading.submit', answerOf(item))).toBe('not_ready')
  for (const answers of [{ shape: 'round' }, { shape: 'oval', size: 81 }, { shape: 'oval', place: { x: 48, y: 1, frame: 0 } }, { shape: 'oval', other: 'x' }, { shape: 'oval', place: { x: 1, y: 1, frame: 1 } }]) expect(await r4.refused('reading.submit', answerOf(item, { answers }))).toBe('invalid_input')
  // The second case first: allowed here, and the first comes back.
  const second = (await r4.get('reading.next', { sessionId: session, position: 2 })).item as ReadingItem
  expect(second.position).toBe(2)
  await r4.get('reading.draft', { ...answerOf(second), answers: { note: 'later' } })
  const back = await r4.get('reading.submit', answerOf(second, { answers: { shape: 'irregular', place: { x: 3.5, y: 4, frame: 0 } }, activeSeconds: 11 }))
  expect(back.item?.position).toBe(1)
  expect(await r4.refused('reading.next', { sessionId: session, position: 2 })).toBe('locked')
  const third = await r4.get('reading.submit', answerOf(item, { answers: { shape: 'oval' } }))
  expect(third.item).toBeNull()
  expect(third.breakUntil).not.toBeNull()
  expect((await r4.get('reading.next', { sessionId: session })).item).toBeNull()
  const rows = made.study.db.read.all<{ answers: string; over_limit: number; modality: string }>('SELECT answers, over_limit, modality FROM reading WHERE session_id = ? ORDER BY submitted_at', session)
  expect(rows).toEqual([{ answers: '{"place":{"frame":0,"x":3.5,"y":4},"shape":"irregular"}', over_limit: 1, modality: 'unaided' }, { answers: '{"shape":"oval"}', over_limit: 0, modality: 'unaided' }])
  made.today = '2026-06-02'
  expect((await r4.get('reading.next', { sessionId: session })).item?.position).toBe(3)
})

test('an amendment is a new version with a reason; readings carry the version they were read under; a reader leaves, with the data kept, and is replaced', async () => {
  const id = await started({ readers: [idOf(made, 'r5')] })
  const r5 = await made.as('r5')
  const session = (await newest(r5)).id
  const { item } = await r5.get('reading.next', { sessionId: session })
  await r5.get('reading.submit', answerOf(item as ReadingItem))
  expect(await lin.refused('protocol.update', { protocolId: id, plan: plan({ readers: [idOf(made, 'r5')] }) })).toBe('locked')
  const amended = await lin.get('protocol.amend', { protocolId: id, reason: 'readers asked for it', changes: { breaks: { afterCases: 50, minutes: 10 } } })
  expect(amended.version).toBe(2)
  const next = (await r5.get('reading.next', { sessionId: session })).item as ReadingItem
  await r5.get('reading.submit', answerOf(next))
  expect(await lin.refused('protocol.addReader', { protocolId: id, accountId: idOf(made, 'r6'), reason: 'x', replaces: idOf(made, 'r5') })).toBe('invalid_input')
  const replaced = await lin.get('protocol.addReader', { protocolId: id, accountId: idOf(made, 'r3'), reason: 'left the hospital', replaces: idOf(made, 'r5') })
  expect(replaced.readers.map((r) => [r.name, r.withdrawn?.replacedBy ?? null, r.replaces])).toEqual([['r5', 'r3', null], ['r3', null, 'r5']])
  expect(await r5.refused('reading.next', { sessionId: session })).toBe('locked')
  expect((await newest(r5)).state).toBe('withdrawn')
  const { versions } = await lin.get('protocol.versions', { protocolId: id })
  expect(versions.map((v) => [v.version, v.readings, v.reason])).toEqual([[1, 1, 'as started'], [2, 1, 'readers asked for it'], [3, 0, 'left the hospital']])
  expect(versions[1]?.changes).toEqual(['breaks: none → afterCases 50, minutes 10'])
  const letter = await lin.get('protocol.letter', { protocolId: id, accountId: idOf(made, 'r3'), kind: 'reminder' })
  expect(letter.text).toContain('6 cases are open')
  // The letter ends in a fingerprint of hexadecimal digits, in which "c1" alone stands now and then.
  expect(letter.text).not.toMatch(/\bc1\b|p-c1|north/)
  await lin.get('protocol.close', { protocolId: id, reason: 'enough' })
  // r5 read two cases and left; closed, they may be analysed.
  expect(analysisReadings(made.study.db.read, id).map((r) => r.login)).toEqual(['r5', 'r5'])
  expect(await lin.refused('protocol.amend', { protocolId: id, reason: 'late', changes: { allowBack: true } })).toBe('locked')
})

test('after all of it the study verifies, and an altered answer is found', async () => {
  expect((await verifyStudy(made.study.directory)).faults).toEqual([])
  made.study.db.write('intruder', (tx) => tx.run('UPDATE reading SET rating = 1 WHERE id = (SELECT min(id) FROM reading)'))
  expect((await verifyStudy(made.study.directory)).faults).toHaveLength(1)
})
