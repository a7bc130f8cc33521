import type { PixelSpacing } from './mask.ts'
import { squaredDistanceTransform } from './squaredDistanceTransform.ts'

/**
 * Distance of each pixel of `from` to the nearest pixel of `to`, in the unit of the spacing, ascending.
 * Both are indices (row * width + column) on the same grid; neither may be empty. The transform covers only the rectangle that holds both,
 * so small lesions in large images are cheap. O(area of that rectangle + |from| log |from|).
 */
export function nearestDistances(from: Uint32Array, to: Uint32Array, width: number, spacing: PixelSpacing): Float64Array {
  if (from.length === 0 || to.length === 0) throw new Error('nearestDistances: an empty set has no distances')
  const box = rectangle([from, to], width)
  const w = box.right - box.left + 1, h = box.bottom - box.top + 1
  const local = (i: number): number => (Math.floor(i / width) - box.top) * w + (i % width) - box.left
  const sites = new Uint8Array(w * h), wanted = new Uint8Array(h)
  for (let k = 0; k < to.length; k++) sites[local(to[k]!)] = 1
  for (let k = 0; k < from.length; k++) wanted[Math.floor(from[k]! / width) - box.top] = 1
  const squared = squaredDistanceTransform(sites, { width: w, height: h, row: spacing.row, column: spacing.column }, wanted)
  const out = new Float64Array(from.length)
  for (let k = 0; k < from.length; k++) out[k] = Math.sqrt(squared[local(from[k]!)]!)
  return out.sort()
}

function rectangle(sets: readonly Uint32Array[], width: number): { top: number; bottom: number; left: number; right: number } {
  let top = Infinity, bottom = -1, left = Infinity, right = -1
  for (const set of sets) {
    for (let k = 0; k < set.length; k++) {
      const r = Math.floor(set[k]! / width), c = set[k]! % width
      if (r < top) top = r
      if (r > bottom) bottom = r
      if (c < left) left = c
      if (c > right) right = c
    }
  }
  return { top, bottom, left, right }
}
