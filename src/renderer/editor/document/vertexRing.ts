import {
  distanceToRect, imagePoint, nearestParameter, rectContains, uniteRects, EMPTY_RECT, type ImagePoint, type Point, type Rect,
} from '#shared/geometry/index.ts'
import { toPixels } from './units.ts'

const CHUNK = 256

interface Chunk { readonly data: Int32Array; readonly bounds: Rect }

export interface NearestVertex { readonly index: number; readonly distance: number }
/** The edge from vertex `index` to the next one, and where on it. */
export interface NearestEdge { readonly index: number; readonly distance: number; readonly at: ImagePoint }

function chunkOf(data: Int32Array): Chunk {
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity
  for (let i = 0; i < data.length; i += 2) {
    const x = data[i] as number, y = data[i + 1] as number
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  return { data, bounds: { left: toPixels(left), top: toPixels(top), width: toPixels(right - left), height: toPixels(bottom - top) } }
}

function chunksOf(units: ArrayLike<number>): Chunk[] {
  const chunks: Chunk[] = []
  const size = 2 * CHUNK
  for (let from = 0; from < units.length; from += size) {
    chunks.push(chunkOf(Int32Array.from({ length: Math.min(size, units.length - from) }, (_, i) => units[from + i] as number)))
  }
  return chunks
}

/**
 * An immutable list of vertices in chunks of up to 256, shared between versions: changing one vertex of 20,000 copies one chunk.
 * Each chunk knows its bounds, so that searches near a point look into few of them.
 */
export class VertexRing {
  readonly length: number
  readonly #chunks: readonly Chunk[]
  /** The index of the first vertex of each chunk. */
  readonly #starts: readonly number[]
  #points: readonly ImagePoint[] | undefined

  private constructor(chunks: readonly Chunk[]) {
    this.#chunks = chunks
    const starts: number[] = []
    let length = 0
    for (const chunk of chunks) {
      starts.push(length)
      length += chunk.data.length / 2
    }
    this.#starts = starts
    this.length = length
  }

  static ofUnits(units: ArrayLike<number>): VertexRing {
    return new VertexRing(chunksOf(units))
  }

  #chunkAt(index: number): number {
    let low = 0, high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] as number) <= index) low = middle
      else high = middle - 1
    }
    return low
  }

  /** The vertex at an index, counted around the ring: -1 is the last one. */
  at(index: number): ImagePoint {
    if (this.length === 0) throw new Error('an empty ring has no vertex')
    const i = ((index % this.length) + this.length) % this.length
    const c = this.#chunkAt(i), chunk = this.#chunks[c] as Chunk, k = 2 * (i - (this.#starts[c] as number))
    return imagePoint(toPixels(chunk.data[k] as number), toPixels(chunk.data[k + 1] as number))
  }

  /** Flat units of a run of vertices. */
  units(from = 0, count = this.length - from): number[] {
    const out: number[] = []
    for (let c = this.#chunkAt(from), i = from; i < from + count && c < this.#chunks.length; c++) {
      const data = (this.#chunks[c] as Chunk).data, start = this.#starts[c] as number
      const end = Math.min(data.length, 2 * (from + count - start))
      for (let k = 2 * (i - start); k < end; k++) out.push(data[k] as number)
      i = start + data.length / 2
    }
    return out
  }

  /** All vertices; made once for each version of the ring. */
  points(): readonly ImagePoint[] {
    this.#points ??= this.#chunks.flatMap(({ data }) =>
      Array.from({ length: data.length / 2 }, (_, i) => imagePoint(toPixels(data[2 * i] as number), toPixels(data[2 * i + 1] as number))))
    return this.#points
  }

  bounds(): Rect {
    if (this.#chunks.length === 0) return EMPTY_RECT
    // A chunk of one vertex has no extent, so uniteRects would drop it: corners are compared instead.
    return this.#chunks.map((c) => c.bounds).reduce((a, b) => {
      const left = Math.min(a.left, b.left), top = Math.min(a.top, b.top)
      return { left, top, width: Math.max(a.left + a.width, b.left + b.width) - left, height: Math.max(a.top + a.height, b.top + b.height) - top }
    })
  }

  /** The ring with `removeCount` vertices from `at` on replaced by the inserted ones (flat units). Only touched chunks are copied. */
  splice(at: number, removeCount: number, inserted: ArrayLike<number>): VertexRing {
    if (at < 0 || removeCount < 0 || at + removeCount > this.length) {
      throw new Error(`a ring of ${this.length} vertices has none to replace from ${at} to ${at + removeCount}`)
    }
    if (this.#chunks.length === 0) return VertexRing.ofUnits(inserted)
    const first = this.#chunkAt(at), last = this.#chunkAt(Math.max(at, at + removeCount - 1))
    const from = this.#starts[first] as number, lastChunk = this.#chunks[last] as Chunk
    const to = (this.#starts[last] as number) + lastChunk.data.length / 2
    const middle = [...this.units(from, at - from), ...Array.from(inserted), ...this.units(at + removeCount, to - at - removeCount)]
    return new VertexRing([...this.#chunks.slice(0, first), ...chunksOf(middle), ...this.#chunks.slice(last + 1)])
  }

  /** A run of vertices moved by whole units. */
  move(at: number, count: number, dx: number, dy: number): VertexRing {
    return this.splice(at, count, this.units(at, count).map((value, i) => value + (i % 2 === 0 ? dx : dy)))
  }

  /** The nearest vertex no farther than `within` pixels across; pixels are `pixelAspect` times taller than wide. */
  nearestVertex(p: Point, within: number, pixelAspect = 1): NearestVertex | undefined {
    let best: NearestVertex | undefined
    for (const [c, chunk] of this.#chunks.entries()) {
      const limit = best?.distance ?? within
      if (distanceToRect(p, chunk.bounds) * Math.min(1, pixelAspect) > limit) continue
      for (let i = 0; i < chunk.data.length; i += 2) {
        const d = Math.hypot(toPixels(chunk.data[i] as number) - p.x, (toPixels(chunk.data[i + 1] as number) - p.y) * pixelAspect)
        if (d <= within && d < (best?.distance ?? Infinity)) best = { index: (this.#starts[c] as number) + i / 2, distance: d }
      }
    }
    return best
  }

  /** The nearest place on the closed line no farther than `within` pixels across. */
  nearestEdge(p: Point, within: number, pixelAspect = 1): NearestEdge | undefined {
    let best: NearestEdge | undefined
    const flat = (q: Point): Point => (pixelAspect === 1 ? q : { x: q.x, y: q.y * pixelAspect })
    for (const [c, chunk] of this.#chunks.entries()) {
      const start = this.#starts[c] as number, count = chunk.data.length / 2
      // The edge out of a chunk ends in the next chunk's first vertex.
      const after = this.at(start + count)
      const reach = uniteRects(padded(chunk.bounds), padded({ left: after.x, top: after.y, width: 0, height: 0 }))
      if (distanceToRect(p, reach) * Math.min(1, pixelAspect) > (best?.distance ?? within)) continue
      for (let i = start; i < start + count; i++) {
        const a = this.at(i), b = this.at(i + 1), t = nearestParameter(flat(p), flat(a), flat(b))
        const at = imagePoint(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y))
        const d = Math.hypot(at.x - p.x, (at.y - p.y) * pixelAspect)
        if (d <= within && d < (best?.distance ?? Infinity)) best = { index: i, distance: d, at }
      }
    }
    return best
  }

  /** The indices of the vertices in a rectangle, ascending; stops after `limit`. */
  verticesIn(rect: Rect, limit = Infinity): number[] {
    const found: number[] = []
    for (const [c, chunk] of this.#chunks.entries()) {
      const b = chunk.bounds
      if (b.left > rect.left + rect.width || b.left + b.width < rect.left || b.top > rect.top + rect.height || b.top + b.height < rect.top) continue
      for (let i = 0; i < chunk.data.length; i += 2) {
        if (found.length >= limit) return found
        const p = { x: toPixels(chunk.data[i] as number), y: toPixels(chunk.data[i + 1] as number) }
        if (rectContains(rect, p)) found.push((this.#starts[c] as number) + i / 2)
      }
    }
    return found
  }
}

/** A sliver around a rectangle, so that one without extent still counts when rectangles are united. */
const padded = (r: Rect): Rect => ({ left: r.left - 1e-6, top: r.top - 1e-6, width: r.width + 2e-6, height: r.height + 2e-6 })
