import type { Size } from '../points.ts'
import { EMPTY_RECT, type Rect } from '../rect.ts'
import { createBitmap, rewindow, type Bitmap } from './bitmap.ts'

/**
 * A mask of a whole image as run lengths in row-major order: off, on, off, on, ... The first run is off and may be 0; no other run is 0;
 * the runs sum to width * height. One mask has one encoding, so equal masks have equal runs.
 */
export interface RleMask extends Size { readonly runs: Uint32Array }

/** Appends runs and keeps them in the one canonical form: neighbours of one value are joined. */
export function createRunWriter(): { add(value: 0 | 1, length: number): void; runs(): Uint32Array } {
  const out: number[] = [0]
  return {
    add(value, length) {
      if (length === 0) return
      const last = out.length - 1
      if (last % 2 === value) out[last] = (out[last] as number) + length
      else out.push(length)
    },
    runs: () => Uint32Array.from(out),
  }
}

export const emptyMask = (size: Size): RleMask => ({ width: size.width, height: size.height, runs: Uint32Array.of(size.width * size.height) })

/** Any byte that is not 0 is on. Throws when the bytes are not width * height of them. */
export function encodeMask(data: Uint8Array, size: Size): RleMask {
  const { width, height } = size
  if (data.length !== width * height) throw new Error(`a mask of ${width} x ${height} has ${data.length} bytes`)
  const runs: number[] = []
  let on = false, start = 0
  for (let i = 0; i < data.length; i++) {
    if ((data[i] !== 0) === on) continue
    runs.push(i - start)
    start = i
    on = !on
  }
  if (data.length > start || runs.length === 0) runs.push(data.length - start)
  return { width, height, runs: Uint32Array.from(runs) }
}

/** One byte a pixel, 0 or 1, row-major. */
export function decodeMask(mask: RleMask): Uint8Array {
  const data = new Uint8Array(mask.width * mask.height)
  let at = 0
  for (let i = 0; i < mask.runs.length; i++) {
    const length = mask.runs[i] as number
    if (i % 2 === 1) data.fill(1, at, at + length)
    at += length
  }
  return data
}

/** The mask of an image from a window of it; everything outside the window is off. */
export function maskFromBitmap(bitmap: Bitmap, size: Size): RleMask {
  const inside = bitmap.left >= 0 && bitmap.top >= 0 && bitmap.left + bitmap.width <= size.width && bitmap.top + bitmap.height <= size.height
  const part = inside ? bitmap : rewindow(bitmap, { left: 0, top: 0, ...size })
  const writer = createRunWriter()
  writer.add(0, part.top * size.width)
  for (let y = 0; y < part.height; y++) {
    writer.add(0, part.left)
    const end = (y + 1) * part.width
    for (let i = y * part.width; i < end;) {
      const value = part.data[i] === 0 ? 0 : 1
      let j = i + 1
      while (j < end && (part.data[j] !== 0) === (value === 1)) j++
      writer.add(value, j - i)
      i = j
    }
    writer.add(0, size.width - part.left - part.width)
  }
  writer.add(0, (size.height - part.top - part.height) * size.width)
  return { width: size.width, height: size.height, runs: writer.runs() }
}

/** The mask over a window, dense; by default over the bounds of what is set. */
export function bitmapFromMask(mask: RleMask, window: Rect = maskBounds(mask)): Bitmap {
  const bitmap = createBitmap(window)
  forEachSpan(mask, (row, start, end) => {
    const y = row - bitmap.top
    if (y < 0 || y >= bitmap.height) return
    const from = Math.max(start - bitmap.left, 0), to = Math.min(end - bitmap.left, bitmap.width)
    if (to > from) bitmap.data.fill(1, y * bitmap.width + from, y * bitmap.width + to)
  })
  return bitmap
}

/** Calls back for every horizontal span of set pixels: row, first column, column after the last. */
export function forEachSpan(mask: RleMask, visit: (row: number, start: number, end: number) => void): void {
  let at = 0
  for (let i = 0; i < mask.runs.length; i++) {
    const end = at + (mask.runs[i] as number)
    if (i % 2 === 1) {
      for (let row = Math.floor(at / mask.width); row * mask.width < end; row++) {
        const origin = row * mask.width
        visit(row, Math.max(at, origin) - origin, Math.min(end, origin + mask.width) - origin)
      }
    }
    at = end
  }
}

/** How many pixels are on. */
export function maskArea(mask: RleMask): number {
  let area = 0
  for (let i = 1; i < mask.runs.length; i += 2) area += mask.runs[i] as number
  return area
}

/** The smallest rectangle of pixels around what is on; empty for an empty mask. */
export function maskBounds(mask: RleMask): Rect {
  let left = mask.width, right = 0, top = -1, bottom = 0
  forEachSpan(mask, (row, start, end) => {
    if (top < 0) top = row
    bottom = row
    left = Math.min(left, start)
    right = Math.max(right, end)
  })
  return top < 0 ? EMPTY_RECT : { left, top, width: right - left, height: bottom - top + 1 }
}

export const sameMask = (a: RleMask, b: RleMask): boolean =>
  a.width === b.width && a.height === b.height && a.runs.length === b.runs.length && a.runs.every((run, i) => run === b.runs[i])
