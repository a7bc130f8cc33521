import type { Bitmap } from '#shared/geometry/index.ts'

/** Stands for "no such pixel": farther than any image is wide, and its square still exact. */
const FAR = 1e12

/** The lower envelope of parabolas over one row or column (Felzenszwalb and Huttenlocher 2012); `f` is replaced by the result. */
function transformLine(f: Float64Array, n: number, roots: Int32Array, borders: Float64Array, out: Float64Array): void {
  let k = 0
  roots[0] = 0
  borders[0] = -Infinity
  borders[1] = Infinity
  for (let q = 1; q < n; q++) {
    let s: number
    do {
      const v = roots[k] as number
      s = ((f[q] as number) + q * q - (f[v] as number) - v * v) / (2 * q - 2 * v)
    } while (s <= (borders[k] as number) && --k >= 0)
    k++
    roots[k] = q
    borders[k] = s
    borders[k + 1] = Infinity
  }
  k = 0
  for (let q = 0; q < n; q++) {
    while ((borders[k + 1] as number) < q) k++
    const v = roots[k] as number
    out[q] = (q - v) ** 2 + (f[v] as number)
  }
  f.set(out.subarray(0, n))
}

/** The squared distance (pixels, exact) from each pixel's centre to the nearest centre with the value; at least 1e11 where there is none. */
export function squaredDistances(bitmap: Bitmap, value: 0 | 1 = 1): Float64Array {
  const { width, height, data } = bitmap
  const out = new Float64Array(data.length)
  for (let i = 0; i < data.length; i++) out[i] = data[i] === value ? 0 : FAR
  const longest = Math.max(width, height)
  const line = new Float64Array(longest), scratch = new Float64Array(longest)
  const roots = new Int32Array(longest), borders = new Float64Array(longest + 1)
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = out[y * width + x] as number
    transformLine(line, height, roots, borders, scratch)
    for (let y = 0; y < height; y++) out[y * width + x] = line[y] as number
  }
  for (let y = 0; y < height; y++) {
    const row = out.subarray(y * width, (y + 1) * width)
    line.set(row)
    transformLine(line, width, roots, borders, scratch)
    row.set(line.subarray(0, width))
  }
  return out
}

/**
 * The signed distance (pixels) from each pixel's centre to the mask's border, which lies halfway between set and unset centres: negative inside.
 * An empty mask gives a large positive number everywhere, a full one a large negative one.
 */
export function signedDistances(bitmap: Bitmap): Float64Array {
  const toSet = squaredDistances(bitmap, 1), toUnset = squaredDistances(bitmap, 0)
  return toSet.map((squared, i) => (squared > 0 ? Math.sqrt(squared) - 0.5 : 0.5 - Math.sqrt(toUnset[i] as number)))
}
