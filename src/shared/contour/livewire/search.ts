import { imagePoint, type ImagePoint, type Point } from '#shared/geometry/index.ts'
import type { CostImage } from './cost.ts'

/** The eight neighbours, and a step's length in tenths (10, or 14 for a diagonal). */
const DX = [1, 1, 0, -1, -1, -1, 0, 1], DY = [0, 1, 1, 1, 0, -1, -1, -1]
const LENGTH = [10, 14, 10, 14, 10, 14, 10, 14]

interface Window { readonly left: number; readonly top: number; readonly width: number; readonly height: number }

/** Both ends with room to go around an obstacle: half their distance, within limits. */
function windowAround(cost: CostImage, a: Pixel, b: Pixel): Window {
  const room = Math.min(200, Math.max(24, Math.ceil(Math.hypot(a.x - b.x, a.y - b.y) / 2)))
  const left = Math.max(0, Math.min(a.x, b.x) - room), top = Math.max(0, Math.min(a.y, b.y) - room)
  const right = Math.min(cost.width, Math.max(a.x, b.x) + room + 1), bottom = Math.min(cost.height, Math.max(a.y, b.y) + room + 1)
  return { left, top, width: right - left, height: bottom - top }
}

interface Pixel { readonly x: number; readonly y: number }

const pixelAt = (cost: CostImage, p: Point): Pixel => ({
  x: Math.min(cost.width - 1, Math.max(0, Math.floor(p.x))), y: Math.min(cost.height - 1, Math.max(0, Math.floor(p.y))),
})

/** A queue of whole-number priorities that never fall: buckets in a ring (Dial 1969). Constant time a step. */
function createBuckets(span: number): { push(item: number, priority: number): void; pop(): number } {
  const buckets: number[][] = Array.from({ length: span + 1 }, () => [])
  let at = 0, count = 0
  return {
    push(item, priority) {
      buckets[priority % (span + 1)]?.push(item)
      count++
    },
    pop() {
      if (count === 0) return -1
      while (buckets[at]?.length === 0) at = (at + 1) % (span + 1)
      count--
      return buckets[at]?.pop() as number
    },
  }
}

const DEAREST_STEP = 14 * 256

/** Dijkstra from the start until the goal is settled; the step by which each pixel was reached. */
function search(cost: CostImage, window: Window, from: Pixel, to: Pixel): Int8Array {
  const { left, top, width, height } = window
  const best = new Uint32Array(width * height).fill(0xffffffff)
  const cameBy = new Int8Array(width * height).fill(-1)
  const settled = new Uint8Array(width * height)
  const start = (from.y - top) * width + from.x - left, goal = (to.y - top) * width + to.x - left
  const queue = createBuckets(DEAREST_STEP)
  best[start] = 0
  queue.push(start, 0)
  for (let i = queue.pop(); i >= 0; i = queue.pop()) {
    if (settled[i] === 1) continue
    settled[i] = 1
    if (i === goal) break
    const x = i % width, y = (i - x) / width, reached = best[i] as number
    for (let k = 0; k < 8; k++) {
      const nx = x + (DX[k] as number), ny = y + (DY[k] as number)
      if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue
      const j = ny * width + nx
      if (settled[j] === 1) continue
      const through = reached + (LENGTH[k] as number) * (cost.data[(ny + top) * cost.width + nx + left] as number)
      if (through >= (best[j] as number)) continue
      best[j] = through
      cameBy[j] = k
      queue.push(j, through)
    }
  }
  return cameBy
}

/**
 * The cheapest path along pixel centres between two places, over a window around both (so its cost follows their distance, not the image's size).
 * It begins and ends at the very places given. A pure function over plain arrays: it runs in a worker as it stands.
 */
export function liveWirePath(cost: CostImage, from: Point, to: Point): ImagePoint[] {
  const a = pixelAt(cost, from), b = pixelAt(cost, to)
  const window = windowAround(cost, a, b)
  const cameBy = search(cost, window, a, b)
  const path: ImagePoint[] = []
  for (let { x, y } = b; x !== a.x || y !== a.y;) {
    path.push(imagePoint(x + 0.5, y + 0.5))
    const k = cameBy[(y - window.top) * window.width + x - window.left] as number
    if (k < 0) throw new Error('the live-wire search did not reach its goal')
    x -= DX[k] as number
    y -= DY[k] as number
  }
  const middle = path.slice(1).reverse()
  return [imagePoint(from.x, from.y), ...middle, imagePoint(to.x, to.y)]
}
