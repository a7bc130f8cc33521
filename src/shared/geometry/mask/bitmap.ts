import { pixelRect, type Rect } from '../rect.ts'

/**
 * A dense mask over a window of the image: data[row * width + column] is 0 or 1 for the image pixel (left + column, top + row).
 * Work that touches little of a large image is done on a small window.
 */
export interface Bitmap extends Rect { readonly data: Uint8Array }

export function createBitmap(window: Rect): Bitmap {
  const { left, top, width, height } = pixelRect(window)
  return { left, top, width, height, data: new Uint8Array(Math.max(0, width) * Math.max(0, height)) }
}

/** The value at an image pixel; 0 outside the window. */
export function bitmapAt(bitmap: Bitmap, x: number, y: number): number {
  const column = x - bitmap.left, row = y - bitmap.top
  if (column < 0 || row < 0 || column >= bitmap.width || row >= bitmap.height) return 0
  return bitmap.data[row * bitmap.width + column] as number
}

/** The same mask over another window; what lies outside it is dropped, what was outside before is 0. */
export function rewindow(bitmap: Bitmap, window: Rect): Bitmap {
  const out = createBitmap(window)
  const left = Math.max(out.left, bitmap.left), right = Math.min(out.left + out.width, bitmap.left + bitmap.width)
  if (right <= left) return out
  const top = Math.max(out.top, bitmap.top), bottom = Math.min(out.top + out.height, bitmap.top + bitmap.height)
  for (let y = top; y < bottom; y++) {
    const from = (y - bitmap.top) * bitmap.width - bitmap.left
    out.data.set(bitmap.data.subarray(from + left, from + right), (y - out.top) * out.width + left - out.left)
  }
  return out
}

export function countBitmap(bitmap: Bitmap): number {
  let count = 0
  for (let i = 0; i < bitmap.data.length; i++) count += bitmap.data[i] as number
  return count
}

/** The smallest window of set pixels; width 0 when none is set. */
export function bitmapBounds(bitmap: Bitmap): Rect {
  let left = bitmap.width, right = -1, top = -1, bottom = -1
  for (let y = 0; y < bitmap.height; y++) {
    const row = bitmap.data.subarray(y * bitmap.width, (y + 1) * bitmap.width)
    const first = row.indexOf(1)
    if (first < 0) continue
    if (top < 0) top = y
    bottom = y
    left = Math.min(left, first)
    right = Math.max(right, row.lastIndexOf(1))
  }
  if (right < 0) return { left: bitmap.left, top: bitmap.top, width: 0, height: 0 }
  return { left: bitmap.left + left, top: bitmap.top + top, width: right - left + 1, height: bottom - top + 1 }
}

/** Whether two bitmaps of one window hold the same pixels. */
export function sameBitmap(a: Bitmap, b: Bitmap): boolean {
  if (a.left !== b.left || a.top !== b.top || a.width !== b.width || a.height !== b.height) return false
  for (let i = 0; i < a.data.length; i++) if (a.data[i] !== b.data[i]) return false
  return true
}
