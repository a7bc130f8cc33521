import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeMask, encodeMask, maskToBytes, type RleMask } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { openDicomBytes, readSegmentation, sourceImageOf, summarise, writeSegmentation } from '#main/formats/dicom/index.ts'
import { sha256 } from '#main/platform/index.ts'
import { pattern, usFile } from '#test/support/dicomFiles.ts'
import { CINE_SECRETS, lesionCine, pacsStudy, type PacsStudy } from '#test/support/pacsStudy.ts'
import { drawnStudy, ellipse, type DrawnStudy } from '#test/support/drawnStudy.ts'
import { temporary } from '#test/support/studies.ts'

const scratch = temporary('dicom-objects')
const files = join(scratch.path, 'files'), out = join(scratch.path, 'out')
const checker = spawnSync('dciodvfy', ['--help']).error === undefined
const dcmtk = spawnSync('dcmdump', ['--version']).status === 0
if (!checker) console.log('skipped: dciodvfy on the objects that are written, since it is not installed (Debian: dicom3tools)')
let s: PacsStudy
let masks: { frame: number; mask: RleMask }[] = []
let outside: Buffer

const hashOf = (mask: RleMask): string => sha256(maskToBytes(mask))
const stored = (of: PacsStudy): { frame: number; mask: string }[] => of.study.db.read.all('SELECT frame, mask FROM annotation ORDER BY frame')

beforeAll(async () => {
  mkdirSync(files)
  const cine = lesionCine()
  writeFileSync(join(files, 'cine.dcm'), cine)
  const source = sourceImageOf(unwrap(openDicomBytes(cine)))
  // Noise, a single pixel and all of the picture: nothing may be rounded, padded or cut on the way.
  const size = { width: source.columns, height: source.rows }
  const shapes = [(i: number) => ((i * 2654435761) >>> 28) % 3 === 0, (i: number) => i === size.width + 1, () => true]
  masks = [4, 1, 2].map((frame, k) => ({ frame, mask: encodeMask(Uint8Array.from({ length: size.width * size.height }, (_, i) => ((shapes[k] as (i: number) => boolean)(i) ? 1 : 0)), size) }))
  let n = 0
  outside = writeSegmentation({
    source, authoring: { now: new Date('2024-05-06T07:08:09Z'), uid: () => `2.25.77${++n}`, softwareVersion: '1', creator: 'Reader^A', seriesNumber: 5, seriesDescription: 'masks of another program' },
    segments: [{ label: 'Tumour', algorithm: { type: 'MANUAL' } }], frames: masks.map(({ frame, mask }) => ({ segment: 0, frame, data: decodeMask(mask) })),
  }).bytes
  s = await pacsStudy(join(scratch.path, 'home'))
  expect((await s.job('study.importDicom', { folder: files })).result).toMatchObject({ refused: [] })
}, 120_000)
afterAll(async () => {
  await s?.close()
  scratch.remove()
})

/** Lines of dciodvfy that say something is wrong. */
function errorsOf(file: string): string[] {
  const { stderr, stdout } = spawnSync('dciodvfy', [file], { encoding: 'utf8', maxBuffer: 1 << 26 })
  return `${stderr}\n${stdout}`.split('\n').filter((line) => /^Error/.test(line))
}

