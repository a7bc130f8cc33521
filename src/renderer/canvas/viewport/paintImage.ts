import { scaleDown, visibleRect, type Viewport } from '#shared/geometry/index.ts'
import { bitmapForScale, type LoadedImage } from './imageSource.ts'

type Context = CanvasRenderingContext2D

/** Draws the part of the image in view. `context` is in CSS pixels; `ratio` device pixels a CSS pixel. */
export function paintImage(context: Context, image: LoadedImage, view: Viewport, smooth: boolean, ratio: number): void {
  const shown = visibleRect(view)
  const left = Math.max(0, Math.floor(shown.left)), top = Math.max(0, Math.floor(shown.top))
  const right = Math.min(image.width, Math.ceil(shown.left + shown.width)), bottom = Math.min(image.height, Math.ceil(shown.top + shown.height))
  if (right <= left || bottom <= top) return
  const bitmap = bitmapForScale(image, Math.max(view.scale, scaleDown(view)) * ratio)
  const kx = bitmap.width / image.width, ky = bitmap.height / image.height
  context.imageSmoothingEnabled = smooth || view.scale * ratio < 1
  context.imageSmoothingQuality = view.scale * ratio < 1 ? 'high' : 'medium'
  context.drawImage(
    bitmap, left * kx, top * ky, (right - left) * kx, (bottom - top) * ky,
    left * view.scale + view.x, top * scaleDown(view) + view.y, (right - left) * view.scale, (bottom - top) * scaleDown(view),
  )
}

/** From this scale on the pixels are large enough for a grid between them. */
export const gridIsSeen = (view: Viewport): boolean => Math.min(view.scale, scaleDown(view)) >= 8

/** Lines between pixels, from 8 screen pixels a pixel (its shorter side) on, growing in as the zoom goes up. */
export function paintPixelGrid(context: Context, image: LoadedImage, view: Viewport): void {
  if (!gridIsSeen(view)) return
  const shown = visibleRect(view)
  const left = Math.max(0, Math.floor(shown.left)), right = Math.min(image.width, Math.ceil(shown.left + shown.width))
  const top = Math.max(0, Math.floor(shown.top)), bottom = Math.min(image.height, Math.ceil(shown.top + shown.height))
  const x = (column: number): number => Math.round(column * view.scale + view.x) + 0.5
  const y = (row: number): number => Math.round(row * scaleDown(view) + view.y) + 0.5
  context.strokeStyle = `rgba(160, 168, 174, ${Math.min(0.28, (Math.min(view.scale, scaleDown(view)) - 6) / 60)})`
  context.lineWidth = 1
  context.beginPath()
  for (let column = left; column <= right; column++) {
    context.moveTo(x(column), y(top))
    context.lineTo(x(column), y(bottom))
  }
  for (let row = top; row <= bottom; row++) {
    context.moveTo(x(left), y(row))
    context.lineTo(x(right), y(row))
  }
  context.stroke()
}

/** A full-length crosshair at a screen point, with a gap so that the pixel itself stays free. */
export function paintCrosshair(context: Context, view: Viewport, at: { readonly x: number; readonly y: number }): void {
  const x = Math.round(at.x) + 0.5, y = Math.round(at.y) + 0.5, gap = 10
  context.strokeStyle = 'rgba(74, 168, 255, 0.62)'
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(0, y)
  context.lineTo(x - gap, y)
  context.moveTo(x + gap, y)
  context.lineTo(view.width, y)
  context.moveTo(x, 0)
  context.lineTo(x, y - gap)
  context.moveTo(x, y + gap)
  context.lineTo(x, view.height)
  context.stroke()
}
