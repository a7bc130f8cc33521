import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PLANTED, plantedFile } from '#test/support/dicomPlanted.ts'
import { pattern, usFile } from '#test/support/dicomFiles.ts'
import { sln, temporary } from '#test/support/studies.ts'

const scratch = temporary('redact')
const home = join(scratch.path, 'home')
const study = join(scratch.path, 'study')
afterAll(() => scratch.remove())
const run = async (...args: string[]): Promise<{ code: number; value: Record<string, unknown> }> => {
  const result = await sln([...args, '--json'], { home })
  return { code: result.code, value: JSON.parse(result.stdout) as Record<string, unknown> }
}
const all = <T>(sql: string): T[] => {
  const db = new Database(join(study, 'study.db'), { readonly: true })
  const rows = db.prepare(sql).all() as T[]
  db.close()
  return rows
}
const objectFile = (hash: string): string => join(study, 'objects', hash.slice(0, 2), hash)
const grey = (hash: string): Promise<Buffer> => sharp(objectFile(hash)).toColourspace('b-w').raw().toBuffer()

beforeAll(async () => {
  mkdirSync(join(scratch.path, 'dicom'))
  writeFileSync(join(scratch.path, 'dicom', 'cine.dcm'), plantedFile())
  writeFileSync(join(scratch.path, 'dicom', 'still.dcm'), usFile({ columns: 64, rows: 48, pixels: Buffer.from(pattern(64, 48, 1)), extra: { '00080018': ['UI', '1.2.3.4'], '0020000D': ['UI', '1.2.3.5'] } }))
  await sln(['create', study, '--json'], { home })
})

test('a look before the import names what is kept, changed and removed, and stores nothing', async () => {
  const { value } = await run('import', '--study', study, '--dicom', join(scratch.path, 'dicom'), '--dry-run')
  const files = value['files'] as { file: string; needsReview: boolean; keepInside: unknown; attributes: { name: string; fate: string; now: string | null }[] }[]
  const cine = files.find((f) => f.file === 'cine.dcm')
  const fate = Object.fromEntries((cine?.attributes ?? []).map((a) => [a.name, a.fate]))
  expect(fate).toMatchObject({ 'Patient\'s Name': 'replaced', 'Patient ID': 'replaced', 'Patient\'s Birth Date': 'emptied', 'Study Date': 'shifted', 'Institution Name': 'removed', 'Frame Time': 'kept', 'Sequence of Ultrasound Regions': 'kept' })
  expect(JSON.stringify(value)).not.toMatch(/Plantnameson|PLANTID/)
  expect(files.find((f) => f.file === 'still.dcm')?.needsReview).toBe(true)
  expect(cine?.keepInside).toEqual([{ x0: 0, y0: 8, x1: 47, y1: 39 }])
  expect(all('SELECT id FROM image')).toEqual([])
  expect(all<{ result: string; input: string }>("SELECT result, input FROM job WHERE kind = 'inspect'")).toEqual([{ result: '{"files":2,"refused":0}', input: 'null' }])
})

test('a template is applied only once it was reviewed, its author and reviewer are in the log', async () => {
  const made = await run('templates', 'add', '--study', study, '--manufacturer', 'Testmaker', '--model', 'Model 5', '--size', '64,48', '--box', '2,3,20,6')
  expect((await run('templates', 'add', '--study', study, '--size', '10,10', '--box', '2,3,20,6')).code).toBe(2)
  const before = await run('import', '--study', study, '--dicom', join(scratch.path, 'dicom'), '--dry-run')
  expect((before.value['files'] as { file: string; boxes: unknown[] }[]).find((f) => f.file === 'still.dcm')?.boxes).toEqual([])
  expect((await run('templates', 'review', '--study', study, '--id', String(made.value['id']))).code).toBe(0)
  const report = await run('import', '--study', study, '--dicom', join(scratch.path, 'dicom'))
  expect((report.value['imported'] as unknown[]).length).toBe(2)
  const [still] = all<{ object: string }>('SELECT object FROM image WHERE frames = 1')
  const pixels = await grey(still?.object ?? '')
  const original = Buffer.from(pattern(64, 48, 1))
  for (let y = 0; y < 48; y++) for (let x = 0; x < 64; x++) expect(pixels[y * 64 + x]).toBe(x >= 2 && x <= 20 && y >= 3 && y <= 6 ? 0 : original[y * 64 + x])
  expect(all<{ action: string; actor: string }>("SELECT action, actor FROM audit WHERE subject = 'scanner_template' ORDER BY seq").map((a) => [a.action, a.actor.startsWith('cli:')])).toEqual([['template.create', true], ['template.review', true]])
})

