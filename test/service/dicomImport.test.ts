import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pattern, region, usFile } from '#test/support/dicomFiles.ts'
import { PLANTED, plantedFile } from '#test/support/dicomPlanted.ts'
import { sharedData, sln, temporary } from '#test/support/studies.ts'

interface Report {
  imported: { file: string; frames: number; rows: number; columns: number; calibration: { region: object; mm_per_px_x: number; mm_per_px_y: number }[]; warnings: string[] }[]
  refused: { file: string; reason: string }[]
}

const scratch = temporary('dicom')
const home = join(scratch.path, 'home')
const study = join(scratch.path, 'study')
const source = join(scratch.path, 'plant-original-name-folder')
afterAll(() => scratch.remove())

const importFolder = async (folder: string, into = study, ...more: string[]): Promise<{ code: number; report: Report }> => {
  const result = await sln(['import', '--study', into, '--dicom', folder, ...more, '--json'], { home })
  return { code: result.code, report: JSON.parse(result.stdout) as Report }
}
const filesOf = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
const uid = (n: number): { extra: Record<string, never> } => ({ extra: { '00080018': ['UI', `1.2.826.0.1.3680043.2.1125.9.${n}`], '0020000D': ['UI', `1.2.826.0.1.3680043.2.1125.8.${n}`] } as never })

describe('import of DICOM files', () => {
  let first: Report
  beforeAll(async () => {
    mkdirSync(join(source, 'deeper'), { recursive: true })
    writeFileSync(join(source, 'plant-original-name Quirina.dcm'), plantedFile())
    const sound = usFile({ columns: 64, rows: 48, samples: 3, pixels: Buffer.from(pattern(64, 48, 3)), ...uid(1) })
    writeFileSync(join(source, 'deeper', 'rgb'), sound)
    writeFileSync(join(source, 'cut.dcm'), sound.subarray(0, sound.length - 100))
    writeFileSync(join(source, 'empty.dcm'), '')
    writeFileSync(join(source, 'picture.dcm'), await sharp(pattern(64, 48, 1), { raw: { width: 64, height: 48, channels: 1 } }).png().toBuffer())
    const made = await sln(['create', study, '--json'], { home })
    expect(made.code).toBe(0)
    const { code, report } = await importFolder(source, study, '--cohort', 'train')
    expect(code).toBe(0)
    first = report
  })

  test('says frames, size and scale of what was taken, and names what was refused with the fault', () => {
    expect(first.imported.map((i) => [i.file, i.frames, i.rows, i.columns])).toEqual([[join('deeper', 'rgb'), 1, 48, 64], ['plant-original-name Quirina.dcm', 3, 40, 48]])
    expect(first.imported[1]?.calibration).toEqual([{ region: { x0: 0, y0: 8, x1: 47, y1: 39 }, mm_per_px_x: expect.closeTo(0.2, 9) as number, mm_per_px_y: expect.closeTo(0.2, 9) as number }])
    expect(first.imported[0]?.warnings.join(' ')).toMatch(/no calibration.*Look for names in the picture/)
    const refused = Object.fromEntries(first.refused.map((r) => [r.file, r.reason]))
    expect(Object.keys(refused).sort()).toEqual(['cut.dcm', 'empty.dcm', 'picture.dcm'])
    expect(refused['cut.dcm']).toMatch(/ends inside its pixel data/)
    expect(refused['empty.dcm']).toMatch(/empty \(0 bytes\)/)
    expect(refused['picture.dcm']).toMatch(/PNG picture/)
  })

  test('all frames are stored, the text above the region is black in each, and the study is sound', async () => {
    const db = new Database(join(study, 'study.db'), { readonly: true })
    const image = db.prepare('SELECT id, object, frames FROM image WHERE frames = 3').get() as { id: string; object: string; frames: number }
    const rest = db.prepare('SELECT frame, object FROM image_frame WHERE image_id = ? ORDER BY frame').all(image.id) as { frame: number; object: string }[]
    db.close()
    expect(rest.map((r) => r.frame)).toEqual([1, 2])
    for (const [i, object] of [image.object, ...rest.map((r) => r.object)].entries()) {
      const pixels = await sharp(join(study, 'objects', object.slice(0, 2), object)).toColourspace('b-w').raw().toBuffer()
      expect(pixels.subarray(0, 8 * 48).every((v) => v === 0)).toBe(true)
      expect(Buffer.compare(pixels.subarray(8 * 48), Buffer.from(pattern(48, 40, 1, i)).subarray(8 * 48))).toBe(0)
    }
    expect(JSON.parse((await sln(['verify', '--study', study, '--json'], { home })).stdout)).toMatchObject({ sound: true, faults: [] })
  })

  test('no planted identifier is anywhere in the study folder: database, its log, objects, the program\'s logs', () => {
    const places = [...filesOf(study), ...filesOf(home).filter((f) => !f.endsWith('recent.json'))]
    expect(places.some((f) => f.endsWith('study.db'))).toBe(true)
    // The search itself finds what is there: the very file, put in a folder, is found by every identifier.
    const planted = plantedFile()
    expect(PLANTED.filter((p) => !planted.includes(p))).toEqual([])
    const found = places.flatMap((file) => {
      const bytes = readFileSync(file)
      return [...PLANTED, 'Planted^Nora', 'PLANTED-ID-77'].filter((p) => bytes.includes(p) || bytes.includes(Buffer.from(p, 'utf16le')) || file.slice(scratch.path.length).includes(p)).map((p) => `${p} in ${file}`)
    })
    expect(found).toEqual([])
  })

  test('the very file again is refused, and nothing is added', async () => {
    const { code, report } = await importFolder(source)
    expect(code).toBe(1)
    expect(report.imported).toEqual([])
    expect(report.refused.filter((r) => /in the study already/.test(r.reason)).length).toBe(2)
  })

  test('with --unreviewed refuse, only pictures whose text is known to be outside are taken', async () => {
    const folder = join(scratch.path, 'more'), into = join(scratch.path, 'strict')
    mkdirSync(folder)
    writeFileSync(join(folder, 'no-region.dcm'), usFile({ columns: 32, rows: 32, pixels: Buffer.from(pattern(32, 32, 1)), ...uid(2) }))
    writeFileSync(join(folder, 'region.dcm'), usFile({ columns: 32, rows: 32, pixels: Buffer.from(pattern(32, 32, 1)), extra: { ...uid(3).extra, '00186011': ['SQ', [region({ box: [0, 8, 31, 31], delta: [0.01, 0.01] })]] } }))
    await sln(['create', into, '--json'], { home })
    const { report } = await importFolder(folder, into, '--unreviewed', 'refuse')
    expect(report.imported.map((i) => i.file)).toEqual(['region.dcm'])
    expect(report.refused[0]?.reason).toMatch(/names no ultrasound region.*left out, as asked/)
    expect((await sln(['import', '--study', into, '--dicom', folder, '--unreviewed', 'perhaps'], { home })).code).toBe(2)
  })
})

