import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyStudy } from '#main/services/study/verify.ts'
import { maskToText } from '#shared/geometry/index.ts'
import { drawnStudy, ellipse, type DrawnStudy } from '#test/support/drawnStudy.ts'
import { temporary } from '#test/support/studies.ts'

const home = temporary('shows')
let s: DrawnStudy
beforeAll(async () => {
  s = await drawnStudy(home.path, 6)
})
afterAll(async () => {
  await s?.close()
  home.remove()
})

const model = ellipse(40, 30, 20, 12), later = ellipse(20, 20, 8, 8), other = ellipse(44, 30, 18, 12), own = ellipse(41, 31, 20, 12)
const labelled = (tasks: readonly { id: string }[]): Map<string, string> => new Map(tasks.map((t) => [s.caseOf(t.id).label, t.id]))
async function tasksOf(who: 'ana' | 'ben'): Promise<Map<string, string>> {
  return labelled((await s.as(who, 'annotation.tasks', {})).tasks)
}
const stored = (id: string): { shown: string | null; derived_from: string | null } => s.study.db.read.get('SELECT shown, derived_from FROM annotation WHERE id = ?', id) as { shown: string | null; derived_from: string | null }

test('a task is blind unless the investigator says otherwise, and then shows what was allowed and nothing else', async () => {
  await s.as('investigator', 'annotation.assign', { accountId: s.ids.ben, caseIds: ['C0', 'C1', 'C2', 'C3'].map(idOfCase) })
  const bens = await tasksOf('ben')
  for (const label of ['C0', 'C1', 'C2', 'C3']) {
    s.segment(bens.get(label) as string, model)
    await s.draw('ben', bens.get(label) as string, other)
  }
  const give = (label: string, shows: ('model' | 'start' | 'others')[]) => s.as('investigator', 'annotation.assign', { accountId: s.ids.ana, caseIds: [idOfCase(label)], shows })
  await give('C0', [])
  expect(await give('C1', ['model'])).toMatchObject({ created: 1, withoutMask: 0 })
  await give('C2', ['start'])
  await give('C3', ['others'])
  expect(await give('C4', ['model', 'others'])).toMatchObject({ created: 1, withoutMask: 1 })
  const { tasks } = await s.as('ana', 'annotation.tasks', {})
  const anas = labelled(tasks)
  expect(Object.fromEntries(tasks.map((t) => [s.caseOf(t.id).label, t.shows]))).toEqual({ C0: [], C1: ['model'], C2: ['start'], C3: ['others'], C4: ['model', 'others'] })
  const open = (label: string) => s.as('ana', 'annotation.open', { taskId: anas.get(label) as string })
  expect(await open('C0')).toMatchObject({ shows: [], references: [], start: null })
  expect(await open('C1')).toMatchObject({ references: [{ id: 'model', kind: 'model', mask: maskToText(model) }], start: null })
  expect(await open('C2')).toMatchObject({ references: [], start: maskToText(model) })
  const c3 = await open('C3')
  expect(c3).toMatchObject({ references: [{ id: 'other-1', kind: 'other', title: 'Annotator 1', mask: maskToText(other) }], start: null })
  expect(JSON.stringify(c3)).not.toMatch(/Ben|"ben"/)
  expect(await open('C4')).toMatchObject({ shows: ['model', 'others'], references: [] })
})

