import { imagePoint, type ImagePoint, type Point } from '#shared/geometry/index.ts'
import { resampleRing } from './resample.ts'

/** Cuts every corner at a quarter and three quarters of its sides (Chaikin 1974); each round doubles the points. */
export function smoothByCorners(ring: readonly Point[], rounds = 2): ImagePoint[] {
  let points = ring.map((p) => imagePoint(p.x, p.y))
  for (let round = 0; round < rounds && points.length >= 3; round++) {
    points = points.flatMap((a, i) => {
      const b = points[(i + 1) % points.length] as ImagePoint
      return [imagePoint(0.75 * a.x + 0.25 * b.x, 0.75 * a.y + 0.25 * b.y), imagePoint(0.25 * a.x + 0.75 * b.x, 0.25 * a.y + 0.75 * b.y)]
    })
  }
  return points
}

function gaussianKernel(sigma: number): number[] {
  const radius = Math.max(1, Math.ceil(3 * sigma))
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / sum)
}

function convolveClosed(points: readonly ImagePoint[], kernel: readonly number[]): ImagePoint[] {
  const n = points.length, radius = (kernel.length - 1) / 2
  return points.map((_, i) => {
    let x = 0, y = 0
    for (let k = 0; k < kernel.length; k++) {
      const p = points[(((i + k - radius) % n) + n) % n] as ImagePoint
      x += p.x * (kernel[k] as number)
      y += p.y * (kernel[k] as number)
    }
    return imagePoint(x, y)
  })
}

/**
 * A closed ring smoothed by a Gaussian along its length (sigma in pixels of arc), resampled at one point a `step`.
 * The filter is applied twice as 2G - GG ("twicing", Tukey 1977): a plain Gaussian pulls a convex outline inwards by about sigma^2/2 times its
 * curvature; this one by the square of that, so a lesion's area stays.
 */
export function smoothRing(ring: readonly Point[], sigma: number, step = 1): ImagePoint[] {
  if (ring.length < 3 || sigma <= 0) return ring.map((p) => imagePoint(p.x, p.y))
  const points = resampleRing(ring, step, 16)
  const kernel = gaussianKernel(sigma / step)
  const once = convolveClosed(points, kernel)
  const twice = convolveClosed(once, kernel)
  return once.map((p, i) => imagePoint(2 * p.x - (twice[i] as ImagePoint).x, 2 * p.y - (twice[i] as ImagePoint).y))
}
