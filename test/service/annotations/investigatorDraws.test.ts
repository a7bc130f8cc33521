import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { referenceFrames } from '#main/database/queries/annotations.ts'
import { referenceAnnotation } from '#main/database/queries/inference.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { drawnStudy, ellipse, type DrawnStudy } from '#test/support/drawnStudy.ts'
import { temporary } from '#test/support/studies.ts'

const home = temporary('investigator-draws')
const mine = ellipse(40, 30, 20, 12), theirs = ellipse(43, 31, 18, 13)
let s: DrawnStudy
beforeAll(async () => {
  s = await drawnStudy(home.path)
})
afterAll(async () => {
  await s?.close()
  home.remove()
})

const idOfCase = (label: string): string => s.study.db.read.get<{ id: string }>('SELECT id FROM study_case WHERE label = ?', label)?.id ?? ''
async function tasksOf(who: 'investigator' | 'ana' | 'ben'): Promise<Map<string, string>> {
  return new Map((await s.as(who, 'annotation.tasks', {})).tasks.map((t) => [s.caseOf(t.id).label, t.id]))
}
async function assigned(who: 'investigator' | 'ana' | 'ben', labels: readonly string[]): Promise<Map<string, string>> {
  await s.as('investigator', 'annotation.assign', { accountId: s.ids[who], caseIds: labels.map(idOfCase) })
  return tasksOf(who)
}
/** A version as the program stored it before it was kept what its author could look at: the newest version once more, with nothing in `shown`. */
function storedBefore(taskId: string): void {
  s.study.db.write('older program', (tx) => {
    const last = tx.get<{ version: number }>('SELECT * FROM annotation WHERE task_id = ? ORDER BY version DESC LIMIT 1', taskId) as { version: number }
    const id = `older-${taskId}`
    tx.insert('annotation', { ...last, id, version: last.version + 1, shown: null })
    tx.audit({ action: 'annotation.save', subject: 'annotation', id })
  })
}

test('an investigator\'s drawing is stored as not blind although the task shows nothing, and who is assigned says so', async () => {
  const tasks = await assigned('investigator', ['C0', 'C1', 'C2'])
  const overview = await s.as('investigator', 'annotation.overview', {})
  expect(overview.annotators.map((a) => [a.login, a.seesEverything])).toEqual([['ana', false], ['ben', false], ['investigator', true]])
  expect(overview.annotators.at(-1)?.rounds[0]).toMatchObject({ total: 3, shown: 3 })
  expect(s.study.db.read.all("SELECT DISTINCT new FROM audit WHERE action = 'annotation.assign'")).toEqual([{ new: 'investigator, not blind: sees everything as an investigator' }])
  expect(await s.as('investigator', 'annotation.tasks', {})).toMatchObject({ seesEverything: true })
  const { version } = await s.draw('investigator', tasks.get('C0') ?? '', mine)
  expect(version.shown).toEqual(['everything'])
  expect(s.study.db.read.get('SELECT shown FROM annotation WHERE id = ?', version.id)).toEqual({ shown: '{"everything":true}' })
})

test('one that an older version of the program stored as blind counts the same: agreement, consensus, truth and export keep it apart', async () => {
  const tasks = await tasksOf('investigator')
  for (const label of ['C1', 'C2']) await s.draw('investigator', tasks.get(label) ?? '', mine)
  storedBefore(tasks.get('C1') ?? '')
  expect(s.study.db.read.get('SELECT shown FROM annotation WHERE id = ?', `older-${tasks.get('C1')}`)).toEqual({ shown: null })
  for (const who of ['ana', 'ben'] as const) {
    const own = await assigned(who, ['C0', 'C1'])
    // Drawn before the investigator's versions by the clock, so that only blindness puts them first.
    s.clock.at = new Date('2026-03-02T08:00:00.000Z')
    for (const label of ['C0', 'C1']) expect((await s.draw(who, own.get(label) ?? '', theirs)).version.shown).toEqual([])
    s.clock.at = new Date('2026-03-02T09:00:00.000Z')
  }
  const report = await s.as('investigator', 'annotation.agreement', {})
  expect(report.raters.map((r) => [r.name, r.blind, r.drawings])).toEqual([['Ana', true, 2], ['Ben', true, 2], ['Investigator, not blind', false, 3]])
  expect(report.rows.filter((r) => r.blind).map((r) => r.title)).toEqual(['Ana and Ben'])
  expect(report.consensus).toEqual({ possible: 2, stored: 0, notBlind: 3 })
  for (const label of ['C0', 'C1']) {
    const image = s.study.db.read.get<{ image_id: string }>('SELECT image_id FROM annotation_task WHERE id = ?', tasks.get(label) ?? '')?.image_id ?? ''
    const truth = referenceAnnotation(s.study.db.read, image)?.id ?? ''
    expect([label, s.study.db.read.get('SELECT login FROM annotation JOIN account ON account.id = account_id WHERE annotation.id = ?', truth)]).not.toEqual([label, { login: 'investigator' }])
    expect(referenceFrames(s.study.db.read, image).map((r) => [r.id, r.shown])).toEqual([[truth, null]])
  }
  await s.as('investigator', 'annotation.consensus', { method: 'majority' })
  expect(s.study.db.read.all<{ derived_from: string }>("SELECT derived_from FROM annotation WHERE purpose = 'consensus'").map((c) => (JSON.parse(c.derived_from) as { from: unknown[] }).from.length)).toEqual([2, 2])
  const to = join(home.path, 'masks')
  await s.app.house.jobs.ended((await s.as('investigator', 'annotation.export', { to, format: 'png', what: 'drawings' })).jobId)
  const lines = readFileSync(join(to, 'index.csv'), 'utf8').trim().split('\n')
  for (const label of ['C0', 'C1', 'C2']) expect(lines.find((l) => l.startsWith(`${label}.investigator.r1.png`))?.endsWith(',everything')).toBe(true)
  expect(lines.find((l) => l.startsWith('C0.ana.r1.png'))?.endsWith(',')).toBe(true)
})

test('an annotator who has an investigator\'s account as well counts from the day on which that account was made', async () => {
  const ana = await tasksOf('ana')
  const seen = async (label: string) => (await s.as('ana', 'annotation.open', { taskId: ana.get(label) ?? '' })).versions.map((v) => v.shown)
  s.clock.at = new Date('2026-03-05T09:00:00.000Z')
  const second = await s.as('investigator', 'accounts.create', { login: 'ana-leads', name: 'Ana leads', role: 'investigator', seniority: null, yearsExperience: null, firstPassword: 'a long enough password' })
  await s.as('investigator', 'accounts.setPerson', { accountId: s.ids.ana, samePersonAs: second.id, reason: 'the same person' })
  expect(await seen('C0')).toEqual([[]])
  expect(await s.as('ana', 'annotation.tasks', {})).toMatchObject({ seesEverything: true })
  await s.draw('ana', ana.get('C0') ?? '', theirs)
  storedBefore(ana.get('C0') ?? '')
  expect(await seen('C0')).toEqual([['everything'], ['everything'], []])
  expect((await s.as('investigator', 'annotation.overview', {})).annotators.find((a) => a.login === 'ana')?.rounds[0]).toMatchObject({ total: 2, shown: 1 })
  expect((await verifyStudy(s.study.directory)).faults).toEqual([])
})
