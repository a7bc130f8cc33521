import { imagePoint, screenPoint, type ImagePoint, type Point, type ScreenPoint, type Size } from './points.ts'
import type { Rect } from './rect.ts'

/**
 * What part of the image the canvas shows: screen = (image.x * scale + x, image.y * scale * pixelAspect + y), the canvas being width x height CSS pixels.
 * `pixelAspect` is how much taller than wide a pixel is on the patient (1 when absent), so that shapes are seen in their true proportions.
 */
export interface Viewport extends Size { readonly scale: number; readonly x: number; readonly y: number; readonly pixelAspect?: number }

/** How much taller than wide a pixel is drawn; 1 for square ones. */
export const pixelAspectOf = (v: Pick<Viewport, 'pixelAspect'>): number => v.pixelAspect ?? 1
/** CSS pixels an image pixel downwards. */
export const scaleDown = (v: Viewport): number => v.scale * pixelAspectOf(v)

/** 3200 %: an image pixel is 32 CSS pixels wide. */
export const MAX_SCALE = 32
export const MIN_SCALE = 1 / 32

export const imageToScreen = (v: Viewport, p: ImagePoint): ScreenPoint => screenPoint(p.x * v.scale + v.x, p.y * scaleDown(v) + v.y)
export const screenToImage = (v: Viewport, p: ScreenPoint): ImagePoint => imagePoint((p.x - v.x) / v.scale, (p.y - v.y) / scaleDown(v))

/** A length on the screen in image pixels (across): what a hit tolerance is at this zoom. */
export const screenLength = (v: Viewport, cssPixels: number): number => cssPixels / v.scale

const clampScale = (scale: number): number => Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale))

/** Sets the scale and keeps what lies under a screen point where it is. */
export function zoomTo(v: Viewport, at: ScreenPoint, scale: number): Viewport {
  const next = clampScale(scale)
  const ratio = next / v.scale
  return { ...v, scale: next, x: at.x - (at.x - v.x) * ratio, y: at.y - (at.y - v.y) * ratio }
}

/** How far apart two places of the image are on the screen, in CSS pixels. */
export const screenDistance = (v: Viewport, a: Point, b: Point): number => Math.hypot((a.x - b.x) * v.scale, (a.y - b.y) * scaleDown(v))

/** Multiplies the scale and keeps what lies under the pointer where it is. */
export const zoomAt = (v: Viewport, at: ScreenPoint, factor: number): Viewport => zoomTo(v, at, v.scale * factor)

export const panBy = (v: Viewport, dx: number, dy: number): Viewport => ({ ...v, x: v.x + dx, y: v.y + dy })

/** The whole image in the middle of the canvas, with a margin in CSS pixels. */
export function fitViewport(canvas: Size, image: Size, margin = 0, pixelAspect = 1): Viewport {
  const room = (side: number): number => Math.max(1, side - 2 * margin)
  const scale = clampScale(Math.min(room(canvas.width) / image.width, room(canvas.height) / (image.height * pixelAspect)))
  return {
    width: canvas.width, height: canvas.height, scale,
    x: (canvas.width - image.width * scale) / 2, y: (canvas.height - image.height * scale * pixelAspect) / 2,
    ...(pixelAspect === 1 ? {} : { pixelAspect }),
  }
}

/** A rectangle of the image in the middle of the canvas, as large as fits. */
export function fitRect(v: Viewport, rect: Rect, margin = 24): Viewport {
  const fitted = fitViewport(v, { width: Math.max(1, rect.width), height: Math.max(1, rect.height) }, margin, pixelAspectOf(v))
  return { ...fitted, x: fitted.x - rect.left * fitted.scale, y: fitted.y - rect.top * scaleDown(fitted) }
}

/** A canvas of another size: what was in the middle stays there. */
export const resizeViewport = (v: Viewport, canvas: Size): Viewport => ({
  ...v, width: canvas.width, height: canvas.height, x: v.x + (canvas.width - v.width) / 2, y: v.y + (canvas.height - v.height) / 2,
})

/** The rectangle of the image plane that the canvas shows (it may reach beyond the image). */
export const visibleRect = (v: Viewport): Rect => ({ left: -v.x / v.scale, top: -v.y / scaleDown(v), width: v.width / v.scale, height: v.height / scaleDown(v) })
