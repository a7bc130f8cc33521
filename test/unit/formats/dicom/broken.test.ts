import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeDisplay } from '#main/formats/dicom/pixels/displayFrame.ts'
import { attemptAsync, type DicomFaultCode } from '#main/formats/dicom/faults.ts'
import { DEFAULT_LIMITS } from '#main/formats/dicom/limits.ts'
import { openDicomBytes } from '#main/formats/dicom/read/openDicom.ts'
import { encodePart10 } from '#main/formats/dicom/write/encode.ts'
import type { Elements } from '#main/formats/dicom/write/elements.ts'
import { encodeFrame } from '#test/support/dicomCodecs.ts'
import { pattern, usElements, usFile } from '#test/support/dicomFiles.ts'

const small = { ...DEFAULT_LIMITS, maxInflatedBytes: 1 << 20, maxFrames: 50 }

async function faultOf(bytes: Uint8Array, frame = 0): Promise<DicomFaultCode | 'none'> {
  const opened = openDicomBytes(bytes, small)
  if (!opened.ok) {
    expect(opened.error.message).toMatch(/^[A-Z].{10,}\.$/)
    return opened.error.code
  }
  const decoded = await attemptAsync(() => decodeDisplay(opened.value, frame), 'decode_failed')
  if (!decoded.ok) expect(decoded.error.message).toMatch(/^[A-Z].{10,}\.$/)
  return decoded.ok ? 'none' : decoded.error.code
}

const pixels = pattern(16, 16, 1)
const whole = usFile({ pixels })
const change = (extra: Elements): Buffer => encodePart10({ ...usElements({ pixels }), ...extra })
const without = (tag: string): Buffer => encodePart10(Object.fromEntries(Object.entries(usElements({ pixels })).filter(([key]) => key !== tag)))
const jpeg = async (): Promise<Uint8Array> => encodeFrame('jpegBaseline', pixels, { columns: 16, rows: 16, samples: 1 })

