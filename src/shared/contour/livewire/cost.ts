import type { GreyImage, Size } from '#shared/geometry/index.ts'

/** What a step onto each pixel costs, 1 (on a strong edge) to 256, row-major. */
export interface CostImage extends Size { readonly data: Uint16Array }

/** The 3 x 3 binomial mean, borders repeated: speckle would otherwise outweigh the outline. */
function blurred(image: GreyImage): Float32Array {
  const { width, height, data } = image
  const rows = new Float32Array(width * height), out = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      rows[i] = ((data[x > 0 ? i - 1 : i] as number) + 2 * (data[i] as number) + (data[x + 1 < width ? i + 1 : i] as number)) / 4
    }
  }
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      out[i] = ((rows[y > 0 ? i - width : i] as number) + 2 * (rows[i] as number) + (rows[y + 1 < height ? i + width : i] as number)) / 4
    }
  }
  return out
}

/** The gradient's magnitude by central differences (Sobel weights come from the blur). */
export function gradientMagnitude(image: GreyImage): Float32Array {
  const { width, height } = image
  const smooth = blurred(image), out = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const gx = (smooth[x + 1 < width ? i + 1 : i] as number) - (smooth[x > 0 ? i - 1 : i] as number)
      const gy = (smooth[y + 1 < height ? i + width : i] as number) - (smooth[y > 0 ? i - width : i] as number)
      out[i] = Math.sqrt(gx * gx + gy * gy)
    }
  }
  return out
}

/** The value that a share of the numbers does not exceed (by a histogram of 1024 bins; exact to a bin). */
function quantile(values: Float32Array, share: number): number {
  let top = 0
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > top) top = values[i] as number
  if (top === 0) return 0
  const bins = new Uint32Array(1024)
  for (let i = 0; i < values.length; i++) {
    const bin = Math.min(1023, Math.floor(((values[i] as number) / top) * 1024))
    bins[bin] = (bins[bin] as number) + 1
  }
  let left = share * values.length
  for (let bin = 0; bin < 1024; bin++) {
    left -= bins[bin] as number
    if (left <= 0) return ((bin + 1) / 1024) * top
  }
  return top
}

/**
 * The cost of Mortensen and Barrett's intelligent scissors (1995) in its gradient term: low where the gradient is high.
 * Gradients from the 98th percentile on count as full, so that a few bright calcifications or burnt-in marks do not flatten all else.
 */
export function edgeCost(image: GreyImage): CostImage {
  const gradient = gradientMagnitude(image)
  const full = quantile(gradient, 0.98) || 1
  // A plain loop: TypedArray.from with a function takes many times as long on an image of 12 megapixels.
  const data = new Uint16Array(gradient.length)
  for (let i = 0; i < data.length; i++) {
    const missing = 1 - Math.min(1, (gradient[i] as number) / full)
    data[i] = 1 + Math.round(255 * missing * missing)
  }
  return { width: image.width, height: image.height, data }
}
