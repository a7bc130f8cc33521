// The library has no types of its own; the reference brings ours along to whoever imports this file.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="../libraries.d.ts" />
import { convertBytes } from 'dicom-character-set'
import type { DataSet, Element } from 'dicom-parser'

/**
 * A parsed dataset by tag (eight upper-case hex digits, as in the DICOM JSON model). Getters answer null or an empty list for an
 * absent, empty or malformed value: what is missing is decided by who asks, and a file may hold anything.
 */
export interface DicomDataset {
  readonly tags: readonly string[]
  has(tag: string): boolean
  vr(tag: string): string | null
  /** The first value as text, by the dataset's character set, trimmed; null when empty. */
  text(tag: string): string | null
  texts(tag: string): string[]
  /** DS and IS: decimal text. */
  decimals(tag: string): number[]
  /** US, SS (by `signed`), UL, SL, FL and FD: binary numbers, by the element's own VR where it is known, else by `as`. */
  numbers(tag: string, as: BinaryVr): number[]
  number(tag: string, as: BinaryVr): number | null
  items(tag: string): DicomDataset[]
  bytes(tag: string): Uint8Array | null
}

export type BinaryVr = 'US' | 'SS' | 'UL' | 'SL' | 'FL' | 'FD'

const SIZE: Record<BinaryVr, number> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 }
const isBinary = (vr: string | undefined): vr is BinaryVr => vr !== undefined && vr in SIZE
const MAX_TEXT = 1 << 20

function readNumbers(view: DataView, vr: BinaryVr, little: boolean): number[] {
  const out: number[] = []
  for (let at = 0; at + SIZE[vr] <= view.byteLength; at += SIZE[vr]) {
    switch (vr) {
      case 'US': out.push(view.getUint16(at, little)); break
      case 'SS': out.push(view.getInt16(at, little)); break
      case 'UL': out.push(view.getUint32(at, little)); break
      case 'SL': out.push(view.getInt32(at, little)); break
      case 'FL': out.push(view.getFloat32(at, little)); break
      case 'FD': out.push(view.getFloat64(at, little)); break
    }
  }
  return out
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

function decodeText(bytes: Uint8Array, charset: string, vr: string): string {
  let ascii = true
  for (const byte of bytes) if (byte > 126 || byte === 0x1b) { ascii = false; break }
  if (ascii) return latin1(bytes)
  try {
    return convertBytes(charset, bytes, { vr })
  } catch {
    return latin1(bytes) // a wrong character set must not lose the file; the text is only ever shown or removed
  }
}

const trim = (text: string): string => text.replace(/[\0 ]+$/, '').replace(/^ +/, '')

/** VRs whose text may hold a backslash, so that it is one value. */
const SINGLE = new Set(['LT', 'ST', 'UT', 'UR'])

export function wrapDataset(raw: DataSet, little: boolean, inheritedCharset = 'ISO_IR 6'): DicomDataset {
  const bytesOf = (element: Element | undefined): Uint8Array | null => {
    if (!element || element.items || element.length <= 0 || element.hadUndefinedLength) return null
    const end = element.dataOffset + element.length
    return end > raw.byteArray.length ? null : raw.byteArray.subarray(element.dataOffset, end)
  }
  const find = (tag: string): Element | undefined => raw.elements[`x${tag.toLowerCase()}`]
  const declared = bytesOf(find('00080005'))
  const charset = declared && declared.length < 256 ? latin1(declared).split('\\').map(trim).join('\\') : inheritedCharset
  const texts = (tag: string): string[] => {
    const element = find(tag)
    const bytes = bytesOf(element)
    if (!bytes || bytes.length > MAX_TEXT) return []
    const text = decodeText(bytes, charset, element?.vr ?? 'LO')
    return (SINGLE.has(element?.vr ?? '') ? [text] : text.split('\\')).map(trim)
  }
  const numbers = (tag: string, as: BinaryVr): number[] => {
    const element = find(tag)
    const bytes = bytesOf(element)
    if (!bytes) return []
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return readNumbers(view, isBinary(element?.vr) ? element.vr : as, tag.startsWith('0002') || little)
  }
  return {
    tags: Object.keys(raw.elements).map((key) => key.slice(1).toUpperCase()).sort(),
    has: (tag) => find(tag) !== undefined,
    vr: (tag) => find(tag)?.vr ?? null,
    texts,
    text: (tag) => texts(tag)[0] || null,
    decimals: (tag) => texts(tag).map((text) => (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN)).filter(Number.isFinite),
    numbers,
    number: (tag, as) => numbers(tag, as)[0] ?? null,
    items: (tag) => (find(tag)?.items ?? []).flatMap((item) => (item.dataSet ? [wrapDataset(item.dataSet, little, charset)] : [])),
    bytes: (tag) => bytesOf(find(tag)),
  }
}
