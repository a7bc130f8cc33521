import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { createPseudonyms, decodeDisplay, deidentify, inFrameOrder, openDicomBytes, summarise, writeDeidentified, type Elements } from '#main/formats/dicom/index.ts'
import { encodePart10 } from '#main/formats/dicom/write/encode.ts'
import { pattern, region, usElements, usFile } from '#test/support/dicomFiles.ts'

const checker = spawnSync('dciodvfy', ['-version']).error === undefined
if (!checker) console.log('skipped: checks of the order of frames by dciodvfy, which is not installed (Debian: dicom3tools)')
const scratch = mkdtempSync(join(tmpdir(), 'frame-order-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const US_MULTI_FRAME = '1.2.840.10008.5.1.4.1.1.3.1', GREY = '1.2.840.10008.5.1.4.1.1.7.2', COLOUR = '1.2.840.10008.5.1.4.1.1.7.4'
const columns = 21, rows = 13

/** The copy of a cine that says this of its times. */
async function copyOf(frames: number, samples: 1 | 3, extra: Elements = {}): Promise<Buffer> {
  const pixels = Buffer.concat(Array.from({ length: frames }, (_, i) => pattern(columns, rows, samples, i)))
  const image = unwrap(openDicomBytes(usFile({ columns, rows, frames, samples, pixels, extra: { '00186011': ['SQ', [region({ box: [1, 1, 19, 11], delta: [0.01, 0.01] })]], ...extra } })))
  const { elements } = deidentify(image.dataset, { pseudonyms: createPseudonyms(Buffer.alloc(32, 1)), subject: 'S-1', pixelsCleaned: true })
  return writeDeidentified(elements, await Promise.all(Array.from({ length: frames }, (_, i) => decodeDisplay(image, i))))
}

function errorsOf(bytes: Uint8Array): string[] {
  const path = join(scratch, 'copy.dcm')
  writeFileSync(path, bytes)
  const run = spawnSync('dciodvfy', [path], { encoding: 'utf8' })
  const lines = `${run.stdout}${run.stderr}`.split('\n')
  expect(lines.join('\n')).toMatch(/MultiFrameImage|MultiframeGrayscaleByteSCImage|MultiframeTrueColorSCImage/)
  return lines.filter((line) => line.startsWith('Error'))
}

type Said = readonly [says: string, frames: number, samples: 1 | 3, extra: Elements, sopClass: string, pointer: string | null]
const CASES: readonly Said[] = [
  ['its frame time', 3, 1, { '00181063': ['DS', 40] }, US_MULTI_FRAME, '00181063'],
  ['a time for each frame', 3, 3, { '00181065': ['DS', [0, 40, 50]] }, US_MULTI_FRAME, '00181065'],
  ['a frame time of 0 and a time for each frame', 3, 1, { '00181063': ['DS', 0], '00181065': ['DS', [0, 40, 50]] }, US_MULTI_FRAME, '00181065'],
  ['its cine rate only', 3, 1, { '00180040': ['IS', 30] }, US_MULTI_FRAME, '00181063'],
  ['nothing, in grey', 3, 1, {}, GREY, '00182002'],
  ['nothing, in colour', 3, 3, {}, COLOUR, '00182002'],
  ['only how fast it is to be shown', 3, 3, { '00082144': ['IS', 25] }, COLOUR, '00182002'],
  ['a frame time of 0', 4, 3, { '00181063': ['DS', 0] }, COLOUR, '00182002'],
  ['times for fewer frames than it has', 4, 1, { '00181065': ['DS', [0, 40]] }, GREY, '00182002'],
  ['that it is a cine of one frame', 1, 1, { '00080016': ['UI', US_MULTI_FRAME], '00280008': ['IS', 1] }, US_MULTI_FRAME, '00181063'],
  ['that it is a capture of one frame', 1, 3, { '00080016': ['UI', COLOUR], '00280008': ['IS', 1], '00080064': ['CS', 'WSD'] }, COLOUR, null],
]

describe.each(CASES)('the copy of a cine that says %s', (_, frames, samples, extra, sopClass, pointer) => {
  test('names its order by what is in the file', async () => {
    const back = unwrap(openDicomBytes(await copyOf(frames, samples, extra)))
    const named = [...new Uint16Array(Uint8Array.from(back.dataset.bytes('00280009') ?? []).buffer)].map((n) => n.toString(16).padStart(4, '0').toUpperCase()).join('')
    expect([back.dataset.text('00080016'), named || null, back.format.frames]).toEqual([sopClass, pointer, frames])
    if (pointer !== null) expect(back.dataset.texts(pointer).length).toBe(pointer === '00181063' ? 1 : frames)
    // The scale and every pixel are those of the cine.
    expect(summarise(back).calibration.regions[0]?.mmPerPixelX).toBeCloseTo(0.1, 9)
    for (let i = 0; i < frames; i++) expect(Buffer.from((await decodeDisplay(back, i)).data)).toEqual(Buffer.from(pattern(columns, rows, samples, i)))
  })
  test.skipIf(!checker)('has no error by dciodvfy', async () => expect(errorsOf(await copyOf(frames, samples, extra))).toEqual([]))
})

test('no time is made up, and one that is known as a rate is kept', async () => {
  const timeOf = async (extra: Elements): Promise<number | null> => summarise(unwrap(openDicomBytes(await copyOf(3, 1, extra)))).frameTimeMs
  expect(await timeOf({})).toBeNull()
  expect(await timeOf({ '00180040': ['IS', 40] })).toBe(25)
  expect(unwrap(openDicomBytes(await copyOf(3, 1, {}))).dataset.texts('00182002')).toEqual(['1', '2', '3'])
})

test('a capture whose text nobody has looked at says that it may name the patient', () => {
  const said = (header: Elements): unknown => inFrameOrder({ ...usElements({ frames: 2, pixels: new Uint8Array(0) }), ...header }, 2, 1)['00280301']?.[1]
  expect([said({}), said({ '00280301': ['CS', 'NO'] })]).toEqual(['YES', 'NO'])
})

test('done twice it changes nothing more, and a still stays as it is', () => {
  const still = usElements({ pixels: pattern(16, 16, 1) })
  expect(inFrameOrder(still, 1, 1)).toBe(still)
  for (const samples of [1, 3] as const) {
    const once = inFrameOrder(usElements({ frames: 4, samples, pixels: new Uint8Array(0) }), 4, samples)
    expect(inFrameOrder(once, 4, samples)).toEqual(once)
  }
})

test('a list that 16 bits cannot count is written whole', () => {
  const labels = Array.from({ length: 20_000 }, (_, i) => String(i + 1))
  const written = encodePart10({ ...usElements({ columns: 1, rows: 1, frames: labels.length, pixels: new Uint8Array(labels.length) }), '00182002': ['SH', labels] })
  expect(unwrap(openDicomBytes(written)).dataset.texts('00182002')).toEqual(labels)
})