test('what is blacked by hand is black in every frame, the old pixels leave objects/, backups are named, the study is sound', async () => {
  const backup = join(scratch.path, 'backup')
  await sln(['backup', '--study', study, '--to', backup, '--json'], { home })
  const before = all<{ object: string }>('SELECT object FROM image WHERE frames = 3 UNION ALL SELECT object FROM image_frame').map((r) => r.object)
  expect(before.length).toBe(3)
  const [row] = all<{ label: string }>('SELECT label FROM study_case JOIN image ON image.case_id = study_case.id WHERE frames = 3')
  const { value } = await run('redact', '--study', study, '--case', row?.label ?? '', '--box', '4,10,30,14', '--box', '0,38,3,39', '--reason', 'a name in the picture')
  expect(value).toMatchObject({ frames: 3, pixels: 27 * 5 + 8, removedFiles: 3, copies: [backup] })
  for (const object of before) expect(readdirSync(join(study, 'objects'), { recursive: true }).some((f) => String(f).endsWith(object))).toBe(false)
  const after = all<{ object: string }>('SELECT object FROM image WHERE frames = 3 UNION ALL SELECT object FROM image_frame').map((r) => r.object)
  for (const [i, object] of after.entries()) {
    const pixels = await grey(object), original = pattern(48, 40, 1, i)
    for (let y = 8; y < 40; y++) for (let x = 0; x < 48; x++) expect(pixels[y * 48 + x]).toBe((x >= 4 && x <= 30 && y >= 10 && y <= 14) || (x <= 3 && y >= 38) ? 0 : original[y * 48 + x])
  }
  expect((await run('verify', '--study', study)).value).toMatchObject({ sound: true, faults: [] })
  const places = readdirSync(study, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
  expect(places.flatMap((file) => PLANTED.filter((p) => readFileSync(file).includes(p)))).toEqual([])
})

test('a JPEG of a manifest is blacked by the template of its size, and the file itself is nowhere in the study', async () => {
  const folder = join(scratch.path, 'jpeg')
  mkdirSync(folder)
  const jpeg = await sharp(Buffer.alloc(80 * 60, 200), { raw: { width: 80, height: 60, channels: 1 } }).withExif({ IFD0: { ImageDescription: 'Exif-Planted-Name' } }).jpeg().toBuffer()
  writeFileSync(join(folder, 'a.jpg'), jpeg)
  writeFileSync(join(folder, 'manifest.csv'), 'case_id,patient_id,image\nJPEG-1,P-J,a.jpg\n')
  const made = await run('templates', 'add', '--study', study, '--size', '80,60', '--box', '0,0,79,9')
  await run('templates', 'review', '--study', study, '--id', String(made.value['id']))
  const look = await run('import', '--study', study, '--manifest', join(folder, 'manifest.csv'), '--dry-run')
  expect((look.value['files'] as { redaction: string }[])[0]?.redaction).toMatch(/template of this size blacks 1 rectangle/)
  expect((await run('import', '--study', study, '--manifest', join(folder, 'manifest.csv'))).value).toMatchObject({ imported: 1, refused: [] })
  const [image] = all<{ object: string }>("SELECT object FROM image JOIN study_case ON study_case.id = case_id WHERE label = 'JPEG-1'")
  const pixels = await grey(image?.object ?? '')
  expect(pixels.subarray(0, 800).every((v) => v === 0)).toBe(true)
  expect(pixels.subarray(800).every((v) => v > 190)).toBe(true)
  expect(readFileSync(objectFile(image?.object ?? '')).includes('Exif-Planted-Name')).toBe(false)
})

test('the original is stored only when asked, and goes with a redaction', async () => {
  const folder = join(scratch.path, 'asked')
  mkdirSync(folder)
  writeFileSync(join(folder, 'x.dcm'), usFile({ columns: 32, rows: 32, pixels: Buffer.from(pattern(32, 32, 1)), extra: { '00080018': ['UI', '1.2.3.9'], '0020000D': ['UI', '1.2.3.8'], '00100010': ['PN', 'Kept^Because^Asked'] } }))
  await run('import', '--study', study, '--dicom', folder, '--keep-original')
  const kept = all<{ id: string; original: string | null; label: string }>("SELECT image_technique.id, original, label FROM image_technique JOIN image ON image.id = image_technique.id JOIN study_case ON study_case.id = case_id WHERE original IS NOT NULL")
  expect(kept.length).toBe(1)
  expect(readFileSync(objectFile(kept[0]?.original ?? '')).includes('Kept^Because^Asked')).toBe(true)
  await run('redact', '--study', study, '--case', kept[0]?.label ?? '', '--box', '0,0,3,3', '--reason', 'a name')
  expect(all('SELECT id FROM image_technique WHERE original IS NOT NULL')).toEqual([])
  expect(readdirSync(join(study, 'objects'), { recursive: true }).some((f) => String(f).endsWith(kept[0]?.original ?? '-'))).toBe(false)
})

test('two points on a known scale calibrate a picture that has none; the log has who, before, after and why', async () => {
  const label = 'JPEG-1'
  expect((await run('calibrate', '--study', study, '--case', label, '--from', '10,10', '--to', '15,10', '--mm', '10', '--reason', 'too short')).code).toBe(2)
  const { value } = await run('calibrate', '--study', study, '--case', label, '--from', '10,10', '--to', '40,50', '--mm', '25', '--reason', 'depth scale at the right')
  expect(value['calibration']).toMatchObject({ kind: 'regions', regions: [{ bounds: { left: 0, top: 0, width: 80, height: 60 }, mmPerPixelX: 0.5, mmPerPixelY: 0.5 }] })
  const [entry] = all<{ actor: string; old: string; new: string; reason: string }>("SELECT actor, old, new, reason FROM audit WHERE action = 'image.calibrate'")
  expect(entry?.actor).toMatch(/^cli:/)
  expect([JSON.parse(entry?.old ?? '{}').kind, JSON.parse(entry?.new ?? '{}').kind, entry?.reason]).toEqual(['none', 'regions', 'depth scale at the right'])
  expect((await run('verify', '--study', study)).value).toMatchObject({ sound: true })
})
