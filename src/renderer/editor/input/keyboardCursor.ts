import { imagePoint, type ImagePoint, type Size } from '#shared/geometry/index.ts'
import type { Modifiers } from './events.ts'

/** A crosshair moved by the arrow keys; `pressed` while its virtual button is down. */
export interface KeyboardCursor { readonly at: ImagePoint; readonly pressed: boolean }

const WAYS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export const isArrow = (key: string): boolean => key in WAYS

/**
 * One press of an arrow: one image pixel, ten with Shift; a quarter where a pixel is large on the screen (8 CSS pixels and more),
 * and never under one CSS pixel, so that the crosshair moves visibly when zoomed out.
 */
export function arrowStep(key: string, modifiers: Modifiers, scale: number): readonly [number, number] {
  const way = WAYS[key]
  if (!way) return [0, 0]
  const step = Math.max(scale >= 8 ? 0.25 : 1, 1 / scale) * (modifiers.shift ? 10 : 1)
  return [way[0] * step, way[1] * step]
}

export const clampToImage = (p: { x: number; y: number }, size: Size): ImagePoint =>
  imagePoint(Math.min(size.width, Math.max(0, p.x)), Math.min(size.height, Math.max(0, p.y)))
