import type { Pixels } from './pixels.ts'

/** How often each of the 256 levels occurs in a channel. */
function levelCounts(data: Uint8Array, channel: number, channels: number): Uint32Array {
  const counts = new Uint32Array(256)
  for (let i = channel; i < data.length; i += channels) counts[data[i] as number] = (counts[data[i] as number] as number) + 1
  return counts
}

/** The z-score of each level: sums over counts are exact, so they are those over pixels. */
function zscoreTable(counts: Uint32Array, count: number): Float32Array {
  const sum = counts.reduce((total, n, v) => total + n * v, 0), squares = counts.reduce((total, n, v) => total + n * v * v, 0)
  const mean = sum / count
  const variance = Math.max(0, squares / count - mean * mean)
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0
  return Float32Array.from(counts, (_, v) => (v - mean) * scale)
}

/** [3, height, width] float32: each channel minus its mean, over its population standard deviation, over the whole image; a constant channel gives 0. Grey is repeated. Written to `out` where it is given. */
export function zscorePlanes(pixels: Pixels, out: Float32Array = new Float32Array(3 * pixels.width * pixels.height)): Float32Array {
  const { data, channels } = pixels
  const count = pixels.width * pixels.height
  for (let c = 0; c < channels; c++) {
    const table = zscoreTable(levelCounts(data, c, channels), count)
    const plane = out.subarray(c * count, (c + 1) * count)
    for (let i = 0, at = c; i < count; i++, at += channels) plane[i] = table[data[at] as number] as number
  }
  if (channels === 1) {
    out.copyWithin(count, 0, count)
    out.copyWithin(2 * count, 0, count)
  }
  return out
}

/** The crop as the classifiers see it: [3, size, size] float32, min-max over the whole crop to 0..1, nearest neighbour with source index floor(i * in / out). */
export function cropPlanes(pixels: Pixels, box: { x: number; y: number; width: number; height: number }, size = 224): Float32Array {
  const { data, channels, width } = pixels
  let low = 255, high = 0
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      for (let c = 0; c < channels; c++) {
        const v = data[(y * width + x) * channels + c] as number
        if (v < low) low = v
        if (v > high) high = v
      }
    }
  }
  const scale = high > low ? 1 / (high - low) : 0
  const out = new Float32Array(3 * size * size)
  for (let i = 0; i < size; i++) {
    const y = box.y + Math.floor((i * box.height) / size)
    for (let j = 0; j < size; j++) {
      const x = box.x + Math.floor((j * box.width) / size)
      for (let c = 0; c < 3; c++) out[(c * size + i) * size + j] = ((data[(y * width + x) * channels + (channels === 1 ? 0 : c)] as number) - low) * scale
    }
  }
  return out
}
