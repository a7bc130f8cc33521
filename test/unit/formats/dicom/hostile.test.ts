import { describe, expect, test } from 'vitest'
import { attemptAsync } from '#main/formats/dicom/faults.ts'
import { decodeDisplay } from '#main/formats/dicom/pixels/displayFrame.ts'
import { openDicomBytes, type DicomImage } from '#main/formats/dicom/read/openDicom.ts'
import { summarise } from '#main/formats/dicom/summary.ts'
import { encodeFrame } from '#test/support/dicomCodecs.ts'
import { pattern, region, usFile, type UsOptions } from '#test/support/dicomFiles.ts'

const size = { columns: 16, rows: 12 }
const frames = [0, 1, 2].map((i) => pattern(16, 12, 1, i))
const streams = (encoder: 'jpegLs' | 'jpegBaseline' | 'rle'): Promise<Uint8Array[]> => Promise.all(frames.map((f) => encodeFrame(encoder, f, { ...size, samples: 1 })))
const nested = { '00081140': ['SQ', [{ '00081150': ['UI', '1.2.3'], '0040A170': ['SQ', [{ '00080100': ['SH', 'X'] }]] }]], '00186011': ['SQ', [region({ box: [0, 0, 15, 11], delta: [0.01, 0.01] })]] } as const

/** What a reader makes of a file: the first fault of header or frames, else the warnings. */
async function verdict(bytes: Uint8Array): Promise<{ fault: string | null; warnings: string[]; frames: number }> {
  const opened = openDicomBytes(bytes)
  if (!opened.ok) return { fault: opened.error.message, warnings: [], frames: 0 }
  const warnings = [...summarise(opened.value).warnings]
  for (let i = 0; i < opened.value.format.frames; i++) {
    const decoded = await attemptAsync(() => decodeDisplay(opened.value, i), 'decode_failed')
    if (!decoded.ok) return { fault: decoded.error.message, warnings, frames: i }
    warnings.push(...decoded.value.warnings)
  }
  return { fault: null, warnings, frames: opened.value.format.frames }
}

describe('a file cut at any place is refused in words, or taken with a warning', () => {
  const kinds: [string, () => Promise<Buffer>][] = [
    ['uncompressed', () => Promise.resolve(usFile({ ...size, frames: 3, pixels: Buffer.concat(frames), extra: nested }))],
    ['with sequences of undefined length', () => Promise.resolve(usFile({ ...size, pixels: frames[0] as Uint8Array, extra: nested, undefinedLengths: true }))],
    ['implicit', () => Promise.resolve(usFile({ ...size, pixels: frames[0] as Uint8Array, extra: nested, transferSyntax: '1.2.840.10008.1.2', undefinedLengths: true }))],
    ['big-endian', () => Promise.resolve(usFile({ ...size, pixels: frames[0] as Uint8Array, extra: nested, transferSyntax: '1.2.840.10008.1.2.2' }))],
    ['deflated', () => Promise.resolve(usFile({ ...size, pixels: frames[0] as Uint8Array, extra: nested, transferSyntax: '1.2.840.10008.1.2.1.99' }))],
    ['of JPEG frames', async () => usFile({ ...size, frames: 3, pixels: { frames: (await streams('jpegBaseline')).map((s) => [s]) }, transferSyntax: '1.2.840.10008.1.2.4.50', extra: nested })],
    ['of JPEG-LS frames without a table', async () => usFile({ ...size, frames: 3, pixels: { frames: (await streams('jpegLs')).map((s) => [s.subarray(0, 40), s.subarray(40)]), offsetTable: false }, transferSyntax: '1.2.840.10008.1.2.4.80', extra: nested })],
    ['of RLE frames', async () => usFile({ ...size, frames: 3, pixels: { frames: (await streams('rle')).map((s) => [s]) }, transferSyntax: '1.2.840.10008.1.2.5', extra: nested })],
  ]
  test.each(kinds)('%s', async (_name, make) => {
    const file = await make()
    expect(await verdict(file)).toMatchObject({ fault: null, warnings: [] })
    const silent: number[] = []
    // The header in small steps and at the end; in between wide ones, since a codec that fails is made anew, which takes its time.
    const body = file.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]))
    const header = body < 0 ? file.length : body
    for (let length = 0; length < file.length; length += length < header + 24 ? 3 : length > file.length - 12 ? 3 : 97) {
      const { fault, warnings } = await verdict(file.subarray(0, length))
      if (fault === null && warnings.length === 0) silent.push(length)
      else if (fault !== null) expect(fault).toMatch(/^[A-Z].{10,}\.$/s)
    }
    // The last padding byte of a deflated dataset or of an end mark's empty length is all that may be missing unseen.
    expect(silent.filter((length) => length < file.length - 8)).toEqual([])
  }, 600_000)
})

