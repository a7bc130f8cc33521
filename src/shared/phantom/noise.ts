import { seedOf, uniformField } from './gaussianField.ts'

const size = 256, wrap = size - 1

/** Smooth random function of the plane, about -1 to 1, mean 0, with features about one unit wide. */
export type Noise = (x: number, y: number) => number

const lattice = (seed: string): Float32Array => uniformField(seedOf(seed), size * size)

/**
 * Value noise cut out of a volume at elevation z (in slab thicknesses): neighbouring slices look alike, distant ones do not, which a sweep needs.
 * Two lattices are blended by cosine and sine so that the variance is the same at every z.
 */
export function noiseSlice(seed: string, z: number): Noise {
  const slab = Math.floor(z), angle = (z - slab) * Math.PI / 2
  const near = lattice(`${seed}/${slab}`)
  if (angle > 0) {
    const far = lattice(`${seed}/${slab + 1}`), c = Math.cos(angle), s = Math.sin(angle)
    for (let i = 0; i < near.length; i++) near[i] = c * (near[i] as number) + s * (far[i] as number)
  }
  return (x, y) => {
    const x0 = Math.floor(x), y0 = Math.floor(y)
    let u = x - x0, v = y - y0
    u = u * u * (3 - 2 * u)
    v = v * v * (3 - 2 * v)
    const top = (y0 & wrap) * size, bottom = ((y0 + 1) & wrap) * size, left = x0 & wrap, right = (x0 + 1) & wrap
    const a = near[top + left] as number, b = near[top + right] as number
    const c = near[bottom + left] as number, d = near[bottom + right] as number
    const upper = a + u * (b - a)
    return upper + v * (c + u * (d - c) - upper)
  }
}

/** Two octaves of a noise: broad shapes with finer detail on them. */
export const twoOctaves = (noise: Noise, x: number, y: number): number => 0.68 * noise(x, y) + 0.42 * noise(2.1 * x + 17.3, 2.1 * y + 41.7)

/** Thin bright ridges where the noise crosses zero, 0 to 1: fibres, septa, fascial planes. `sharpness` 4 to 16. */
export function ridge(noise: Noise, x: number, y: number, sharpness: number): number {
  const v = 1 - Math.min(1, Math.abs(noise(x, y)) * sharpness * 0.35)
  return v * v
}
