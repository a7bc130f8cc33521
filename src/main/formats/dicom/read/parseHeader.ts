import { inflateRawSync } from 'node:zlib'
import dicomParser, { type DataSet, type Element } from 'dicom-parser'
import { DicomError, refuse } from '../faults.ts'
import type { DicomLimits } from '../limits.ts'
import { memorySource, type ByteSource } from './byteSource.ts'
import { wrapDataset, type DicomDataset } from './dataset.ts'
import { transferSyntax, type TransferSyntax } from './transferSyntax.ts'

/** Where the pixel data element's value lies: `length` null is undefined length (encapsulated). */
export interface PixelElement { readonly offset: number; readonly length: number | null; readonly vr: string | null }

export interface ParsedHeader {
  readonly dataset: DicomDataset
  readonly syntax: TransferSyntax
  /** The bytes that offsets point into: the file, or its inflated form. */
  readonly source: ByteSource
  readonly pixels: PixelElement | null
  /** Of the Extended Offset Table, where there is one. */
  readonly extendedOffsets: readonly number[] | null
}

const PIXEL_DATA = 'x7fe00010'
const EXTENDED_OFFSETS = 'x7fe00001'
const FIRST_PREFIX = 256 * 1024

interface Parsed { readonly raw: DataSet; readonly pixels: Element | undefined; readonly failure: unknown }

function parsePrefix(bytes: Buffer, untilTag: string): Parsed {
  try {
    const raw = dicomParser.parseDicom(bytes, { untilTag })
    return { raw, pixels: raw.elements[untilTag], failure: null }
  } catch (failure) {
    const partial = typeof failure === 'object' && failure !== null && 'dataSet' in failure ? (failure.dataSet as DataSet) : null
    if (!partial) throw failure
    return { raw: partial, pixels: partial.elements[untilTag], failure }
  }
}

/**
 * Parses growing prefixes until the pixel data element is met, so that the header of a large cine costs as much as its header is long.
 * Total work is at most twice that of parsing the header once.
 */
function parseGrowing(source: ByteSource, limits: DicomLimits, untilTag = PIXEL_DATA): Parsed {
  for (let length = Math.min(FIRST_PREFIX, source.size); ; length = Math.min(source.size, length * 4)) {
    const whole = length === source.size
    const bytes = source.read(0, length)
    try {
      const parsed = parsePrefix(bytes, untilTag)
      if (parsed.pixels || whole) return parsed
    } catch (failure) {
      if (whole) throw failure
    }
    if (length >= limits.maxHeaderBytes) refuse('too_large', `Its header is longer than ${Math.round(limits.maxHeaderBytes / 1048576)} MiB.`)
  }
}

interface Meta { readonly uid: string; readonly uidAt: number; readonly end: number }

function readMeta(source: ByteSource): Meta {
  if (source.size === 0) refuse('empty', 'The file is empty (0 bytes).')
  if (source.size < 132) refuse('not_dicom', 'It is too short to be a DICOM file.')
  const magic = source.read(128, 4).toString('latin1')
  if (magic !== 'DICM') refuse('not_dicom', `It is not a DICOM Part 10 file: the mark DICM is missing${guessKind(source.read(0, 8))}.`)
  if (source.size === 132) refuse('truncated', 'The file ends after the DICOM mark; there is no dataset in it.')
  const bytes = source.read(0, Math.min(source.size, FIRST_PREFIX))
  // The library's own reader of group 0002; stops at the first later tag.
  const header = dicomParser.readPart10Header(bytes) as DataSet & { position: number }
  const element = header.elements.x00020010
  const uid = element ? header.string('x00020010')?.replace(/\0+$/, '').trim() : undefined
  if (!element || !uid) refuse('corrupt', 'Its file header names no transfer syntax (0002,0010).')
  return { uid, uidAt: element.dataOffset, end: header.position }
}

function guessKind(start: Buffer): string {
  if (start.subarray(1, 4).toString('latin1') === 'PNG') return ' (it is a PNG picture)'
  if (start[0] === 0xff && start[1] === 0xd8) return ' (it is a JPEG picture)'
  if (start.subarray(0, 4).toString('latin1') === '%PDF') return ' (it is a PDF document)'
  if (start.subarray(0, 2).toString('latin1') === 'PK') return ' (it is a ZIP archive)'
  return ''
}

const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1'

