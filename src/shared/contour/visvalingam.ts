import type { Point } from '#shared/geometry/index.ts'

const triangle = (a: Point, b: Point, c: Point): number => Math.abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2

interface Entry { readonly index: number; readonly area: number; readonly version: number }

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length
  heap.push(entry)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if ((heap[parent] as Entry).area <= entry.area) break
    heap[at] = heap[parent] as Entry
    at = parent
  }
  heap[at] = entry
}

function popSmallest(heap: Entry[]): Entry | undefined {
  const top = heap[0], last = heap.pop()
  if (!top || !last || heap.length === 0) return top
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && (heap[child + 1] as Entry).area < (heap[child] as Entry).area) child++
    if ((heap[child] as Entry).area >= last.area) break
    heap[at] = heap[child] as Entry
    at = child
  }
  heap[at] = last
  return top
}

/**
 * Drops, one at a time, the point of a closed ring that spans the smallest triangle with its neighbours, until every triangle is at least
 * `minimumArea` (square pixels) or `minimumCount` points are left (Visvalingam and Whyatt 1993).
 */
export function simplifyByArea<P extends Point>(ring: readonly P[], minimumArea: number, minimumCount = 3): P[] {
  const n = ring.length
  if (n <= minimumCount) return [...ring]
  const next = Array.from({ length: n }, (_, i) => (i + 1) % n), previous = Array.from({ length: n }, (_, i) => (i + n - 1) % n)
  const versions = new Uint32Array(n)
  const gone = new Uint8Array(n)
  const heap: Entry[] = []
  const areaAt = (i: number): number => triangle(ring[previous[i] as number] as P, ring[i] as P, ring[next[i] as number] as P)
  for (let i = 0; i < n; i++) push(heap, { index: i, area: areaAt(i), version: 0 })
  for (let left = n; left > minimumCount;) {
    const entry = popSmallest(heap)
    if (!entry || entry.area >= minimumArea) break
    if (gone[entry.index] === 1 || versions[entry.index] !== entry.version) continue
    gone[entry.index] = 1
    left--
    const before = previous[entry.index] as number, after = next[entry.index] as number
    next[before] = after
    previous[after] = before
    for (const i of [before, after]) {
      versions[i] = (versions[i] as number) + 1
      // A neighbour never counts less than the point just dropped, or detail would vanish in a cascade.
      push(heap, { index: i, area: Math.max(areaAt(i), entry.area), version: versions[i] as number })
    }
  }
  return ring.filter((_, i) => gone[i] === 0)
}
