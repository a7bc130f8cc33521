import { nearestIndexMap, type NearestRule } from './nearestIndexMap.ts'
import type { Raster } from './raster.ts'

/** Nearest-neighbour resize to `width` x `height` by a named index rule; values are copied, never mixed. O(output pixels). */
export function resizeNearest(image: Raster, width: number, height: number, rule: NearestRule): Raster {
  const rows = nearestIndexMap(image.height, height, rule), columns = nearestIndexMap(image.width, width, rule)
  const { channels } = image
  const data = new Float64Array(width * height * channels)
  let k = 0
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const from = (rows[r]! * image.width + columns[c]!) * channels
      for (let channel = 0; channel < channels; channel++) data[k++] = image.data[from + channel]!
    }
  }
  return { width, height, channels, data }
}
