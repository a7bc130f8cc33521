import fc from 'fast-check'
import type { MaskPixels } from '#shared/statistics/masks/index.ts'

/** A mask of the given size from text rows: '#' is foreground. */
export function maskFrom(...rows: string[]): MaskPixels {
  const width = rows[0]!.length
  return { width, height: rows.length, data: Uint8Array.from(rows.join(''), (c) => (c === '#' ? 255 : 0)) }
}

/** Two masks on one grid, from sparse to full, sometimes empty. */
export function maskPair(most = 12): fc.Arbitrary<readonly [MaskPixels, MaskPixels]> {
  return fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most })).chain(([width, height]) => {
    const mask = fc.integer({ min: 0, max: 10 }).chain((density) => fc.array(fc.integer({ min: 0, max: 9 }).map((v) => (v < density ? 1 : 0)), { minLength: width * height, maxLength: width * height }))
    return fc.tuple(mask, mask).map(([a, b]) => [{ width, height, data: Uint8Array.from(a) }, { width, height, data: Uint8Array.from(b) }] as const)
  })
}
