import type { Brand } from '#shared/lib/index.ts'

/** A bare pair of numbers; functions that are right in any space take this. */
export interface Point { readonly x: number; readonly y: number }

/**
 * A place in the image, in pixels. The pixel in column i and row j covers [i, i+1) x [j, j+1); its centre is (i + 0.5, j + 0.5).
 * x grows to the right, y downwards.
 */
export type ImagePoint = Brand<Point, 'image'>
/** A place in the viewer's canvas, in CSS pixels from its top left corner. */
export type ScreenPoint = Brand<Point, 'screen'>
/** A place on the patient plane, in millimetres from the image's origin. */
export type MillimetrePoint = Brand<Point, 'millimetre'>

export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y }) as ImagePoint
export const screenPoint = (x: number, y: number): ScreenPoint => ({ x, y }) as ScreenPoint
export const millimetrePoint = (x: number, y: number): MillimetrePoint => ({ x, y }) as MillimetrePoint

/** Width and height of an image or of a canvas, in its own pixels. */
export interface Size { readonly width: number; readonly height: number }

export const samePoint = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y

/** The points as x0, y0, x1, y1, ... */
export function flattenPoints(points: readonly Point[]): number[] {
  const flat = new Array<number>(points.length * 2)
  for (const [i, p] of points.entries()) {
    flat[2 * i] = p.x
    flat[2 * i + 1] = p.y
  }
  return flat
}

/** The image points of x0, y0, x1, y1, ...; an odd number at the end is a broken invariant and throws. */
export function imagePointsOf(flat: ArrayLike<number>): ImagePoint[] {
  if (flat.length % 2 !== 0) throw new Error(`a list of coordinates has an odd length (${flat.length})`)
  return Array.from({ length: flat.length / 2 }, (_, i) => imagePoint(flat[2 * i] as number, flat[2 * i + 1] as number))
}