describe('objects of a cine', () => {
  test('a segmentation that another program made of the original finds its frames, and every mask is the same bit for bit', async () => {
    mkdirSync(join(scratch.path, 'seg'))
    writeFileSync(join(scratch.path, 'seg', 'whatever it is called.dcm'), outside)
    const job = await s.job('annotation.import', { from: join(scratch.path, 'seg'), format: 'dicom' })
    expect(job.result).toEqual({ imported: 3, unchanged: 0, refused: [] })
    expect(stored(s)).toEqual([...masks].sort((a, b) => a.frame - b.frame).map(({ frame, mask }) => ({ frame, mask: hashOf(mask) })))
    expect((await s.job('annotation.import', { from: join(scratch.path, 'seg'), format: 'dicom' })).result).toEqual({ imported: 0, unchanged: 3, refused: [] })
  })

  test('segmentation, report, captures and the picture are written, name one another, and hold no identifier', async () => {
    const job = await s.job('dicom.export', { to: out, objects: ['seg', 'sr', 'sc', 'image'], masks: 'reference' })
    expect([job.state, (job.result as { objects: object }).objects]).toEqual(['done', { seg: 1, sr: 1, sc: 3, image: 1 }])
    const written = readdirSync(out).filter((f) => f.endsWith('.dcm'))
    const named = (kind: string): Buffer => readFileSync(join(out, written.find((f) => f.includes(`.${kind}`)) ?? ''))
    const seg = unwrap(readSegmentation(named('seg'))), image = unwrap(openDicomBytes(named('image')))
    expect(seg.frames.map((f) => [f.frame, f.sourceInstance === image.dataset.text('00080018')])).toEqual([[1, true], [2, true], [4, true]])
    expect(summarise(image)).toMatchObject({ frames: 5, identity: { patientId: expect.stringMatching(/^P-/) as string }, frameTimeMs: 40 })
    expect(summarise(image).calibration.regions[0]?.mmPerPixelX).toBeCloseTo(0.1, 9)
    expect(named('sr').includes(seg.sopInstanceUid ?? '?')).toBe(true)
    for (const file of written) expect(CINE_SECRETS.filter((t) => readFileSync(join(out, file)).includes(t))).toEqual([])
    expect(readFileSync(join(out, 'index.csv'), 'utf8').trim().split('\n').length).toBe(7)
    expect((await s.job('dicom.export', { to: out, masks: 'reference' })).note).toMatch(/is not empty/)
  })

  test('the segmentation as written comes back into a study of the same picture', async () => {
    const file = readdirSync(out).find((f) => f.includes('.seg')) ?? ''
    s.study.db.write('test', (tx) => { tx.run('DELETE FROM annotation') })
    expect((await s.job('annotation.import', { from: join(out, file), format: 'dicom' })).result).toEqual({ imported: 3, unchanged: 0, refused: [] })
    expect(stored(s)).toEqual([...masks].sort((a, b) => a.frame - b.frame).map(({ frame, mask }) => ({ frame, mask: hashOf(mask) })))
  })

  test('refusals name the fault', async () => {
    const folder = join(scratch.path, 'bad')
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.dcm'), outside.subarray(0, outside.length - 1000))
    writeFileSync(join(folder, 'b.dcm'), lesionCine())
    writeFileSync(join(folder, 'c.dcm'), Buffer.from(outside).fill(0, 0, 200))
    const { refused } = (await s.job('annotation.import', { from: folder, format: 'dicom' })).result as { refused: { file: string; reason: string }[] }
    expect(refused.map((r) => [r.file, /^[A-Z].*\.$/.test(r.reason)])).toEqual([['a.dcm', true], ['b.dcm', true], ['c.dcm', true]])
    expect(refused[1]?.reason).toMatch(/not a DICOM segmentation/)
  })

  test.skipIf(!checker)('dciodvfy finds no error in them, and does find one where there is one', () => {
    const wrong = join(scratch.path, 'wrong.dcm')
    writeFileSync(wrong, usFile({ pixels: pattern(16, 16, 1), extra: { '0020000D': ['UI', ''] } }))
    expect(errorsOf(wrong).length).toBeGreaterThan(0)
    for (const file of readdirSync(out).filter((f) => f.endsWith('.dcm'))) expect.soft(errorsOf(join(out, file)), file).toEqual([])
  })
  test.skipIf(!dcmtk)('dcmdump reads them to the end', () => {
    for (const file of readdirSync(out).filter((f) => f.endsWith('.dcm'))) expect.soft(spawnSync('dcmdump', ['+E', '-q', join(out, file)]).status, file).toBe(0)
  })
})

