import { refuse } from '../faults.ts'
import type { DicomImage } from '../read/openDicom.ts'

/** One colour's lookup table: 8-bit outputs from the first mapped stored value on. */
interface Table { readonly first: number; readonly values: Uint8Array }

const COLOURS = [['00281101', '00281201', '00281221'], ['00281102', '00281202', '00281222'], ['00281103', '00281203', '00281223']] as const

function words(bytes: Uint8Array, bigEndian: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(i * 2, !bigEndian))
}

/** Segmented tables (PS3.3 C.7.9.2): discrete runs, lines to a value, and repeats of earlier segments. */
function expandSegments(data: Uint16Array, count: number): Uint16Array {
  const out: number[] = []
  const read = (at: number, end: number, segments: number, nested: boolean): void => {
    for (let done = 0; at < end && done < segments && out.length < count; done++) {
      const opcode = data[at] as number, length = data[at + 1] ?? 0
      if (length === 0) refuse('corrupt', 'Its palette holds an empty segment.') // and every step makes the table longer, so it ends
      if (opcode === 0) {
        for (let i = 0; i < length; i++) out.push(data[at + 2 + i] ?? 0)
        at += 2 + length
      } else if (opcode === 1) {
        const from = out.at(-1) ?? 0, to = data[at + 2] ?? 0
        for (let i = 1; i <= length; i++) out.push(Math.round(from + ((to - from) * i) / length))
        at += 3
      } else if (opcode === 2) {
        const offset = (data[at + 2] ?? 0) + (data[at + 3] ?? 0) * 65536
        if (offset >= at || nested) refuse('corrupt', 'Its palette refers to a segment that is not in front of it.')
        read(offset, at, length, true)
        at += 4
      } else refuse('corrupt', 'Its palette holds an unknown kind of segment.')
      if (out.length > 65_536) refuse('corrupt', 'Its palette is longer than 65,536 entries.')
    }
  }
  read(0, data.length, Number.POSITIVE_INFINITY, false)
  return Uint16Array.from(out)
}

function readTable(image: DicomImage, [descriptorTag, dataTag, segmentedTag]: (typeof COLOURS)[number]): Table {
  const { dataset, syntax, format } = image
  const descriptor = dataset.numbers(descriptorTag, format.signed ? 'SS' : 'US')
  const [entries, first] = descriptor
  if (entries === undefined || first === undefined) refuse('corrupt', 'It is a palette picture without a palette.')
  const count = entries === 0 ? 65_536 : entries & 0xffff
  const plain = dataset.bytes(dataTag)
  const segmented = plain ? null : dataset.bytes(segmentedTag)
  if (!plain && !segmented) refuse('corrupt', 'It is a palette picture without palette data.')
  const packed = plain !== null && plain.length < count * 2 && plain.length >= count
  let entries16: Uint16Array
  if (plain && packed) {
    // Two 8-bit entries a word: in big-endian files the second is in front.
    entries16 = Uint16Array.from({ length: count }, (_, i) => plain[syntax.bigEndian && dataset.vr(dataTag) === 'OW' ? i ^ 1 : i] ?? 0)
  } else entries16 = segmented ? expandSegments(words(segmented, syntax.bigEndian), count) : words(plain as Uint8Array, syntax.bigEndian)
  if (entries16.length < count) refuse('corrupt', `Its palette holds ${entries16.length} of ${count} entries.`)
  const used = entries16.subarray(0, count)
  // Some writers say 16 bits and fill 8 of them, or say 8 and fill the high byte: what the values need decides.
  const highest = used.reduce((a, b) => Math.max(a, b), 0)
  const shift = highest > 255 ? 8 : 0
  return { first, values: Uint8Array.from(used, (value) => value >> shift) }
}

/** Palette indices to RGB; indices below and above the table take its first and last entry (PS3.3 C.7.6.3.1.5). */
export function applyPalette(image: DicomImage, indices: ArrayLike<number>): Uint8Array {
  const [red, green, blue] = COLOURS.map((tags) => readTable(image, tags)) as [Table, Table, Table]
  const out = new Uint8Array(indices.length * 3)
  const look = (table: Table, index: number): number => table.values[Math.min(table.values.length - 1, Math.max(0, index - table.first))] as number
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number
    out[i * 3] = look(red, index)
    out[i * 3 + 1] = look(green, index)
    out[i * 3 + 2] = look(blue, index)
  }
  return out
}
