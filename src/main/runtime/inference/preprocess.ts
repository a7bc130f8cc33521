import type { Pixels } from './pixels.ts'

/** [3, height, width] float32: each channel minus its mean, over its population standard deviation, over the whole image; a constant channel gives 0. Grey is repeated. */
export function zscorePlanes(pixels: Pixels): Float32Array {
  const { data, channels } = pixels
  const count = pixels.width * pixels.height
  const out = new Float32Array(3 * count)
  for (let c = 0; c < channels; c++) {
    let sum = 0, squares = 0
    for (let i = c; i < data.length; i += channels) {
      const v = data[i] as number
      sum += v
      squares += v * v
    }
    const mean = sum / count
    const variance = Math.max(0, squares / count - mean * mean)
    const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0
    const table = Float32Array.from({ length: 256 }, (_, v) => (v - mean) * scale)
    for (let i = 0, at = c; i < count; i++, at += channels) out[c * count + i] = table[data[at] as number] as number
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