test('what was shown stays the same picture when the networks run again, while others\' newest drawings follow', async () => {
  const anas = await tasksOf('ana'), bens = await tasksOf('ben')
  s.clock.at = new Date('2026-03-02T10:00:00.000Z')
  s.segment(bens.get('C1') as string, later)
  await s.draw('ben', bens.get('C3') as string, later)
  expect((await s.as('ana', 'annotation.open', { taskId: anas.get('C1') as string })).references).toMatchObject([{ mask: maskToText(model) }])
  expect((await s.as('ana', 'annotation.open', { taskId: anas.get('C3') as string })).references).toMatchObject([{ mask: maskToText(later) }])
  // A picture that the networks had not seen gets its mask later; a drawing that was begun without one does not change under its journal.
  s.segment(anas.get('C4') as string, model)
  expect((await s.as('ana', 'annotation.open', { taskId: anas.get('C4') as string })).references).toHaveLength(1)
  await s.as('investigator', 'annotation.assign', { accountId: s.ids.ana, caseIds: [idOfCase('C5')], shows: ['start'] })
  const c5 = (await tasksOf('ana')).get('C5') as string
  expect((await s.as('ana', 'annotation.open', { taskId: c5 })).start).toBeNull()
  await s.as('ana', 'annotation.append', { taskId: c5, afterSeq: 0, entries: [{ v: 1, seq: 1, gesture: 'polygon' }] })
  s.segment(c5, model)
  expect((await s.as('ana', 'annotation.open', { taskId: c5 })).start).toBeNull()
})

test('a version says what its author had seen, and one that began with the mask has it in its lineage', async () => {
  const anas = await tasksOf('ana')
  const saved: Record<string, string> = {}
  for (const [label, shown] of [['C0', []], ['C1', ['model']], ['C2', ['model', 'start']], ['C3', ['others']]] as const) {
    const { version } = await s.draw('ana', anas.get(label) as string, own)
    expect([label, version.shown]).toEqual([label, shown])
    saved[label] = version.id
  }
  const used = s.study.db.read.get<{ source: string }>("SELECT source FROM annotation_shown WHERE task_id = ? AND what = 'model'", anas.get('C2') as string)?.source
  expect(stored(saved['C0'] as string)).toEqual({ shown: null, derived_from: null })
  expect(JSON.parse(stored(saved['C2'] as string).shown ?? '')).toEqual({ model: { segmentations: [used], start: true } })
  expect(JSON.parse(stored(saved['C2'] as string).derived_from ?? '')).toEqual({ method: 'model', from: [{ segmentation: used }] })
  expect(JSON.parse(stored(saved['C3'] as string).shown ?? '').others).toHaveLength(2)
  const second = await s.draw('ana', anas.get('C2') as string, own)
  expect(stored(second.version.id).derived_from).toBe(saved['C2'])
})

test('the report keeps drawings apart that were not blind, the consensus leaves them out, the index of an export tells', async () => {
  const report = await s.as('investigator', 'annotation.agreement', {})
  expect(report.raters.map((r) => [r.name, r.blind, r.drawings])).toEqual([['Ana', true, 1], ['Ben', true, 4], ['Ana, not blind', false, 3]])
  expect(report.rows.filter((r) => r.kind === 'inter').map((r) => [r.title, r.blind, r.n])).toEqual([['Ana and Ben', true, 1], ['Ben and Ana, not blind', false, 3]])
  expect(report.consensus).toEqual({ possible: 1, stored: 0, notBlind: 3 })
  expect(report.sentence).not.toContain('not drawn blind')
  expect(await s.as('investigator', 'annotation.consensus', { method: 'majority' })).toMatchObject({ stored: 1 })
  expect(await s.as('investigator', 'annotation.consensus', { method: 'majority', notBlind: true })).toMatchObject({ stored: 3, unchanged: 1 })
  const { rounds } = (await s.as('investigator', 'annotation.overview', {})).annotators.find((a) => a.login === 'ana') as { rounds: { total: number; shown: number }[] }
  expect(rounds[0]).toMatchObject({ total: 6, shown: 5 })
  const to = join(home.path, 'masks')
  await s.app.house.jobs.ended((await s.as('investigator', 'annotation.export', { to, format: 'png', what: 'drawings' })).jobId)
  const lines = readFileSync(join(to, 'index.csv'), 'utf8').trim().split('\n')
  expect(lines[0]?.endsWith(',shown')).toBe(true)
  expect(lines.filter((l) => l.startsWith('C2.ana.r1.png'))[0]?.endsWith(',model start')).toBe(true)
  expect(lines.filter((l) => l.startsWith('C0.ana.r1.png'))[0]?.endsWith(',')).toBe(true)
})

