import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importManifest } from '#main/services/cases/importManifest.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { planWithdrawal, withdrawPatient } from '#main/services/withdrawal/withdraw.ts'
import { pacsStudy, type PacsStudy } from '#test/support/pacsStudy.ts'
import { temporary } from '#test/support/studies.ts'

// Patients whose labels are two characters long, in what people wrote about others.
const home = temporary('short-names')
let s: PacsStudy
const variables = (label: string): Record<string, string> => JSON.parse(s.study.db.read.get<{ v: string }>('SELECT variables AS v FROM case_clinical JOIN study_case ON study_case.id = case_id WHERE label = ?', label)?.v ?? '{}') as Record<string, string>
const withdraw = (patient: string): string => withdrawPatient(s.study, s.app.house.world, 'lin', { patient, reason: 'asked in writing' }).tombstone
const conflict = (): unknown => JSON.parse(s.study.db.read.get<{ d: string }>('SELECT document AS d FROM merge_conflict')?.d ?? 'null')

beforeAll(async () => {
  mkdirSync(join(home.path, 'source'))
  const rows = [
    ['CASE-7', 'Li', 'T1', 'plain'], ['CASE-8', 'T2', 'T2', 'plain'], ['O-1', 'P-1', 'T2', 'sister of Li'], ['O-2', 'P-2', 'T2', 'Li'], ['O-3', 'P-3', 'T1', 'a linear, liquid lesion; li'], ['O-4', 'P-4', 'T1', 'after T2 of the same day'],
  ]
  for (const [i, [name]] of rows.entries()) await sharp(Uint8Array.from({ length: 64 * 48 }, (_, k) => (k * (3 + i)) % 251), { raw: { width: 64, height: 48, channels: 1 } }).png().toFile(join(home.path, 'source', `${name ?? ''}.png`))
  writeFileSync(join(home.path, 'source', 'manifest.csv'), ['case_id,patient_id,image,stage,remark', ...rows.map(([label, patient, stage, remark]) => `${label},${patient},${label}.png,${stage},"${remark}"`)].join('\n'))
  s = await pacsStudy(join(home.path, 'home'))
  expect((await importManifest(s.study, s.app.house.world, 'lin', join(home.path, 'source', 'manifest.csv'))).refused).toEqual([])
  s.study.db.write('lin', (tx) => {
    const account = tx.get<{ id: string }>('SELECT id FROM account')?.id ?? '', world = s.app.house.world
    const sent = world.ids.next(), id = world.ids.next()
    tx.insert('package', { id: sent, kind: 'reader', account_id: account, items: 1, chain: 'c', head_seq: 0, head_hash: '', created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'test.make', subject: 'package', id: sent })
    tx.insert('merge_conflict', { id, package_id: sent, subject: 'reading', subject_id: 'elsewhere', kept_id: 'here', document: '{"patient":"Li","Li":"T2","note":"Li or LI, as an li"}', created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'test.make', subject: 'merge_conflict', id, reason: 'swapped with Li' })
    tx.audit({ action: 'test.make', subject: 'merge_conflict', id, reason: 'a linear array' })
  })
})
afterAll(async () => {
  await s?.close()
  home.remove()
})

test('a name of two letters is taken out as a word with its capitals, and words that have it inside stay', async () => {
  expect(planWithdrawal(s.study, 'Li').doubtful).toEqual([])
  expect(() => withdrawPatient(s.study, s.app.house.world, 'lin', { patient: 'Li', reason: 'Li asked' })).toThrow(/names the patient/)
  const gone = withdraw('Li')
  expect(['O-1', 'O-2', 'O-3'].map((label) => variables(label)['remark'])).toEqual([`sister of ${gone}`, gone, 'a linear, liquid lesion; li'])
  expect(conflict()).toEqual({ patient: gone, Li: 'T2', note: `${gone} or ${gone}, as an li` })
  expect(s.study.db.read.all("SELECT reason FROM audit WHERE action = 'test.make' AND subject = 'merge_conflict' ORDER BY seq")).toEqual([{ reason: null }, { reason: 'a linear array' }])
  expect((await verifyStudy(s.study.directory)).faults).toEqual([])
})

test('a label that is a level of a variable too leaves the level to the others, and goes from sentences', async () => {
  const gone = withdraw('T2')
  expect(['O-1', 'O-2', 'O-3', 'O-4'].map((label) => variables(label)['stage'])).toEqual(['T2', 'T2', 'T1', 'T1'])
  expect(variables('O-4')['remark']).toBe(`after ${gone} of the same day`)
  expect(conflict()).toMatchObject({ Li: 'T2' })
  expect((await verifyStudy(s.study.directory)).faults).toEqual([])
})

test('labels that no search can tell are said before the withdrawal', async () => {
  writeFileSync(join(home.path, 'source', 'more.csv'), 'case_id,patient_id,image\nUS,51,CASE-7b.png\n')
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#123456' } }).png().toFile(join(home.path, 'source', 'CASE-7b.png'))
  expect((await importManifest(s.study, s.app.house.world, 'lin', join(home.path, 'source', 'more.csv'))).refused).toEqual([])
  expect((await s.call('exchange.withdrawPlan', { patient: '51' })).doubtful).toEqual(['51', 'US'])
})
