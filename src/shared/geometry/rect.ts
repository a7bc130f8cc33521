import type { Point, Size } from './points.ts'

/** A rectangle with half-open sides: left <= x < left + width. Empty when width or height is 0. */
export interface Rect { readonly left: number; readonly top: number; readonly width: number; readonly height: number }

export const EMPTY_RECT: Rect = Object.freeze({ left: 0, top: 0, width: 0, height: 0 })

export const isEmptyRect = (r: Rect): boolean => r.width <= 0 || r.height <= 0

export const rectOfSize = (size: Size): Rect => ({ left: 0, top: 0, width: size.width, height: size.height })

/** The rectangle with two opposite corners, in any order. */
export const rectFromCorners = (a: Point, b: Point): Rect => ({
  left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y),
})

/** Whether the rectangle holds the point, all four sides included. */
export const rectContains = (r: Rect, p: Point): boolean =>
  p.x >= r.left && p.x <= r.left + r.width && p.y >= r.top && p.y <= r.top + r.height

export function intersectRects(a: Rect, b: Rect): Rect {
  const left = Math.max(a.left, b.left), top = Math.max(a.top, b.top)
  const width = Math.min(a.left + a.width, b.left + b.width) - left
  const height = Math.min(a.top + a.height, b.top + b.height) - top
  return width > 0 && height > 0 ? { left, top, width, height } : EMPTY_RECT
}

/** The smallest rectangle around both; an empty one adds nothing. */
export function uniteRects(a: Rect, b: Rect): Rect {
  if (isEmptyRect(a)) return b
  if (isEmptyRect(b)) return a
  const left = Math.min(a.left, b.left), top = Math.min(a.top, b.top)
  return {
    left, top,
    width: Math.max(a.left + a.width, b.left + b.width) - left,
    height: Math.max(a.top + a.height, b.top + b.height) - top,
  }
}

export const growRect = (r: Rect, by: number): Rect => ({ left: r.left - by, top: r.top - by, width: r.width + 2 * by, height: r.height + 2 * by })

/** The smallest rectangle of whole pixels that holds the rectangle. */
export function pixelRect(r: Rect): Rect {
  const left = Math.floor(r.left), top = Math.floor(r.top)
  return { left, top, width: Math.ceil(r.left + r.width) - left, height: Math.ceil(r.top + r.height) - top }
}

/** The distance from a point to the rectangle, 0 inside. */
export function distanceToRect(p: Point, r: Rect): number {
  const dx = Math.max(r.left - p.x, 0, p.x - r.left - r.width)
  const dy = Math.max(r.top - p.y, 0, p.y - r.top - r.height)
  return Math.hypot(dx, dy)
}