test('who says so and what was shown is in the audit log, and the study is sound', async () => {
  const entries = s.study.db.read.all<{ action: string; new: string }>("SELECT action, new FROM audit WHERE action IN ('annotation.assign', 'annotation.show')")
  expect(entries.filter((e) => e.action === 'annotation.assign').map((e) => e.new)).toEqual(expect.arrayContaining(['ana, blind', 'ana, shows model', 'ana, shows start', 'ana, shows model and others']))
  expect(entries.filter((e) => e.action === 'annotation.show' && /to begin with/.test(e.new))).toHaveLength(1)
  expect((await verifyStudy(s.study.directory)).faults).toEqual([])
  s.study.db.write('intruder', (tx) => void tx.run("UPDATE annotation SET shown = NULL WHERE shown IS NOT NULL"))
  expect((await verifyStudy(s.study.directory)).faults.length).toBeGreaterThan(0)
})

test('the washout of a repeat counts from the last look, also one after it was assigned; until then its picture is not handed out', async () => {
  const DAY = 86_400_000, from = s.clock.at.getTime()
  const at = (days: number): string => new Date(from + days * DAY).toISOString()
  const first = (await tasksOf('ben')).get('C0') as string
  // A look without a drawing on the fifth day, the repeat asked for on the sixth.
  s.clock.at = new Date(from + 5 * DAY)
  await s.as('ben', 'annotation.open', { taskId: first })
  s.clock.at = new Date(from + 6 * DAY)
  await s.as('investigator', 'annotation.assignRepeat', { accountId: s.ids.ben, size: 4, seed: 3, washoutDays: 14 })
  const repeat = async (label: string) => (await s.as('ben', 'annotation.tasks', {})).tasks.find((t) => t.round === 2 && s.caseOf(t.id).label === label)
  expect(await repeat('C0')).toMatchObject({ notBefore: at(19), thumbnail: null })
  const other = await repeat('C1')
  expect(other?.notBefore?.slice(0, 10)).toBe(at(14).slice(0, 10))
  // The same person sees the case under a second account, as a reader, on the tenth day.
  s.study.db.write('test', (tx) => {
    tx.insert('account', { id: 'ben-reads', login: 'ben2', name: 'Ben reads', role: 'reader', seniority: 'junior', years_experience: 1, password: '', must_change: 0, demo: 0, disabled: 0, created_at: tx.at, origin: tx.origin, person: s.ids.ben })
    tx.run('UPDATE account SET person = ? WHERE id = ?', s.ids.ben, s.ids.ben)
    tx.audit({ action: 'account.create', subject: 'account', id: 'ben-reads' })
    tx.audit({ action: 'account.link', subject: 'account', id: s.ids.ben })
    tx.insert('exposure', { account_id: 'ben-reads', case_id: idOfCase('C0'), kind: 'reading:x', at: at(10) })
  })
  s.clock.at = new Date(from + 20 * DAY)
  const task = (await repeat('C0'))?.id ?? ''
  expect(await repeat('C0')).toMatchObject({ notBefore: at(24) })
  expect(await s.fails('ben', 'annotation.open', { taskId: task })).toMatchObject({ code: 'washout', message: expect.stringContaining(at(24).slice(0, 10)) })
  expect((await repeat('C1'))?.thumbnail).not.toBeNull()
  // Once the repeat itself is open, its own looks do not close it again.
  s.clock.at = new Date(from + 25 * DAY)
  await s.as('ben', 'annotation.open', { taskId: task })
  s.clock.at = new Date(from + 26 * DAY)
  await s.as('ben', 'annotation.open', { taskId: task })
  expect((await s.draw('ben', task, other === undefined ? model : own)).version.version).toBe(1)
})

function idOfCase(label: string): string {
  return s.study.db.read.get<{ id: string }>('SELECT id FROM study_case WHERE label = ?', label)?.id as string
}
