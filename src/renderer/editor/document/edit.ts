import { contourToRecord, measurementToRecord, removeContourOperation } from './records.ts'
import { findContour, type Contour, type FrameAnnotation } from './document.ts'
import type { ContourRecord, Operation, Units } from './operations.ts'
import type { Selection, VertexSpan } from './selection.ts'
import type { VertexRing } from './vertexRing.ts'

/** Marks contours as drawn by hand, where they are not yet. Placed before or after the edit itself. */
export const drawnOperations = (frame: number, contours: readonly Contour[]): Operation[] => contours.filter((c) => c.origin !== 'drawn').map((c) => ({
  op: 'describe', frame, contour: c.id,
  before: { label: c.label, shape: c.shape, origin: c.origin }, after: { label: c.label, shape: c.shape, origin: 'drawn' },
}))

/** Where the longest run of vertices that both rings have begins in each; a single one in common may be chance. */
function longestCommonRun(old: Units, next: Units): { old: number; next: number } | undefined {
  const n = old.length / 2, m = next.length / 2
  const places = new Map<string, number>()
  for (let i = 0; i < m; i++) places.set(`${next[2 * i]},${next[2 * i + 1]}`, i)
  let best: { old: number; next: number; length: number } | undefined
  for (let i = 0; i < n;) {
    const at = places.get(`${old[2 * i]},${old[2 * i + 1]}`)
    let length = 0
    const same = (at: number): boolean => {
      const k = 2 * ((i + length) % n), l = 2 * ((at + length) % m)
      return old[k] === next[l] && old[k + 1] === next[l + 1]
    }
    if (at !== undefined) while (length < Math.min(n, m) && same(at)) length++
    if (at !== undefined && length > (best?.length ?? 0)) best = { old: i, next: at, length }
    i += Math.max(1, length)
  }
  return best
}

/**
 * The smallest splices that make one closed ring of another, wherever each begins: one, or two where the change reaches around the ring's beginning;
 * none when they are equal.
 */
export function spliceBetween(frame: number, contour: string, ring: number, old: VertexRing, next: Units): Operation[] {
  const before = old.units(), n = before.length / 2, m = next.length / 2
  const splice = (at: number, count: number, inserted: Units): Operation[] => count === 0 && inserted.length === 0
    ? []
    : [{ op: 'splice', frame, contour, ring, at, removed: before.slice(2 * at, 2 * (at + count)), inserted }]
  const common = longestCommonRun(before, next)
  if (!common) return splice(0, n, next)
  const turned = [...next.slice(2 * common.next), ...next.slice(0, 2 * common.next)]
  // Both rings are read from the common run on; `i` counts from there.
  const same = (i: number, j: number): boolean => {
    const k = 2 * ((common.old + i) % n)
    return before[k] === turned[2 * j] && before[k + 1] === turned[2 * j + 1]
  }
  let head = 0, tail = 0
  while (head < Math.min(n, m) && same(head, head)) head++
  while (tail < Math.min(n, m) - head && same(n - 1 - tail, m - 1 - tail)) tail++
  const from = common.old + head, to = common.old + n - tail
  const inserted = turned.slice(2 * head, 2 * (m - tail))
  if (from >= n) return splice(from - n, to - from, inserted)
  if (to <= n) return splice(from, to - from, inserted)
  return [...splice(from, n - from, inserted), ...splice(0, to - n, [])]
}

/** Pairs each new hole with the old one that it shares a run of vertices with: the others are new, or gone. */
function holeOperations(frame: number, contour: Contour, next: ContourRecord): Operation[] {
  const left = contour.rings.slice(1).map((ring, i) => ({ ring, index: i + 1 }))
  const added: Units[] = [], kept: { old: VertexRing; index: number; next: Units }[] = []
  for (const hole of next.rings.slice(1)) {
    const at = left.findIndex(({ ring }) => longestCommonRun(ring.units(), hole) !== undefined)
    const [pair] = at < 0 ? [] : left.splice(at, 1)
    if (pair) kept.push({ old: pair.ring, index: pair.index, next: hole })
    else added.push(hole)
  }
  // Splices first, then removals from the last ring down, then additions: no operation shifts a ring that a later one names.
  return [
    ...kept.flatMap((k) => spliceBetween(frame, contour.id, k.index, k.old, k.next)),
    ...left.toReversed().map(({ ring, index }): Operation => ({ op: 'removeRing', frame, contour: contour.id, ring: index, points: ring.units() })),
    ...added.map((points, i): Operation => ({ op: 'addRing', frame, contour: contour.id, ring: 1 + kept.length + i, points })),
  ]
}

/** Operations that turn a contour into the record with the same id, as small as a diff of its rings makes them. Holes may change their order. */
export function replaceOperations(frame: number, contour: Contour, next: ContourRecord): Operation[] {
  const traits = ({ label, shape, origin }: ContourRecord | Contour) => ({ label, shape, origin })
  const described = contour.label === next.label && contour.shape === next.shape && contour.origin === next.origin
  return [
    ...(described ? [] : [{ op: 'describe', frame, contour: contour.id, before: traits(contour), after: traits(next) } as const]),
    ...spliceBetween(frame, contour.id, 0, contour.rings[0] as VertexRing, next.rings[0] as Units),
    ...holeOperations(frame, contour, next),
  ]
}

function deleteFromContour(frame: number, annotation: FrameAnnotation, contour: Contour, spans: readonly VertexSpan[]): Operation[] {
  const left = contour.rings.map((ring, k) => ring.length - spans.filter((s) => s.ring === k).reduce((sum, s) => sum + s.count, 0))
  if ((left[0] as number) < 3) return [removeContourOperation(frame, annotation.contours, contour)]
  // From the last ring and the last run backwards, so that no operation shifts the place of a later one.
  return contour.rings.map((ring, k) => ({ ring, k })).reverse().flatMap(({ ring, k }): Operation[] => {
    if ((left[k] as number) < 3) return [{ op: 'removeRing', frame, contour: contour.id, ring: k, points: ring.units() }]
    return spans.filter((s) => s.ring === k).sort((a, b) => b.start - a.start)
      .map((s) => ({ op: 'splice', frame, contour: contour.id, ring: k, at: s.start, removed: ring.units(s.start, s.count), inserted: [] }))
  })
}

/** Deletes the selected vertices, else the selected measurement, else the selected contours. A ring left with under three vertices goes. */
export function deleteOperations(frame: number, annotation: FrameAnnotation, selection: Selection): Operation[] {
  const at = annotation.measurements.findIndex((m) => m.id === selection.measurement), measurement = annotation.measurements[at]
  if (measurement) return [{ op: 'removeMeasurement', frame, at, measurement: measurementToRecord(measurement) }]
  const operations: Operation[] = []
  if (selection.vertices.length > 0) {
    const contours = [...new Set(selection.vertices.map((s) => s.contour))].flatMap((id) => findContour(annotation, id) ?? [])
    const ordered = contours.sort((a, b) => annotation.contours.indexOf(b) - annotation.contours.indexOf(a))
    for (const contour of ordered) {
      operations.push(...deleteFromContour(frame, annotation, contour, selection.vertices.filter((s) => s.contour === contour.id)))
    }
    return operations
  }
  return annotation.contours.map((contour, i) => ({ contour, i })).reverse().filter(({ contour }) => selection.contours.includes(contour.id))
    .map(({ contour, i }) => ({ op: 'removeContour', frame, at: i, contour: contourToRecord(contour) }))
}
