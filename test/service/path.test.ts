import { execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cliEntry, demoHome, root, sln, temporary } from '#test/support/studies.ts'

const scratch = temporary('path')
const home = join(scratch.path, 'home')
afterAll(() => scratch.remove())

async function picture(file: string, width = 64, height = 48, seed = 1): Promise<void> {
  const data = Uint8Array.from({ length: width * height }, (_, i) => (i * seed * 7 + (i % width)) % 256)
  await sharp(data, { raw: { width, height, channels: 1 } }).toFile(file)
}
async function mask(file: string, width = 64, height = 48): Promise<void> {
  await sharp(Uint8Array.from({ length: width * height }, (_, i) => (i % width > 10 && i % width < 30 ? 255 : 0)), { raw: { width, height, channels: 1 } }).toColourspace('b-w').png().toFile(file)
}

describe('import by a manifest', () => {
  const folder = join(scratch.path, 'source')
  const study = join(scratch.path, 'study')
  beforeAll(async () => {
    mkdirSync(folder)
    await picture(join(folder, 'a.png'))
    await picture(join(folder, 'b.jpg'), 64, 48, 2)
    await picture(join(folder, 'c.tiff'), 64, 48, 3)
    await picture(join(folder, 'd.png'), 64, 48, 4)
    await picture(join(folder, 'small.png'), 32, 32, 5)
    await picture(join(folder, 'f.png'), 64, 48, 6)
    await picture(join(folder, 'g.png'), 64, 48, 8)
    await mask(join(folder, 'a-mask.png'))
    await mask(join(folder, 'wrong-mask.png'), 20, 20)
    writeFileSync(join(folder, 'cut.png'), readFileSync(join(folder, 'd.png')).subarray(0, 200))
    writeFileSync(join(folder, 'text.png'), 'this is no picture')
    // A BMP by hand: 24 bits, bottom-up.
    const bmp = Buffer.alloc(54 + 16 * 16 * 3, 90)
    bmp.write('BM', 0)
    bmp.writeUInt32LE(bmp.length, 2)
    bmp.writeUInt32LE(54, 10)
    bmp.writeUInt32LE(40, 14)
    bmp.writeInt32LE(16, 18)
    bmp.writeInt32LE(16, 22)
    bmp.writeUInt16LE(1, 26)
    bmp.writeUInt16LE(24, 28)
    bmp.writeUInt32LE(0, 30)
    writeFileSync(join(folder, 'e.bmp'), bmp)
    writeFileSync(join(folder, 'manifest.csv'), [
      '\uFEFFcase_id,patient_id,image,mask,cohort,hospital,age,size_mm,histologic_type,her2,sln,excluded_reason,scanner', // line 1
      '1,P1,a.png,a-mask.png,train,A,51,22.9,invasive ductal,positive,1,,"GE, LOGIQ"', // 2
      '2,P2,b.jpg,,train,A,,,DCIS,,0,,', // 3
      '3,P3,c.tiff,,validation,A,44,,,negative,0,,', // 4
      '4,P4,e.bmp,,external test,B,,,,,1,,', // 5
      '5,P5,gone.png,,train,A,,,,,1,,', // 6 missing
      '6,P6,cut.png,,train,A,,,,,1,,', // 7 truncated
      '7,P7,text.png,,train,A,,,,,1,,', // 8 no picture
      '8,P8,d.png,wrong-mask.png,train,A,,,,,1,,', // 9 mask of another size
      '9,P9,d.png,,train,A,old,,,,1,,', // 10 age
      '10,P10,d.png,,train,A,,,cancer,,1,,', // 11 value list
      '11,P11,d.png,,train,A,,,,,2,,', // 12 sln
      ',P12,d.png,,train,A,,,,,1,,', // 13 no case id
      '13,P1,d.png,,external test,B,,,,,1,,', // 14 a patient in two cohorts
      '14,P14,a.png,,train,A,,,,,1,,', // 15 the very file of case 1
      '1,P1,f.png,,train,A,51,22.9,invasive ductal,positive,1,,', // 16 a second image of case 1
      '1,P99,g.png,,train,A,,,,,1,,', // 17 another patient
      '15,P15,,,,A,,,,,,neoadjuvant therapy,', // 18 excluded, without an image
    ].join('\r\n'))
    expect((await sln(['create', study, '--json'], { home })).code).toBe(0)
  })

  test('takes what is right, refuses the rest with line and reason, and never half of a row', async () => {
    const result = await sln(['import', '--study', study, '--manifest', join(folder, 'manifest.csv'), '--json'], { home })
    const report = JSON.parse(result.stdout) as { imported: number; refused: { row: number; case_id: string | null; reason: string }[] }
    expect(report.imported).toBe(6)
    const reasons = Object.fromEntries(report.refused.map((r) => [r.row, r.reason]))
    expect(Object.keys(reasons).map(Number)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17])
    expect(reasons[6]).toMatch(/gone.png is not there/)
    expect(reasons[7]).toMatch(/cut.png was not taken/)
    expect(reasons[8]).toMatch(/not a PNG, JPEG, TIFF or BMP/)
    expect(reasons[9]).toMatch(/20 x 20, its image 64 x 48/)
    expect(reasons[10]).toMatch(/age is "old"/)
    expect(reasons[11]).toMatch(/histologic_type is "cancer"; it takes invasive ductal/)
    expect(reasons[12]).toMatch(/sln is "2"; it takes 0 or 1/)
    expect(reasons[13]).toMatch(/case_id is empty/)
    expect(reasons[14]).toMatch(/cannot be in two/)
    expect(reasons[15]).toMatch(/the very file that case 1 has/)
    expect(reasons[17]).toMatch(/with another patient/)
    const db = new Database(join(study, 'study.db'), { readonly: true })
    expect(db.prepare('SELECT count(*) AS n FROM study_case').get()).toEqual({ n: 5 })
    expect(db.prepare("SELECT variables FROM case_clinical JOIN study_case ON id = case_id WHERE label = '1'").get()).toEqual({ variables: '{"age":"51","her2":"positive","histologic_type":"invasive ductal","scanner":"GE, LOGIQ","size_mm":"22.9"}' })
    expect(db.prepare('SELECT DISTINCT role FROM cohort ORDER BY role').all()).toEqual([{ role: 'choose' }, { role: 'fit' }, { role: 'report' }])
    db.close()
  })

  test('the same manifest again imports nothing twice', async () => {
    const report = JSON.parse((await sln(['import', '--study', study, '--manifest', join(folder, 'manifest.csv'), '--json'], { home })).stdout) as { imported: number; refused: unknown[] }
    expect(report.imported).toBe(0)
    expect(report.refused.length).toBe(17)
  })

  test('a manifest that is none is refused in words, with exit code 1, and nothing changes', async () => {
    writeFileSync(join(folder, 'bad.csv'), 'name,file\nx,y\n')
    const result = await sln(['import', '--study', study, '--manifest', join(folder, 'bad.csv'), '--json'], { home })
    expect(result.code).toBe(1)
    expect(result.stdout).toContain('lacks the columns case_id, patient_id, image')
    expect((await sln(['import', '--study', study, '--manifest', join(folder, 'absent.csv')], { home })).stderr).toContain('there is no manifest')
  })

  test('verify finds an altered row, a deleted row, an altered file, a cut or rewritten log', async () => {
    const check = async (spoil: (copy: string) => void): Promise<{ code: number; faults: string[] }> => {
      const copy = join(scratch.path, `copy-${Math.random().toString(36).slice(2)}`)
      cpSync(study, copy, { recursive: true })
      spoil(copy)
      const result = await sln(['verify', '--study', copy, '--json'], { home })
      return { code: result.code, faults: (JSON.parse(result.stdout) as { faults: string[] }).faults }
    }
    const sql = (...statements: string[]) => (copy: string): void => {
      const db = new Database(join(copy, 'study.db'))
      db.pragma('foreign_keys = OFF')
      db.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete')
      statements.forEach((s) => db.exec(s))
      db.close()
    }
    expect(await check(() => undefined)).toEqual({ code: 0, faults: [] })
    const outcome = await check(sql("UPDATE case_clinical SET outcome = 0 WHERE case_id = (SELECT id FROM study_case WHERE label = '1')"))
    expect(outcome.code).toBe(1)
    expect(outcome.faults.join()).toMatch(/study_case \S+ \(case 1\): the row was altered after audit entry/)
    expect((await check(sql("DELETE FROM annotation"))).faults.join()).toMatch(/annotation .*: the row is gone/)
    expect((await check(sql("INSERT INTO patient VALUES ('x','x',NULL,'o')"))).faults.join()).toMatch(/patient x: a row that no audit entry made/)
    expect((await check(sql("UPDATE audit SET new = 'other' WHERE seq = 3"))).faults.join()).toMatch(/#3: its text was altered/)
    expect((await check(sql('DELETE FROM audit WHERE seq = 4'))).faults.join()).toMatch(/entry 4 is missing/)
    const file = await check((copy) => {
      const folderOfObjects = join(copy, 'objects')
      const first = join(folderOfObjects, readdirSync(folderOfObjects)[0] as string)
      writeFileSync(join(first, readdirSync(first)[0] as string), 'other bytes')
    })
    expect(file.faults.join()).toMatch(/(image|annotation) \S+ \(case \S+\): its file \S+ was altered/)
  })

  test('backup and restore give an equal, sound study; neither writes over anything', async () => {
    const to = join(scratch.path, 'backup'), back = join(scratch.path, 'restored')
    expect((await sln(['backup', '--study', study, '--to', to, '--json'], { home })).code).toBe(0)
    expect((await sln(['backup', '--study', study, '--to', to], { home })).stderr).toContain('is not empty')
    expect((await sln(['restore', '--from', to, '--study', back, '--json'], { home })).code).toBe(0)
    expect((await sln(['verify', '--study', back], { home })).code).toBe(0)
    expect((await sln(['restore', '--from', to, '--study', study], { home })).stderr).toContain('is not empty')
  })
})

