import { traceMask } from '#shared/contour/index.ts'
import { encodeMask, type Point } from '#shared/geometry/index.ts'
import type { MaskSource } from './spec.ts'

/** The rings as one path in their own coordinates. */
export function pathOfRings(rings: readonly (readonly Point[])[], open = false): Path2D {
  const path = new Path2D()
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const p = ring[i] as Point
      if (i === 0) path.moveTo(p.x, p.y)
      else path.lineTo(p.x, p.y)
    }
    if (!open && ring.length > 0) path.closePath()
  }
  return path
}

const masks = new WeakMap<MaskSource, Path2D>()
const lines = new WeakMap<readonly (readonly Point[])[], Path2D>()

/** The boundary of a mask as a path in the mask's pixels. Made once for a mask. */
export function maskPath(mask: MaskSource): Path2D {
  const known = masks.get(mask)
  if (known) return known
  const rle = 'runs' in mask ? mask : encodeMask(mask.data, mask)
  const path = pathOfRings(traceMask(rle).flatMap((polygon) => [polygon.outer, ...polygon.holes]))
  masks.set(mask, path)
  return path
}

/** The path of a contour overlay. Made once for an array of rings. */
export function ringsPath(rings: readonly (readonly Point[])[], open = false): Path2D {
  const known = lines.get(rings)
  if (known) return known
  const path = pathOfRings(rings, open)
  lines.set(rings, path)
  return path
}