describe('objects of cines without frame times', () => {
  let t: PacsStudy
  const to = join(scratch.path, 'untimed')
  beforeAll(async () => {
    const from = join(scratch.path, 'untimed-files'), segmentations = join(scratch.path, 'untimed-seg')
    for (const folder of [from, segmentations]) mkdirSync(folder)
    let n = 0
    for (const samples of [1, 3] as const) {
      const uid = (k: number): string => `1.2.826.0.1.3680043.9.4712.${samples}.${k}`
      const bytes = usFile({ frames: 3, samples, pixels: Buffer.concat([0, 1, 2].map((i) => pattern(16, 16, samples, i))), extra: { '00080018': ['UI', uid(1)], '0020000D': ['UI', uid(2)], '0020000E': ['UI', uid(3)], '00100020': ['LO', `P${samples}`] } })
      writeFileSync(join(from, `${samples}.dcm`), bytes)
      writeFileSync(join(segmentations, `${samples}.dcm`), writeSegmentation({
        source: sourceImageOf(unwrap(openDicomBytes(bytes))), authoring: { now: new Date('2024-05-06T07:08:09Z'), uid: () => `2.25.78${++n}`, softwareVersion: '1', creator: '', seriesNumber: 5, seriesDescription: 'masks' },
        segments: [{ label: 'Tumour', algorithm: { type: 'MANUAL' } }], frames: [{ segment: 0, frame: 1, data: new Uint8Array(256).fill(1, 40, 200) }],
      }).bytes)
    }
    t = await pacsStudy(join(scratch.path, 'untimed-home'))
    expect((await t.job('study.importDicom', { folder: from })).result).toMatchObject({ refused: [] })
    expect((await t.job('annotation.import', { from: segmentations, format: 'dicom' })).result).toMatchObject({ imported: 2, refused: [] })
    expect((await t.job('dicom.export', { to, objects: ['seg', 'sr', 'sc', 'image'], masks: 'reference' })).state).toBe('done')
  })
  afterAll(() => t?.close())

  test('are captures whose frames have numbers, and masks and reports name them by that class', () => {
    const images = readdirSync(to).filter((f) => f.endsWith('.image.dcm'))
    const classes = images.map((file) => unwrap(openDicomBytes(readFileSync(join(to, file)))).dataset.text('00080016'))
    expect(classes.sort()).toEqual(['1.2.840.10008.5.1.4.1.1.7.2', '1.2.840.10008.5.1.4.1.1.7.4'])
    for (const file of images) {
      const image = unwrap(openDicomBytes(readFileSync(join(to, file)))).dataset
      const reference = Buffer.from(`${image.text('00080016') ?? ''}\0`), instance = image.text('00080018') ?? '?'
      for (const kind of ['seg', 'sr', 'sc']) {
        const bytes = readFileSync(join(to, readdirSync(to).find((f) => f.startsWith(file.replace('.image.dcm', `.${kind}`))) ?? ''))
        expect.soft([bytes.includes(instance), bytes.includes(reference), bytes.includes('1.2.840.10008.5.1.4.1.1.3.1')], `${kind} of ${file}`).toEqual([true, true, false])
      }
    }
  })
  test.skipIf(!checker)('dciodvfy finds no error in them', () => {
    const written = readdirSync(to).filter((f) => f.endsWith('.dcm'))
    expect(written.length).toBe(8)
    for (const file of written) expect.soft(errorsOf(join(to, file)), file).toEqual([])
  })
})

describe('objects of pictures that were no DICOM', () => {
  let d: DrawnStudy
  const to = join(scratch.path, 'png')
  beforeAll(async () => {
    d = await drawnStudy(join(scratch.path, 'drawn'), 2)
    await d.as('investigator', 'annotation.assign', { accountId: d.ids.ana })
    for (const task of (await d.as('ana', 'annotation.tasks', {})).tasks) await d.draw('ana', task.id, ellipse(40, 30, 15, 12))
    await d.app.house.jobs.ended((await d.as('investigator', 'dicom.export', { to, objects: ['seg', 'sr', 'sc', 'image'], masks: 'reference' })).jobId)
  })
  afterAll(() => d?.close())

  test('get an identity of their own, the same at every export', async () => {
    expect(readdirSync(to).length).toBe(9)
    const again = join(scratch.path, 'png2')
    await d.app.house.jobs.ended((await d.as('investigator', 'dicom.export', { to: again, objects: ['seg', 'sr', 'sc', 'image'], masks: 'reference' })).jobId)
    for (const file of readdirSync(to)) expect.soft(sha256(readFileSync(join(to, file))), file).toBe(sha256(readFileSync(join(again, file))))
  })
  test('a version by its id is written alone', async () => {
    const id = d.study.db.read.get<{ id: string }>("SELECT id FROM annotation WHERE purpose = 'drawn'")?.id ?? ''
    const alone = join(scratch.path, 'one')
    const job = await d.app.house.jobs.ended((await d.as('investigator', 'dicom.export', { to: alone, annotationId: id })).jobId)
    expect((job.result as { objects: object }).objects).toEqual({ seg: 1, sr: 1, sc: 0, image: 0 })
  })
  test.skipIf(!checker)('dciodvfy finds no error in them', () => {
    for (const file of readdirSync(to).filter((f) => f.endsWith('.dcm'))) expect.soft(errorsOf(join(to, file)), file).toEqual([])
  })
})
