import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import {
  CONCEPT, createPseudonyms, decodeDisplay, deidentify, openDicomBytes, readSegmentation, sourceImageOf, summarise, UNIT, writeDeidentified, writeMeasurementReport, writeSecondaryCapture,
  writeSegmentation, type Authoring, type DicomImage,
} from '#main/formats/dicom/index.ts'
import { packBits, unpackBits } from '#main/formats/dicom/write/bits.ts'
import { decimalString } from '#main/formats/dicom/write/encode.ts'
import { encodeFrame } from '#test/support/dicomCodecs.ts'
import { pattern, region, usFile } from '#test/support/dicomFiles.ts'

const checker = spawnSync('dciodvfy', ['-version']).error === undefined
if (!checker) console.log('skipped: checks by dciodvfy, which is not installed')
const scratch = mkdtempSync(join(tmpdir(), 'dicom-objects-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const columns = 21, rows = 13
const cine = (frames: number): DicomImage => unwrap(openDicomBytes(usFile({
  columns, rows, frames, pixels: Buffer.concat(Array.from({ length: frames }, (_, i) => pattern(columns, rows, 1, i))),
  extra: { '00181063': ['DS', 40], '00186011': ['SQ', [region({ box: [1, 1, 19, 11], delta: [0.01, 0.01] })]] },
})))

const authoring = (): Authoring => {
  let next = 1
  return { now: new Date('2024-05-06T07:08:09Z'), uid: () => `2.25.${++next}`, softwareVersion: '0.1', creator: 'Reader^One', seriesNumber: 900, seriesDescription: 'SLN mask' }
}

function errorsOf(bytes: Uint8Array, name: string): string[] {
  const path = join(scratch, `${name}.dcm`)
  writeFileSync(path, bytes)
  const run = spawnSync('dciodvfy', [path], { encoding: 'utf8' })
  return `${run.stdout}${run.stderr}`.split('\n').filter((line) => line.startsWith('Error'))
}

const masks = (frames: number, seed: number): Uint8Array[] => {
  const random = createRandom(seed)
  return Array.from({ length: frames }, () => Uint8Array.from({ length: columns * rows }, () => (random.next() < 0.4 ? 1 : 0)))
}

describe('segmentation', () => {
  test.each([[1], [5]])('of %i frames comes back bit for bit, frame by frame', (frames) => {
    const data = masks(frames, frames)
    const source = sourceImageOf(cine(frames))
    const segments = [{ label: 'tumour', algorithm: { type: 'MANUAL' as const } }, { label: 'model', algorithm: { type: 'AUTOMATIC' as const, name: 'fusion' } }]
    const written = writeSegmentation({ source, authoring: authoring(), segments, frames: data.flatMap((mask, frame) => [{ segment: 1, frame, data: mask.map((v) => 1 - v) }, { segment: 0, frame, data: mask }]) })
    const back = unwrap(readSegmentation(written.bytes))
    expect(back.segments.map((s) => [s.number, s.label, s.algorithm])).toEqual([[1, 'tumour', null], [2, 'model', 'fusion']])
    expect(back.frames.length).toBe(frames * 2)
    for (const f of back.frames) {
      const mask = data[f.frame ?? -1] as Uint8Array
      expect(f.sourceInstance).toBe(source.sopInstanceUid)
      expect(Buffer.compare(Buffer.from(f.data), Buffer.from(f.segment === 1 ? mask : mask.map((v) => 1 - v)))).toBe(0)
    }
  })

  test('of a few frames of a cine keeps their numbers', () => {
    const [a, b] = masks(2, 9) as [Uint8Array, Uint8Array]
    const written = writeSegmentation({ source: sourceImageOf(cine(6)), authoring: authoring(), segments: [{ label: 'x', algorithm: { type: 'MANUAL' } }], frames: [{ segment: 0, frame: 4, data: a }, { segment: 0, frame: 2, data: b }] })
    expect(unwrap(readSegmentation(written.bytes)).frames.map((f) => f.frame)).toEqual([2, 4])
  })

  test('bits of any frames survive packing', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.constantFrom(0, 1)), (size, count, bits) => {
      const frames = Array.from({ length: count }, () => Uint8Array.from({ length: size }, () => bits.next().value ?? 0))
      expect(unpackBits(packBits(frames), size, count)).toEqual(frames)
    }), { seed: 5, numRuns: 60 })
  })

  test('a mask of another size is a broken caller', () => {
    const input = { source: sourceImageOf(cine(1)), authoring: authoring(), segments: [{ label: 'x', algorithm: { type: 'MANUAL' as const } }] }
    expect(() => writeSegmentation({ ...input, frames: [{ segment: 0, frame: 0, data: new Uint8Array(4) }] })).toThrow()
    expect(() => writeSegmentation({ ...input, frames: [{ segment: 0, frame: 1, data: new Uint8Array(columns * rows) }] })).toThrow()
  })

  test('a picture is not read as one, nor is a cut one', () => {
    expect(readSegmentation(usFile({ pixels: pattern(16, 16, 1) }))).toMatchObject({ ok: false, error: { code: 'unsupported_pixel_format' } })
    const { bytes } = writeSegmentation({ source: sourceImageOf(cine(1)), authoring: authoring(), segments: [{ label: 'x', algorithm: { type: 'MANUAL' } }], frames: [{ segment: 0, frame: 0, data: masks(1, 1)[0] as Uint8Array }] })
    expect(readSegmentation(bytes.subarray(0, bytes.length - 10))).toMatchObject({ ok: false, error: { code: 'truncated' } })
  })
})

