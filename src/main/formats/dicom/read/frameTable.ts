import { refuse } from '../faults.ts'
import type { ByteSource } from './byteSource.ts'
import type { PixelElement } from './parseHeader.ts'

export interface Span { readonly offset: number; readonly length: number }

/** One frame's bytes in the file: one span for native data, one or more fragments for encapsulated data. */
export type FrameSpans = readonly Span[]

const ITEM = 0xfffee000
const SEQUENCE_END = 0xfffee0dd
const MAX_FRAGMENTS = 1_000_000

interface Fragments { readonly offsetTable: readonly number[]; readonly fragments: readonly Span[]; readonly start: number; readonly cut: string | null }

/** Walks the items of encapsulated pixel data (PS3.5 annex A.4). Only item headers are read; `cut` says where the file ends early. */
function walkFragments(source: ByteSource, from: number): Fragments {
  const fragments: Span[] = []
  let offsetTable: number[] = []
  let start = from
  for (let at = from, index = 0; ; index++) {
    if (at + 8 > source.size) return { offsetTable, fragments, start, cut: `after ${fragments.length} fragments, with no end mark` }
    const head = source.read(at, 8)
    const tag = head.readUInt16LE(0) * 0x10000 + head.readUInt16LE(2)
    const length = head.readUInt32LE(4)
    if (tag === SEQUENCE_END) return { offsetTable, fragments, start, cut: null }
    if (tag !== ITEM) refuse('corrupt', `Its pixel data holds something that is not an item after ${fragments.length} fragments.`)
    if (length === 0xffffffff || at + 8 + length > source.size) return { offsetTable, fragments, start, cut: `inside fragment ${fragments.length + 1}` }
    if (index === 0) {
      const table = source.read(at + 8, length)
      offsetTable = Array.from({ length: Math.floor(length / 4) }, (_, i) => table.readUInt32LE(i * 4))
      start = at + 8 + length
    } else {
      if (fragments.length >= MAX_FRAGMENTS) refuse('too_large', `Its pixel data is in more than ${MAX_FRAGMENTS} fragments.`)
      fragments.push({ offset: at + 8, length })
    }
    at += 8 + length
  }
}

/** Offsets count from the first byte of the first fragment's item tag (PS3.5 A.4). */
function byOffsets({ fragments, start }: Fragments, offsets: readonly number[]): FrameSpans[] | null {
  const position = new Map(fragments.map((fragment, i) => [fragment.offset - 8 - start, i]))
  const firsts = offsets.map((offset) => position.get(offset))
  const frames: FrameSpans[] = []
  for (const [i, first] of firsts.entries()) {
    const next = i + 1 < firsts.length ? firsts[i + 1] : fragments.length
    if (first === undefined || next === undefined || next <= first) return null
    frames.push(fragments.slice(first, next))
  }
  return frames
}

/** Whether a code stream begins with a fragment (JPEG and JPEG-LS: SOI; JPEG 2000: SOC, or a JP2 box). */
function beginsStream(source: ByteSource, fragment: Span): boolean {
  const head = fragment.length >= 4 ? source.read(fragment.offset, 4).readUInt32BE(0) : 0
  return (head >>> 8) === 0xffd8ff || head === 0xff4fff51 || head === 0x0000000c
}

/** Where no table helps, a frame begins at each fragment that begins a code stream. */
function byMarkers(source: ByteSource, fragments: readonly Span[]): FrameSpans[] {
  const frames: Span[][] = []
  for (const fragment of fragments) {
    if (beginsStream(source, fragment) || frames.length === 0) frames.push([fragment])
    else frames.at(-1)?.push(fragment)
  }
  return frames
}

export interface FrameTable { readonly frames: readonly FrameSpans[]; readonly warnings: readonly string[] }

/** Whether each frame begins where a code stream begins; true where the first does not either, so that there is nothing to go by. */
function plausibleStarts(source: ByteSource, frames: readonly FrameSpans[]): boolean {
  const starts = frames.map(([first]) => first !== undefined && beginsStream(source, first))
  return starts[0] === false || starts.every(Boolean)
}

/** An offset table counts where it fits the fragments and leads to beginnings of code streams; one that lies is passed over. */
function byTable(source: ByteSource, walked: Fragments, count: number, extended: readonly number[] | null): FrameSpans[] | null {
  for (const offsets of [extended, walked.offsetTable]) {
    const frames = offsets?.length === count ? byOffsets(walked, offsets) : null
    if (frames && plausibleStarts(source, frames)) return frames
  }
  return null
}

/** The only frame of a file that names one. Where its fragments hold several pictures, the first is it and the rest is named: a decoder would pass over them in silence. */
function onlyFrame(source: ByteSource, walked: Fragments): { frames: FrameSpans[]; warnings: string[] } {
  const { fragments, offsetTable } = walked
  const parts = (offsetTable.length > 1 ? byOffsets(walked, offsetTable) : null) ?? byMarkers(source, fragments)
  const [first] = parts
  return parts.length === 1 || first === undefined ? { frames: [fragments], warnings: [] } : { frames: [first], warnings: [`Its pixel data holds ${parts.length} pictures where its header names one frame; the first is used.`] }
}

export function encapsulatedFrames(source: ByteSource, pixels: PixelElement, count: number, extendedOffsets: readonly number[] | null): FrameTable {
  const walked = walkFragments(source, pixels.offset)
  const { fragments } = walked
  if (fragments.length === 0) refuse(walked.cut === null ? 'no_pixel_data' : 'truncated', walked.cut === null ? 'Its pixel data is empty.' : 'The file ends before its first frame.')
  const single = count === 1 ? onlyFrame(source, walked) : null
  const frames = single?.frames ?? byTable(source, walked, count, extendedOffsets) ?? (fragments.length === count ? fragments.map((f) => [f]) : byMarkers(source, fragments))
  const frameFault = `${frames.length} of its ${count} frames`
  if (walked.cut !== null && frames.length < count) refuse('truncated', `The file ends ${walked.cut}: it holds ${frameFault}.`)
  if (frames.length !== count) refuse('corrupt', `Its pixel data holds ${frames.length} frames where its header says ${count}.`)
  const warnings = [...(single?.warnings ?? []), ...(walked.cut === null ? [] : [`The file ends ${walked.cut}; every frame is there.`])]
  return { frames, warnings }
}

export function nativeFrames(source: ByteSource, pixels: PixelElement, count: number, frameBytes: number): FrameTable {
  const need = frameBytes * count
  const there = Math.max(0, source.size - pixels.offset)
  const declared = pixels.length ?? there
  if (declared < need) {
    refuse('bad_dimensions', `Its pixel data is ${declared} bytes long where its size and ${count} frame${count === 1 ? '' : 's'} need ${need}.`)
  }
  if (there < need) refuse('truncated', `The file ends inside its pixel data: ${there} of ${need} bytes are there.`)
  const extra = declared - need
  const warnings: string[] = []
  if (there < declared) warnings.push('The pixel data is declared longer than the file; every frame is there.')
  else if (extra > 1) warnings.push(`Its pixel data is ${extra} bytes longer than its frames; the rest is not used.`)
  return { frames: Array.from({ length: count }, (_, i) => [{ offset: pixels.offset + i * frameBytes, length: frameBytes }]), warnings }
}