describe('splitting by patient', () => {
  test('is stratified, never parts a patient, is stored, and is not redrawn', async () => {
    const folder = join(scratch.path, 'split-source'), study = join(scratch.path, 'split-study')
    mkdirSync(folder)
    const rows = ['case_id,patient_id,image,hospital,sln']
    for (let i = 0; i < 40; i++) {
      await picture(join(folder, `${i}.png`), 20, 20, i + 1)
      rows.push(`${i},P${Math.floor(i / 2)},${i}.png,${i < 30 ? 'A' : 'B'},${Math.floor(i / 2) % 2}`)
    }
    writeFileSync(join(folder, 'm.csv'), rows.join('\n'))
    await sln(['create', study, '--json'], { home })
    await sln(['import', '--study', study, '--manifest', join(folder, 'm.csv'), '--json'], { home })
    const first = await sln(['split', '--study', study, '--hospital', 'A', '--train', '0.7', '--seed', '3', '--json'], { home })
    const { cohorts } = JSON.parse(first.stdout) as { cohorts: { name: string; role: string; cases: number; patients: number; positive: number }[] }
    expect(cohorts.map((c) => [c.name, c.role, c.cases])).toEqual([['train', 'fit', 22], ['validation', 'choose', 8], ['external test', 'report', 10]])
    const db = new Database(join(study, 'study.db'), { readonly: true })
    expect(db.prepare('SELECT patient_id FROM study_case GROUP BY patient_id HAVING count(DISTINCT cohort) > 1').all()).toEqual([])
    db.close()
    const again = await sln(['split', '--study', study, '--hospital', 'A', '--seed', '4'], { home })
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('never redrawn')
  })
})