test('a de-identified file is read back with its pixels and calibration, and without the person', async () => {
  const image = cine(3)
  const { elements } = deidentify(image.dataset, { pseudonyms: createPseudonyms(Buffer.alloc(32, 1)), subject: 'S-1', pixelsCleaned: true })
  const frames = await Promise.all([0, 1, 2].map((i) => decodeDisplay(image, i)))
  const bytes = writeDeidentified(elements, frames)
  const back = unwrap(openDicomBytes(bytes))
  expect(summarise(back)).toMatchObject({ frames: 3, frameTimeMs: 40, identity: { patientId: 'S-1' }, calibration: { regions: [{ mmPerPixelX: 0.1 }] } })
  expect(Buffer.from((await decodeDisplay(back, 2)).data)).toEqual(Buffer.from(frames[2]?.data ?? []))
  expect(bytes.toString('latin1')).not.toMatch(/PLANTED|Nora|1\.2\.826\.0\.1\.3680043\.2\.1125/)
})

test('decimal strings hold at most 16 characters and lose as little as that allows', () => {
  for (const value of [Math.PI * 1e6, -Math.PI / 1e7, 123456789.1234567, 0.1, -0.02547669659237816, 1e300]) {
    expect(decimalString(value).length).toBeLessThanOrEqual(16)
    expect(Math.abs(Number(decimalString(value)) / value - 1)).toBeLessThan(1e-8)
  }
})

describe.skipIf(!checker)('dciodvfy finds no error in', () => {
  const input = (frames: number) => ({ source: sourceImageOf(cine(frames)), authoring: authoring() })
  const seg = (frames: number) => writeSegmentation({ ...input(frames), segments: [{ label: 'tumour', algorithm: { type: 'MANUAL' } }], frames: masks(frames, 4).map((data, frame) => ({ segment: 0, frame, data })) })

  test.each([[1], [4]])('a segmentation of %i frames', (frames) => expect(errorsOf(seg(frames).bytes, 'seg')).toEqual([]))

  test('a segmentation of a lossy source, which says so', async () => {
    const stream = await encodeFrame('jpegBaseline', pattern(columns, rows, 1), { columns, rows, samples: 1 })
    const source = sourceImageOf(unwrap(openDicomBytes(usFile({ columns, rows, pixels: { frames: [[stream]] }, transferSyntax: '1.2.840.10008.1.2.4.50' }))))
    expect(source.lossy?.method).toBe('ISO_10918_1')
    const written = writeSegmentation({ source, authoring: authoring(), segments: [{ label: 'x', algorithm: { type: 'MANUAL' } }], frames: [{ segment: 0, frame: 0, data: masks(1, 2)[0] as Uint8Array }] })
    expect(errorsOf(written.bytes, 'lossy')).toEqual([])
  })

  test.each([[1, 'Reader^One'], [3, '']])('a measurement report on %i frames by "%s"', (frames, creator) => {
    const written = seg(frames)
    const measurements = [{ concept: CONCEPT.area, value: 123.456, unit: UNIT.squareMillimetre }, { concept: CONCEPT.longAxis, value: 12.3, unit: UNIT.millimetre }]
    const report = writeMeasurementReport({
      source: input(frames).source, authoring: { ...authoring(), creator }, complete: true,
      lesions: [
        { label: 'one', trackingUid: '2.25.77', frame: 0, laterality: 'L', measurements, segment: { sopInstanceUid: written.sopInstanceUid, seriesInstanceUid: written.seriesInstanceUid, number: 1 } },
        { label: 'two', trackingUid: '2.25.78', frame: 0, measurements: [{ concept: CONCEPT.probability, value: 0.31, unit: UNIT.ratio }] },
      ],
    })
    expect(errorsOf(report.bytes, 'sr')).toEqual([])
  })

  test('a secondary capture', () => {
    expect(errorsOf(writeSecondaryCapture({ width: columns, height: rows, channels: 3, data: pattern(columns, rows, 3) }, input(1).source, authoring()).bytes, 'sc')).toEqual([])
  })

  test.each([[1], [3]])('a de-identified file of %i frames', async (frames) => {
    const image = cine(frames)
    const { elements } = deidentify(image.dataset, { pseudonyms: createPseudonyms(Buffer.alloc(32, 1)), subject: 'S-1', pixelsCleaned: true })
    const pictures = await Promise.all(Array.from({ length: frames }, (_, i) => decodeDisplay(image, i)))
    expect(errorsOf(writeDeidentified(elements, pictures), 'de')).toEqual([])
  })
})
