import { encodeMask, maskToText } from '#shared/geometry/index.ts'

/** A mask that is on between two rows, as calls carry it. */
export function maskFromRows(width: number, height: number, from: number, to: number): string {
  return maskToText(encodeMask(Uint8Array.from({ length: width * height }, (_, i) => (Math.floor(i / width) >= from && Math.floor(i / width) < to ? 1 : 0)), { width, height }))
}