describe('a broken or hostile file is refused with its fault', () => {
  const cases: [string, DicomFaultCode | 'none', () => Uint8Array | Promise<Uint8Array>][] = [
    ['zero bytes', 'empty', () => new Uint8Array(0)],
    ['shorter than a preamble', 'not_dicom', () => new Uint8Array(100)],
    ['preamble only', 'truncated', () => whole.subarray(0, 132)],
    ['a PNG', 'not_dicom', () => Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), Buffer.alloc(300)])],
    ['cut in the header', 'truncated', () => whole.subarray(0, 420)],
    ['cut in the pixels', 'truncated', () => whole.subarray(0, whole.length - 20)],
    ['no pixel data', 'no_pixel_data', () => without('7FE00010')],
    ['no rows', 'bad_dimensions', () => without('00280010')],
    ['zero rows', 'bad_dimensions', () => change({ '00280010': ['US', 0] })],
    ['more rows than pixels', 'bad_dimensions', () => change({ '00280010': ['US', 17] })],
    ['a picture of 65,535 x 65,535', 'too_large', () => change({ '00280010': ['US', 65535], '00280011': ['US', 65535] })],
    ['frames that are not there', 'bad_dimensions', () => change({ '00280008': ['IS', '5'] })],
    ['a billion frames', 'too_large', () => change({ '00280008': ['IS', '1000000000'] })],
    ['a negative number of frames', 'bad_dimensions', () => change({ '00280008': ['IS', '-1'] })],
    ['frames in words', 'bad_dimensions', () => change({ '00280008': ['IS', 'many'] })],
    ['an unknown transfer syntax', 'unsupported_transfer_syntax', () => usFile({ pixels, transferSyntax: '1.2.840.10008.1.2.4.100' })],
    ['four samples a pixel', 'unsupported_pixel_format', () => change({ '00280002': ['US', 4] })],
    ['32 bits a sample', 'unsupported_pixel_format', () => change({ '00280100': ['US', 32] })],
    ['more bits stored than allocated', 'unsupported_pixel_format', () => change({ '00280101': ['US', 12] })],
    ['an unknown photometric interpretation', 'unsupported_pixel_format', () => change({ '00280004': ['CS', 'ARGB'] })],
    ['RGB with one sample', 'unsupported_pixel_format', () => change({ '00280004': ['CS', 'RGB'] })],
    ['a palette picture without a palette', 'corrupt', () => change({ '00280004': ['CS', 'PALETTE COLOR'] })],
    ['fragments in an uncompressed file', 'corrupt', () => usFile({ pixels: { frames: [[pixels]] } })],
    ['plain pixels in a compressed file', 'corrupt', () => usFile({ pixels, transferSyntax: '1.2.840.10008.1.2.4.50' })],
    ['a frame that is no JPEG', 'decode_failed', () => usFile({ pixels: { frames: [[pixels]] }, transferSyntax: '1.2.840.10008.1.2.4.50' })],
    ['a JPEG cut in its tables', 'decode_failed', async () => usFile({ pixels: { frames: [[(await jpeg()).subarray(0, 60)]] }, transferSyntax: '1.2.840.10008.1.2.4.50' })],
    ['a JPEG of another size', 'bad_dimensions', async () => encodePart10({ ...usElements({ pixels: { frames: [[await jpeg()]] } }), '00280011': ['US', 8] }, { transferSyntax: '1.2.840.10008.1.2.4.50' })],
    ['fewer frames than said', 'corrupt', async () => usFile({ frames: 3, pixels: { frames: [[await jpeg()], [await jpeg()]], offsetTable: false }, transferSyntax: '1.2.840.10008.1.2.4.50' })],
    ['a deflate bomb', 'decompression_bomb', () => {
      const file = usFile({ pixels, transferSyntax: '1.2.840.10008.1.2.1.99' })
      const bomb = deflateRawSync(Buffer.alloc(64 << 20))
      return Buffer.concat([file.subarray(0, 132 + 12 + file.readUInt32LE(140)), bomb])
    }],
    ['a deflated file cut short', 'truncated', () => { const file = usFile({ pixels, transferSyntax: '1.2.840.10008.1.2.1.99' }); return file.subarray(0, file.length - 40) }],
    ['a deflated file of noise', 'corrupt', () => { const file = usFile({ pixels, transferSyntax: '1.2.840.10008.1.2.1.99' }); return Buffer.concat([file.subarray(0, 132 + 12 + file.readUInt32LE(140)), Buffer.alloc(64, 0xff)]) }],
    ['sequences nested 100 deep', 'nesting_too_deep', () => {
      let inner: Elements = { '00080100': ['SH', 'X'] }
      for (let i = 0; i < 100; i++) inner = { '00081140': ['SQ', [inner]] }
      return change(inner)
    }],
    ['an element longer than the file', 'truncated', () => {
      const file = Buffer.from(whole)
      const at = file.indexOf(Buffer.from([0x10, 0x00, 0x20, 0x00, 0x4c, 0x4f])) // (0010,0020) LO
      file.writeUInt16LE(0xfff0, at + 6)
      return file
    }],
  ]
  test.each(cases)('%s: %s', async (_name, code, make) => expect(await faultOf(await make())).toBe(code))
})

test('a JPEG cut in its middle is decoded with a warning', async () => {
  const stream = await jpeg()
  const opened = openDicomBytes(usFile({ pixels: { frames: [[stream.subarray(0, stream.length - 24)]] }, transferSyntax: '1.2.840.10008.1.2.4.50' }))
  if (!opened.ok) throw new Error(opened.error.message)
  expect((await decodeDisplay(opened.value, 0)).warnings).toEqual(['The compressed stream of frame 1 has no end mark; its lower part may be missing.'])
})

test('sequences nested 20,000 deep end in a fault, not in a crash', async () => {
  const open = Buffer.concat([Buffer.from([0x08, 0x00, 0x40, 0x11]), Buffer.from('SQ\0\0', 'latin1'), Buffer.alloc(4, 0xff), Buffer.from([0xfe, 0xff, 0x00, 0xe0]), Buffer.alloc(4, 0xff)])
  const head = whole.subarray(0, 132 + 12 + whole.readUInt32LE(140))
  const bytes = Buffer.concat([head, ...Array.from({ length: 20_000 }, () => open)])
  expect(['nesting_too_deep', 'truncated']).toContain(await faultOf(bytes))
})

test('a file that says its frame comes twice over still gives the frames that it has', async () => {
  const file = usFile({ pixels: Buffer.concat([pixels, Buffer.alloc(64)]) })
  const opened = openDicomBytes(file)
  expect(opened.ok && opened.value.warnings).toEqual(['Its pixel data is 64 bytes longer than its frames; the rest is not used.'])
})