/** Inflates the dataset behind the file header and gives back the file as it would be undeflated, its header naming the plain syntax. */
function inflateFile(source: ByteSource, meta: Meta, limits: DicomLimits): ByteSource {
  const head = Buffer.from(source.read(0, meta.end))
  head.fill(0, meta.uidAt, meta.uidAt + meta.uid.length)
  head.write(EXPLICIT_LITTLE, meta.uidAt, 'latin1')
  const packed = source.read(meta.end, source.size - meta.end)
  try {
    return memorySource(Buffer.concat([head, inflateRawSync(packed, { maxOutputLength: limits.maxInflatedBytes })]))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ERR_BUFFER_TOO_LARGE') refuse('decompression_bomb', `Its deflated dataset inflates to more than ${Math.round(limits.maxInflatedBytes / 1048576)} MiB.`)
    if (code === 'Z_BUF_ERROR') refuse('truncated', 'Its deflated dataset ends early.')
    throw new DicomError('corrupt', 'Its deflated dataset cannot be inflated.')
  }
}

/** The parser knows no 8-byte VR, so that an Extended Offset Table (VR OV) is stepped over by hand: its 64-bit offsets, then the pixel data. */
function stepOverOffsets(source: ByteSource, table: Element): { offsets: number[]; pixels: PixelElement | null } {
  let at = table.dataOffset - 8
  let offsets: number[] = []
  for (;;) {
    const head = source.read(at, 12)
    const group = head.readUInt16LE(0), element = head.readUInt16LE(2), vr = head.toString('latin1', 4, 6), length = head.readUInt32LE(8)
    if (group !== 0x7fe0) return { offsets, pixels: null }
    if (element === 0x0010) return { offsets, pixels: { offset: at + 12, length: length === 0xffffffff ? null : length, vr } }
    if (element === 0x0001) {
      const value = source.read(at + 12, length)
      offsets = Array.from({ length: Math.floor(length / 8) }, (_, i) => Number(value.readBigUInt64LE(i * 8)))
    }
    at += 12 + length
  }
}

const depthOf = (dataset: DataSet, limit: number): number => {
  let deepest = 0
  const stack: { set: DataSet; depth: number }[] = [{ set: dataset, depth: 0 }]
  for (let top = stack.pop(); top; top = stack.pop()) {
    deepest = Math.max(deepest, top.depth)
    if (deepest > limit) return deepest
    for (const element of Object.values(top.set.elements)) for (const item of element.items ?? []) if (item.dataSet) stack.push({ set: item.dataSet, depth: top.depth + 1 })
  }
  return deepest
}

/** Parses everything in front of the pixel data. Throws DicomError; other throws are wrapped by the caller (`attempt`). */
export function parseHeader(file: ByteSource, limits: DicomLimits): ParsedHeader {
  if (file.size > limits.maxFileBytes) refuse('too_large', `The file is larger than ${Math.round(limits.maxFileBytes / 1048576)} MiB.`)
  const meta = readMeta(file)
  const syntax = transferSyntax(meta.uid)
  if (!syntax) refuse('unsupported_transfer_syntax', `Its transfer syntax ${printable(meta.uid)} is not one this program reads.`)
  const source = syntax.deflated ? inflateFile(file, meta, limits) : file
  let parsed = parseGrowing(source, limits)
  const depth = depthOf(parsed.raw, limits.maxNesting)
  if (depth > limits.maxNesting) refuse('nesting_too_deep', `Its sequences are nested more than ${limits.maxNesting} deep.`)
  const dataset = wrapDataset(parsed.raw, !syntax.bigEndian)
  const offsetTable = parsed.raw.elements[EXTENDED_OFFSETS]
  if (offsetTable?.vr === 'OV') {
    parsed = parseGrowing(source, limits, EXTENDED_OFFSETS)
    const stepped = stepOverOffsets(source, offsetTable)
    return { dataset: wrapDataset(parsed.raw, true), syntax, source, pixels: stepped.pixels, extendedOffsets: stepped.offsets }
  }
  if (!parsed.pixels && parsed.failure !== null) refuseCut(parsed.failure, file.size)
  const pixels = parsed.pixels ? { offset: parsed.pixels.dataOffset, length: parsed.pixels.hadUndefinedLength ? null : parsed.pixels.length, vr: parsed.pixels.vr ?? null } : null
  return { dataset, syntax, source, pixels, extendedOffsets: null }
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 64)

function refuseCut(failure: unknown, size: number): never {
  const inner = typeof failure === 'object' && failure !== null && 'exception' in failure ? failure.exception : failure
  const text = inner instanceof Error ? inner.message : String(inner)
  if (inner instanceof RangeError && /call stack/i.test(text)) throw inner
  if (/past end|overrun|eof|end of|maxPosition/i.test(text)) refuse('truncated', `The file ends inside its dataset, after ${size} bytes.`)
  throw failure
}