describe('the command line', () => {
  test('every command has help; wrong usage exits with 2; only the answer is on standard output', async () => {
    for (const name of ['create', 'import', 'split', 'infer', 'predict', 'evaluate', 'verify', 'backup', 'restore', 'info', 'analyze']) {
      const help = await sln([name, '--help'], { home })
      expect([name, help.code, help.stdout.includes('Usage: sln')]).toEqual([name, 0, true])
    }
    expect((await sln(['infer'], { home })).code).toBe(2)
    expect((await sln(['nonsense'], { home })).code).toBe(2)
    expect((await sln(['verify', '--study', join(scratch.path, 'nowhere')], { home })).code).toBe(1)
    const npm = await new Promise<string>((resolve) => execFile('npm', ['run', '-s', 'sln', '--', 'info', '--json'], { cwd: root, env: { ...process.env, SLN_HOME: home }, shell: process.platform === 'win32' }, (_e, stdout) => resolve(stdout)))
    const info = JSON.parse(npm) as { version: string; providers: { name: string; available: boolean; reason: string }[] }
    expect(info.providers.find((p) => p.name === 'cpu')?.available).toBe(true)
    for (const p of info.providers) expect(p.reason.length).toBeGreaterThan(5)
  })
})

describe('from pixels to risk', () => {
  test('infer, evaluate and predict run real graphs; the masks find the lesions; the study stays sound', async () => {
    const demo = await demoHome({ cases: 24, inferred: true })
    const evaluation = JSON.parse((await sln(['evaluate', '--study', demo.study, '--json'], { home: demo.home })).stdout) as { segmentation: { model: string; n: number; dice: number }[]; signatures: unknown[]; readers: { n: number; auc: number | null }[] }
    const fused = evaluation.segmentation.filter((r) => r.model === 'fusion')
    expect(fused.reduce((s, r) => s + r.n, 0)).toBe(24)
    expect(fused.reduce((s, r) => s + r.n * r.dice, 0) / 24).toBeGreaterThan(0.6)
    expect(evaluation.readers.length).toBeGreaterThan(0)
    const again = JSON.parse((await sln(['infer', '--study', demo.study, '--json'], { home: demo.home })).stdout) as { segmented: number; alreadyDone: number; images: number }
    expect(again.segmented).toBe(0)
    expect(again.alreadyDone).toBe(again.images)
    expect((await sln(['verify', '--study', demo.study], { home: demo.home })).code).toBe(0)
    demo.remove()
  })

  test('kill -9 during a batch: what was stored is whole, the batch goes on where it stopped', async () => {
    const demo = await demoHome({ cases: 24 })
    const count = (): number => {
      const db = new Database(join(demo.study, 'study.db'), { readonly: true })
      const { n } = db.prepare('SELECT count(*) AS n FROM segmentation').get() as { n: number }
      db.close()
      return n
    }
    const child = spawn(process.execPath, [cliEntry, 'infer', '--study', demo.study, '--json'], { cwd: root, env: { ...process.env, SLN_HOME: demo.home }, stdio: 'ignore' })
    while (count() < 4 && child.exitCode === null) await new Promise((r) => setTimeout(r, 50))
    child.kill('SIGKILL')
    await new Promise((r) => child.once('exit', r))
    const before = count()
    expect(before).toBeGreaterThanOrEqual(4)
    expect((await sln(['verify', '--study', demo.study], { home: demo.home })).code).toBe(0)
    const report = JSON.parse((await sln(['infer', '--study', demo.study, '--json'], { home: demo.home })).stdout) as { images: number; segmented: number; alreadyDone: number }
    expect(report.alreadyDone).toBe(before)
    expect(report.segmented).toBe(report.images - before)
    expect(existsSync(join(demo.study, 'study.db'))).toBe(true)
    expect((await sln(['verify', '--study', demo.study], { home: demo.home })).code).toBe(0)
    demo.remove()
  })
})
