import { bitmapFromMask, imagePoint, signedArea, type Bitmap, type ImagePoint, type Polygon, type RleMask } from '#shared/geometry/index.ts'
import { labelRuns, type Connectivity } from './components.ts'

/** East, south, west, north: the four ways along pixel edges, with the mask always at the right hand. */
const STEP_X = [1, 0, -1, 0], STEP_Y = [0, 1, 0, -1]
/** The pixel ahead on the left and on the right of a corner, per direction, as offsets from the corner. */
const LEFT_X = [0, 0, -1, -1], LEFT_Y = [-1, 0, 0, -1]
const RIGHT_X = [0, -1, -1, 0], RIGHT_Y = [0, 0, -1, -1]

/** Adds a midpoint, dropping the last one where the line goes straight on. Midpoints lie on halves, so the test is exact. */
function addPoint(ring: ImagePoint[], p: ImagePoint): void {
  const a = ring[ring.length - 2], b = ring[ring.length - 1]
  if (a && b && (b.x - a.x) * (p.y - b.y) === (b.y - a.y) * (p.x - b.x)) ring.pop()
  ring.push(p)
}

function closeRing(ring: ImagePoint[]): ImagePoint[] {
  const straight = (a: ImagePoint, b: ImagePoint, c: ImagePoint): boolean => (b.x - a.x) * (c.y - b.y) === (b.y - a.y) * (c.x - b.x)
  if (ring.length > 3 && straight(ring[ring.length - 2] as ImagePoint, ring[ring.length - 1] as ImagePoint, ring[0] as ImagePoint)) ring.pop()
  if (ring.length > 3 && straight(ring[ring.length - 1] as ImagePoint, ring[0] as ImagePoint, ring[1] as ImagePoint)) ring.shift()
  return ring
}

function followBoundary(bitmap: Bitmap, visited: Uint8Array, startX: number, startY: number, connectivity: Connectivity): ImagePoint[] {
  const { width, height, data, left, top } = bitmap
  const on = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1
  const ring: ImagePoint[] = []
  let x = startX, y = startY, way = 0
  do {
    if (way === 0) visited[y * width + x] = 1
    const dx = STEP_X[way] as number, dy = STEP_Y[way] as number
    addPoint(ring, imagePoint(left + x + dx / 2, top + y + dy / 2))
    x += dx
    y += dy
    const leftOn = on(x + (LEFT_X[way] as number), y + (LEFT_Y[way] as number))
    const rightOn = on(x + (RIGHT_X[way] as number), y + (RIGHT_Y[way] as number))
    const turnLeft = connectivity === 8 ? leftOn : leftOn && rightOn
    if (turnLeft) way = (way + 3) % 4
    else if (!rightOn) way = (way + 1) % 4
  } while (x !== startX || y !== startY || way !== 0)
  return closeRing(ring)
}

/**
 * The outlines of a mask: marching squares at level 1/2 on the pixel centres, i.e. lines through the midpoints of the pixel edges between set
 * and unset pixels. One polygon a component, outer rings clockwise on the screen, holes the other way.
 * No pixel centre lies on a line, so rasterising gives the very mask back; and a line lies within half a pixel of any outline that rasterises to
 * this mask wherever that outline crosses from one pixel centre to the next.
 */
export function traceBitmap(bitmap: Bitmap, connectivity: Connectivity = 8): Polygon<ImagePoint>[] {
  const { width, height, data } = bitmap
  const runs = labelRuns(bitmap, connectivity)
  const outers: ImagePoint[][] = Array.from({ length: runs.count + 1 }, () => [])
  const holes: ImagePoint[][][] = Array.from({ length: runs.count + 1 }, () => [])
  const visited = new Uint8Array(width * height)
  for (let r = 0; r < runs.labels.length; r++) {
    const y = runs.rows[r] as number, end = runs.ends[r] as number, label = runs.labels[r] as number
    for (let x = runs.starts[r] as number; x < end; x++) {
      const i = y * width + x
      // Every line passes along the upper side of some pixel, going east.
      if (visited[i] === 1 || (y > 0 && data[i - width] === 1)) continue
      const ring = followBoundary(bitmap, visited, x, y, connectivity)
      if (signedArea(ring) > 0) outers[label] = ring
      else holes[label]?.push(ring)
    }
  }
  return outers.slice(1).map((outer, i) => ({ outer, holes: holes[i + 1] ?? [] }))
}

export const traceMask = (mask: RleMask, connectivity: Connectivity = 8): Polygon<ImagePoint>[] => traceBitmap(bitmapFromMask(mask), connectivity)
