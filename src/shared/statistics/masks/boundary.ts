import type { MaskPixels } from './mask.ts'

/**
 * Boundary of a mask: its foreground pixels with a background pixel among their 4 neighbours; beyond the image counts as background.
 * @returns indices (row * width + column), ascending. O(pixels).
 */
export function boundaryPixels({ width, height, data }: MaskPixels): Uint32Array {
  const found: number[] = []
  for (let r = 0; r < height; r++) {
    const start = r * width
    for (let c = 0; c < width; c++) {
      const i = start + c
      if (data[i] === 0) continue
      const inside = r > 0 && r < height - 1 && c > 0 && c < width - 1
        && data[i - 1] !== 0 && data[i + 1] !== 0 && data[i - width] !== 0 && data[i + width] !== 0
      if (!inside) found.push(i)
    }
  }
  return Uint32Array.from(found)
}

/** Indices of all foreground pixels, ascending. O(pixels). */
export function foregroundPixels({ data }: MaskPixels): Uint32Array {
  let n = 0
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) n++
  const found = new Uint32Array(n)
  for (let i = 0, k = 0; i < data.length; i++) if (data[i] !== 0) found[k++] = i
  return found
}
