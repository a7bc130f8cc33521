import { distance } from '../distance.ts'
import type { Point } from '../points.ts'
import type { Ring } from './polygon.ts'

/** The length of the closed ring. */
export function perimeter(ring: Ring): number {
  let sum = 0
  for (let i = 0; i < ring.length; i++) sum += distance(ring[i] as Point, ring[(i + 1) % ring.length] as Point)
  return sum
}

/** The length of an open line. */
export function lineLength(line: Ring): number {
  let sum = 0
  for (let i = 1; i < line.length; i++) sum += distance(line[i - 1] as Point, line[i] as Point)
  return sum
}
