import type { PixelBox } from './boundingBox.ts'
import type { Raster } from './raster.ts'

/** The part of an image inside a box (inclusive bounds, which must lie in the image). O(pixels of the box). */
export function crop(image: Raster, box: PixelBox): Raster {
  if (box.top < 0 || box.left < 0 || box.bottom >= image.height || box.right >= image.width || box.bottom < box.top || box.right < box.left) {
    throw new Error(`crop: the box ${JSON.stringify(box)} is not inside ${image.width} x ${image.height}`)
  }
  const width = box.right - box.left + 1, height = box.bottom - box.top + 1, n = width * image.channels
  const data = new Float64Array(height * n)
  for (let r = 0; r < height; r++) {
    const from = ((box.top + r) * image.width + box.left) * image.channels
    for (let k = 0; k < n; k++) data[r * n + k] = image.data[from + k]!
  }
  return { width, height, channels: image.channels, data }
}