describe('tables that lie', () => {
  const jpegLs = '1.2.840.10008.1.2.4.80'
  const halves = (s: Uint8Array): Uint8Array[] => [s.subarray(0, 30), s.subarray(30)]
  const intact = async (image: DicomImage): Promise<boolean> => {
    for (const [i, frame] of frames.entries()) if (Buffer.compare((await decodeDisplay(image, i)).data, frame) !== 0) return false
    return true
  }
  const tableAt = (file: Buffer): number => file.indexOf(Buffer.from([0xfe, 0xff, 0x00, 0xe0])) + 8

  test.each([['points between the halves of frames', 1], ['points nowhere', 2], ['repeats itself', 3]])('an offset table that %s is passed over', async (_name, how) => {
    const file = usFile({ ...size, frames: 3, transferSyntax: jpegLs, pixels: { frames: (await streams('jpegLs')).map(halves) } })
    const at = tableAt(file)
    const offsets = [0, 1, 2].map((i) => file.readUInt32LE(at + i * 4))
    // 38: behind the first half of the first frame, 30 bytes and their mark.
    const wrong = how === 1 ? [offsets[0], 38, offsets[2]] : how === 2 ? [7, 70_000, 0xfffffff0] : [0, 0, 0]
    wrong.forEach((value, i) => file.writeUInt32LE((value as number) >>> 0, at + i * 4))
    const opened = openDicomBytes(file)
    expect(opened.ok && (await intact(opened.value))).toBe(true)
  })

  test('an extended offset table of noise is passed over', async () => {
    const noise = new Uint8Array(24).fill(0xee)
    const extra = { '7FE00001': ['OV', noise], '7FE00002': ['OV', noise] } as const
    const opened = openDicomBytes(usFile({ ...size, frames: 3, transferSyntax: jpegLs, pixels: { frames: (await streams('jpegLs')).map((s) => [s]), offsetTable: false }, extra }))
    expect(opened.ok && (await intact(opened.value))).toBe(true)
  })

  test('pictures that the header does not count are named, not passed over in silence', async () => {
    const pixels = { frames: (await streams('jpegLs')).map((s) => [s]) }
    for (const offsetTable of [true, false]) {
      const file = usFile({ ...size, transferSyntax: jpegLs, pixels: { ...pixels, offsetTable } })
      const opened = openDicomBytes(file)
      expect(opened.ok && opened.value.warnings).toEqual(['Its pixel data holds 3 pictures where its header names one frame; the first is used.'])
      expect(opened.ok && Buffer.compare((await decodeDisplay(opened.value, 0)).data, frames[0] as Uint8Array)).toBe(0)
    }
  })
})

describe('claims that no memory and no time would suffice for', () => {
  const jpeg = '1.2.840.10008.1.2.4.50'
  const claims: [string, () => Promise<Buffer>, RegExp][] = [
    ['60,000 x 60,000 pixels', async () => usFile({ columns: 60_000, rows: 60_000, pixels: { frames: [[(await streams('jpegBaseline'))[0] as Uint8Array]] }, transferSyntax: jpeg }), /60000 x 60000/],
    ['a stream of another size than the header', async () => usFile({ columns: 4000, rows: 4000, pixels: { frames: [[(await streams('jpegBaseline'))[0] as Uint8Array]] }, transferSyntax: jpeg }), /compressed as 16 x 12/],
    ['20,000 frames of 6,000 x 6,000', async () => {
      const one = (await streams('jpegBaseline'))[0] as Uint8Array
      return usFile({ columns: 6000, rows: 6000, frames: 20_000, pixels: { frames: Array.from({ length: 20_000 }, () => [one.subarray(0, 20)]) }, transferSyntax: jpeg })
    }, /more than any examination/],
    ['more than its bytes could hold', async () => {
      const one = (await streams('jpegBaseline'))[0] as Uint8Array
      return usFile({ columns: 6000, rows: 6000, frames: 10, pixels: { frames: Array.from({ length: 10 }, () => [one.subarray(0, 20)]) }, transferSyntax: jpeg })
    }, /claim to hold 10 frames/],
  ]
  test.each(claims)('%s', async (_name, make, words) => {
    const started = performance.now()
    const { fault } = await verdict(await make())
    expect(fault).toMatch(words)
    expect(performance.now() - started).toBeLessThan(60_000)
  })
})

describe('odd layouts of samples are read or refused, never shown wrong', () => {
  const layouts: [string, Partial<UsOptions> & { extra?: object }, string | null][] = [
    ['5 of 8 bits', { stored: 5, pixels: Uint8Array.from(frames[0] as Uint8Array, (v) => v >> 3) }, null],
    ['10 of 16 bits', { bits: 16, stored: 10, pixels: Buffer.alloc(16 * 12 * 2, 1) }, null],
    ['16 of 8 bits', { stored: 16 }, 'do not fit 8 allocated bits'],
    ['0 bits', { extra: { '00280101': ['US', 0] } }, 'do not fit'],
    ['a high bit above the cell', { extra: { '00280102': ['US', 15] } }, 'do not fit'],
    ['12 bits allocated', { extra: { '00280100': ['US', 12] } }, 'allocates 12 bits'],
    ['1 bit allocated', { extra: { '00280100': ['US', 1] } }, 'allocates 1 bits'],
    ['a planar picture of one sample', { extra: { '00280006': ['US', 1] } }, null],
    ['planar halves of chrominance over an odd width', { columns: 15, samples: 3, photometric: 'YBR_FULL_422', pixels: Buffer.alloc(15 * 12 * 2) }, 'odd number of columns'],
    ['two samples', { extra: { '00280002': ['US', 2] } }, '2 samples a pixel'],
  ]
  test.each(layouts)('%s', async (_name, options, words) => {
    const { fault } = await verdict(usFile({ ...size, pixels: frames[0] as Uint8Array, ...options } as UsOptions))
    if (words === null) expect(fault).toBeNull()
    else expect(fault).toContain(words)
  })
})
