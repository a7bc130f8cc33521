import type { Point } from '#shared/geometry/index.ts'
import type { PixelBoxValue } from '#shared/contract/index.ts'

/** What a person marked of a picture: one byte a pixel (1: to be blacked), and the rectangles among it, for a template. */
export interface Marked { readonly width: number; readonly height: number; readonly data: Uint8Array; readonly boxes: readonly PixelBoxValue[] }

export const nothingMarked = (width: number, height: number): Marked => ({ width, height, data: new Uint8Array(width * height), boxes: [] })
export const anythingMarked = (m: Marked): boolean => m.data.includes(1)

/** A stroke of a round brush from one place to the next; `value` 0 erases. */
export function withStroke(m: Marked, from: Point, to: Point, radius: number, value: 0 | 1): Marked {
  const data = m.data.slice()
  const length = Math.hypot(to.x - from.x, to.y - from.y), steps = Math.max(1, Math.ceil(length))
  for (let s = 0; s <= steps; s++) {
    const cx = from.x + ((to.x - from.x) * s) / steps, cy = from.y + ((to.y - from.y) * s) / steps
    for (let y = Math.max(0, Math.floor(cy - radius)); y <= Math.min(m.height - 1, Math.ceil(cy + radius)); y++) {
      for (let x = Math.max(0, Math.floor(cx - radius)); x <= Math.min(m.width - 1, Math.ceil(cx + radius)); x++) {
        if ((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 <= radius * radius) data[y * m.width + x] = value
      }
    }
  }
  // A rectangle that was erased in part is none any more.
  const boxes = value === 1 ? m.boxes : m.boxes.filter((b) => wholly(data, m.width, b))
  return { ...m, data, boxes }
}

function wholly(data: Uint8Array, width: number, b: PixelBoxValue): boolean {
  for (let y = b.y0; y <= b.y1; y++) for (let x = b.x0; x <= b.x1; x++) if (data[y * width + x] === 0) return false
  return true
}

/** The pixels between two corners, both included, inside the picture; null for a click. */
export function boxBetween(a: Point, b: Point, width: number, height: number): PixelBoxValue | null {
  const clamp = (v: number, top: number): number => Math.min(top, Math.max(0, Math.floor(v)))
  const box = { x0: clamp(Math.min(a.x, b.x), width - 1), y0: clamp(Math.min(a.y, b.y), height - 1), x1: clamp(Math.max(a.x, b.x), width - 1), y1: clamp(Math.max(a.y, b.y), height - 1) }
  return box.x1 - box.x0 < 2 || box.y1 - box.y0 < 2 ? null : box
}

export function withBox(m: Marked, box: PixelBoxValue): Marked {
  const data = m.data.slice()
  for (let y = box.y0; y <= box.y1; y++) data.fill(1, y * m.width + box.x0, y * m.width + box.x1 + 1)
  return { ...m, data, boxes: [...m.boxes, box] }
}

/** What an import blacks by itself: all outside the regions, and a template's rectangles. */
export function plannedMask(width: number, height: number, keepInside: readonly PixelBoxValue[] | null, boxes: readonly PixelBoxValue[]): Uint8Array {
  const data = new Uint8Array(width * height)
  const fill = (b: PixelBoxValue, value: 0 | 1): void => { for (let y = Math.max(0, b.y0); y <= Math.min(height - 1, b.y1); y++) data.fill(value, y * width + Math.max(0, b.x0), y * width + Math.min(width - 1, b.x1) + 1) }
  if (keepInside !== null) data.fill(1)
  for (const box of keepInside ?? []) fill(box, 0)
  for (const box of boxes) fill(box, 1)
  return data
}
