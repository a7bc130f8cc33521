import { createBitmap, growRect, pixelRect, type Bitmap, type GreyImage, type Point } from '#shared/geometry/index.ts'
import { fillHoles } from './components.ts'
import { growRegion } from './regionGrow.ts'

/** How many standard deviations of the core's own noise a pixel may differ. Speckle is strong, so noise is measured and not assumed. */
const NOISE = 2.5

interface Tissue { readonly mean: number; readonly deviation: number }

/** Mean and standard deviation of the intensities in the middle of the brush. */
function tissueAt(image: GreyImage, centre: Point, radius: number, pixelAspect: number): Tissue {
  let sum = 0, squares = 0, count = 0
  const r = Math.max(1, radius, pixelAspect)
  const down = r / pixelAspect
  for (let y = Math.max(0, Math.floor(centre.y - down)); y < Math.min(image.height, Math.ceil(centre.y + down)); y++) {
    for (let x = Math.max(0, Math.floor(centre.x - r)); x < Math.min(image.width, Math.ceil(centre.x + r)); x++) {
      if (Math.hypot(x + 0.5 - centre.x, (y + 0.5 - centre.y) * pixelAspect) > r) continue
      const value = image.data[y * image.width + x] as number
      sum += value
      squares += value * value
      count++
    }
  }
  const mean = count === 0 ? 0 : sum / count
  return { mean, deviation: count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean)) }
}

/**
 * The part of a round brush that belongs to the tissue under its middle: pixels of the disk, connected with the centre, whose 3 x 3 mean differs
 * from the core's by no more than the tolerance or 2.5 standard deviations of the core (the larger). Small gaps inside are filled. The brush stops
 * at an edge. The radius is in pixels across; pixels `pixelAspect` times taller than wide make the disk round on the patient.
 */
export function adaptiveStamp(image: GreyImage, centre: Point, radius: number, tolerance: number, pixelAspect = 1): Bitmap {
  const { mean, deviation } = tissueAt(image, centre, radius / 3, pixelAspect)
  const allowed = Math.max(tolerance, NOISE * deviation)
  const { width, height, data } = image
  const smooth = (x: number, y: number): number => {
    let sum = 0
    for (let dy = -1; dy <= 1; dy++) {
      const row = Math.min(height - 1, Math.max(0, y + dy)) * width
      for (let dx = -1; dx <= 1; dx++) sum += data[row + Math.min(width - 1, Math.max(0, x + dx))] as number
    }
    return sum / 9
  }
  const seedX = Math.floor(centre.x), seedY = Math.floor(centre.y)
  const inDisk = (x: number, y: number): boolean => Math.hypot(x + 0.5 - centre.x, (y + 0.5 - centre.y) * pixelAspect) <= radius
  const region = growRegion(
    image, centre,
    (_, x, y) => (x === seedX && y === seedY) || (inDisk(x, y) && Math.abs(smooth(x, y) - mean) <= allowed),
    pixelRect(growRect({ left: centre.x, top: centre.y, width: 0, height: 0 }, Math.max(radius, radius / pixelAspect) + 1)),
  )
  return region.data.length === 0 ? createBitmap({ left: 0, top: 0, width: 0, height: 0 }) : fillHoles(region)
}
