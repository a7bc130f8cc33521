import { createRandom } from '#shared/lib/index.ts'

const levels = 4096

/** A 32-bit seed for the fields below from a text. */
export const seedOf = (text: string): number => createRandom(text).int(2 ** 32) | 0

/** White uniform noise in [-1, 1) of length n (32-bit xorshift, Marsaglia 2003). */
export function uniformField(seed: number, n: number): Float32Array {
  const out = new Float32Array(n)
  let s = seed | 0 || 0x9e3779b9
  for (let i = 0; i < n; i++) {
    s ^= s << 13
    s ^= s >>> 17
    s ^= s << 5
    out[i] = s / 2147483648
  }
  return out
}

/** Standard normal deviates at equal steps of probability, by integrating dx/dp = 1/pdf(x) outwards from the median (midpoint rule). */
function quantiles(): Float32Array {
  const table = new Float32Array(levels), steps = 64, h = 1 / (levels * steps)
  const slope = (x: number): number => Math.sqrt(2 * Math.PI) * Math.exp(x * x / 2)
  let x = 0
  for (let i = levels / 2; i < levels; i++) {
    const count = i === levels / 2 ? steps / 2 : steps
    for (let s = 0; s < count; s++) x += h * slope(x + 0.5 * h * slope(x))
    table[i] = x
    table[levels - 1 - i] = -x
  }
  return table
}

let table: Float32Array | undefined

/**
 * White Gaussian noise of length n: a 32-bit xorshift whose words index a table of normal quantiles twice each.
 * Speckle needs half a million deviates an image, so this trades the far tails (beyond 3.6 sigma) for speed.
 */
export function gaussianField(seed: number, n: number): Float32Array {
  table ??= quantiles()
  const out = new Float32Array(n)
  let s = seed | 0 || 0x9e3779b9
  for (let i = 0; i < n; i += 2) {
    s ^= s << 13
    s ^= s >>> 17
    s ^= s << 5
    out[i] = table[(s >>> 20)] as number
    if (i + 1 < n) out[i + 1] = table[(s >>> 6) & (levels - 1)] as number
  }
  return out
}
