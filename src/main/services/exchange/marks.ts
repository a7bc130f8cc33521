import { Failure } from '#shared/contract/errors.ts'
import { decodeMask, encodeMask, maskFromText, type RleMask } from '#shared/geometry/index.ts'
import type { PixelBox } from '#main/formats/dicom/index.ts'

/** What a person marked, as a mask; refuses text that is none. */
export function markOf(text: string): RleMask {
  const mask = maskFromText(text)
  if (!mask.ok) throw new Failure('invalid_input', 'what was marked could not be read; mark it again')
  return mask.value
}

/** Marks of several files by the file's name. */
export const marksOf = (marks: readonly { readonly file: string; readonly mask: string }[]): ReadonlyMap<string, RleMask> => new Map(marks.map((m) => [m.file, markOf(m.mask)]))

/** Rectangles (both ends included, cut at the picture's edge) as a mask of the picture's size, with what was marked besides. */
export function withBoxes(size: { readonly width: number; readonly height: number }, mask: RleMask | null, boxes: readonly PixelBox[]): RleMask {
  if (mask !== null && boxes.length === 0) return mask
  const { width, height } = size
  if (mask !== null && (mask.width !== width || mask.height !== height)) throw new Failure('invalid_input', `what was marked is ${mask.width} x ${mask.height}, the picture ${width} x ${height}`)
  const covered = mask === null ? new Uint8Array(width * height) : Uint8Array.from(decodeMask(mask))
  for (const box of boxes) {
    if (box.x0 >= width || box.x1 < box.x0) continue
    for (let y = box.y0; y <= Math.min(box.y1, height - 1); y++) covered.fill(1, y * width + box.x0, y * width + Math.min(box.x1, width - 1) + 1)
  }
  return encodeMask(covered, { width, height })
}
