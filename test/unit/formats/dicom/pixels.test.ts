import { describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { decodeDisplay } from '#main/formats/dicom/pixels/displayFrame.ts'
import { decodeStored } from '#main/formats/dicom/pixels/storedFrame.ts'
import { openDicomBytes } from '#main/formats/dicom/read/openDicom.ts'
import { encodeFrame } from '#test/support/dicomCodecs.ts'
import { CASES } from '#test/support/dicomCases.ts'
import { pattern, usFile } from '#test/support/dicomFiles.ts'
import { REFERENCE } from '#test/support/dicomReference.ts'

const worst = (a: Uint8Array, b: Uint8Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0)

describe('pixels equal those of dcmtk and gdcm', () => {
  test.each(CASES.map((c) => [c.name, c] as const))('%s', async (name, one) => {
    const image = unwrap(openDicomBytes(await one.make()))
    const frame = await decodeDisplay(image, 0)
    const expected = Buffer.from(REFERENCE[name] ?? '', 'base64')
    expect([frame.width, frame.height, frame.channels]).toEqual([one.columns, one.rows, one.channels])
    expect(frame.data.length).toBe(expected.length)
    expect(worst(frame.data, expected)).toBeLessThanOrEqual(one.tolerance)
  })

  test('the recorded pixels are not all alike', () => {
    expect(new Set(CASES.map((c) => REFERENCE[c.name])).size).toBeGreaterThan(8)
  })
})

describe('high-throughput JPEG 2000, which neither decodes', () => {
  test.each([[1 as const], [3 as const]])('%i channels come back as they went in', async (channels) => {
    const pixels = pattern(40, 24, channels)
    const encoded = await encodeFrame('htj2k', pixels, { columns: 40, rows: 24, samples: channels })
    const file = usFile({ columns: 40, rows: 24, samples: channels, pixels: { frames: [[encoded]] }, transferSyntax: '1.2.840.10008.1.2.4.202', ...(channels === 3 ? { photometric: 'YBR_RCT' } : {}) })
    const frame = await decodeDisplay(unwrap(openDicomBytes(file)), 0)
    expect(worst(frame.data, pixels)).toBe(0)
  })
})

describe('stored values', () => {
  test('junk above the high bit is dropped and the sign is kept', async () => {
    const cells = new Uint8Array(8)
    const view = new DataView(cells.buffer)
    ;[0xf000 | 5, 0x0fff, 0xa800, 0x07ff].forEach((value, i) => view.setUint16(i * 2, value, true))
    const image = unwrap(openDicomBytes(usFile({ columns: 2, rows: 2, bits: 16, stored: 12, signed: 1, pixels: cells })))
    expect([...(await decodeStored(image, 0)).data]).toEqual([5, -1, -2048, 2047])
  })

  test('without a window the frame\'s minimum and maximum are black and white', async () => {
    const cells = new Uint8Array(new Uint16Array([100, 300, 500, 1100]).buffer)
    const image = unwrap(openDicomBytes(usFile({ columns: 2, rows: 2, bits: 16, pixels: cells })))
    expect([...(await decodeDisplay(image, 0)).data]).toEqual([0, 51, 102, 255])
  })

  test('8-bit values pass a window by', async () => {
    const pixels = Uint8Array.of(0, 10, 200, 255)
    const image = unwrap(openDicomBytes(usFile({ columns: 2, rows: 2, pixels, extra: { '00281050': ['DS', 50], '00281051': ['DS', 10] } })))
    expect([...(await decodeDisplay(image, 0)).data]).toEqual([0, 10, 200, 255])
  })

  test('a segmented palette is expanded', async () => {
    const segments = new Uint8Array(new Uint16Array([0, 2, 0, 10 * 257, 1, 4, 50 * 257, 2, 1, 0, 0]).buffer)
    const extra = Object.fromEntries(['1101', '1102', '1103'].flatMap((e, i) => [[`0028${e}`, ['US', [8, 0, 16]] as const], [`0028122${i + 1}`, ['OW', segments] as const]]))
    const image = unwrap(openDicomBytes(usFile({ columns: 4, rows: 2, pixels: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7), photometric: 'PALETTE COLOR', extra })))
    const red = [...(await decodeDisplay(image, 0)).data].filter((_, i) => i % 3 === 0)
    expect(red).toEqual([0, 10, 20, 30, 40, 50, 0, 10])
  })
})

describe('frames of a cine', () => {
  const sizes = { columns: 20, rows: 10 }
  const frames = [0, 1, 2, 3].map((i) => pattern(20, 10, 1, i))
  const expectAll = async (file: Buffer): Promise<void> => {
    const image = unwrap(openDicomBytes(file))
    expect(image.format.frames).toBe(4)
    for (const i of [3, 0, 2, 1]) expect(worst((await decodeDisplay(image, i)).data, frames[i] as Uint8Array)).toBe(0)
  }

  test('native', () => expectAll(usFile({ ...sizes, frames: 4, pixels: Buffer.concat(frames) })))

  const encoded = (): Promise<Uint8Array[]> => Promise.all(frames.map((frame) => encodeFrame('jpegLs', frame, { ...sizes, samples: 1 })))
  const halves = (bytes: Uint8Array): Uint8Array[] => [bytes.subarray(0, 30), bytes.subarray(30)]
  const jpegLs = '1.2.840.10008.1.2.4.80'

  test('one fragment a frame, without an offset table', async () => {
    await expectAll(usFile({ ...sizes, frames: 4, transferSyntax: jpegLs, pixels: { frames: (await encoded()).map((b) => [b]), offsetTable: false } }))
  })
  test('several fragments a frame, found by the offset table', async () => {
    await expectAll(usFile({ ...sizes, frames: 4, transferSyntax: jpegLs, pixels: { frames: (await encoded()).map(halves) } }))
  })
  test('several fragments a frame, found by the marks of their streams', async () => {
    await expectAll(usFile({ ...sizes, frames: 4, transferSyntax: jpegLs, pixels: { frames: (await encoded()).map(halves), offsetTable: false } }))
  })
  test('an extended offset table (VR OV)', async () => {
    const streams = await encoded()
    const offsets = new BigUint64Array(4), lengths = new BigUint64Array(4)
    let at = 0
    streams.forEach((stream, i) => {
      offsets[i] = BigInt(at)
      lengths[i] = BigInt(stream.length)
      at += 8 + stream.length + (stream.length % 2)
    })
    const extra = { '7FE00001': ['OV', new Uint8Array(offsets.buffer)], '7FE00002': ['OV', new Uint8Array(lengths.buffer)] } as const
    await expectAll(usFile({ ...sizes, frames: 4, transferSyntax: jpegLs, pixels: { frames: streams.map((b) => [b]), offsetTable: false }, extra }))
  })
})