describe('the shared samples', () => {
  const samples = join(sharedData, 'data', 'dicom')
  const absent = !existsSync(samples)
  if (absent) console.warn(`skipped: the shared DICOM samples are not here (${samples})`)
  test.skipIf(absent)('all of us/ is taken with the right frames, all of broken/ is refused or warned of', async () => {
    const into = join(scratch.path, 'samples')
    await sln(['create', into, '--json'], { home })
    const us = (await importFolder(join(samples, 'us'), into)).report
    expect(us.refused).toEqual([])
    expect(us.imported.length).toBe(14)
    expect(Object.fromEntries(us.imported.filter((i) => i.frames > 1).map((i) => [i.file, i.frames]))).toEqual({ 'us-2frames-palette-rle.dcm': 2, 'us-30frames-ybr422-jpeg-baseline.dcm': 30, 'us-8frames-rgb-implicit-le.dcm': 8 })
    expect(us.imported.find((i) => i.file.startsWith('us-30frames'))?.calibration).toEqual([])
    expect(us.imported.find((i) => i.file === 'us-mono2-jpeg-lossless-sv1.dcm')?.calibration[0]?.mm_per_px_x).toBeCloseTo(0.254767, 6)
    const broken = (await importFolder(join(samples, 'broken'), into)).report
    expect(broken.imported.length + broken.refused.length).toBe(readdirSync(join(samples, 'broken')).filter((f) => !f.endsWith('.md')).length)
    expect(broken.imported.filter((i) => i.warnings.length === 0)).toEqual([])
    expect(broken.refused.every((r) => r.reason.length > 10)).toBe(true)
    expect(JSON.parse((await sln(['verify', '--study', into, '--json'], { home })).stdout)).toMatchObject({ sound: true })
  })
})
