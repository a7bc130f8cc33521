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

/** The new ring turned so that it begins where the old one does, if they share a vertex. */
function aligned(old: VertexRing, next: Units): Units {
  const places = new Map<string, number>()
  for (let i = 0; i < next.length; i += 2) places.set(`${next[i]},${next[i + 1]}`, i)
  const units = old.units()
  for (let i = 0; i < units.length; i += 2) {
    const at = places.get(`${units[i]},${units[i + 1]}`)
    if (at === undefined) continue
    const turn = (((at - i) % next.length) + next.length) % next.length
    return [...next.slice(turn), ...next.slice(0, turn)]
  }
  return next
}

/** The smallest splice that makes one ring of another; none when they are equal. */
export function spliceBetween(frame: number, contour: string, ring: number, old: VertexRing, next: Units): Operation[] {
  const before = old.units(), after = aligned(old, next)
  const pairs = Math.min(before.length, after.length) / 2
  const same = (i: number, j: number): boolean => before[2 * i] === after[2 * j] && before[2 * i + 1] === after[2 * j + 1]
  let head = 0
  while (head < pairs && same(head, head)) head++
  let tail = 0
  const n = before.length / 2, m = after.length / 2
  while (tail < pairs - head && same(n - 1 - tail, m - 1 - tail)) tail++
  if (head + tail === n && n === m) return []
  return [{ op: 'splice', frame, contour, ring, at: head, removed: before.slice(2 * head, 2 * (n - tail)), inserted: after.slice(2 * head, 2 * (m - tail)) }]
}

/** Operations that turn a contour into the record with the same id, as small as a diff of rings makes them. */
export function replaceOperations(frame: number, contours: readonly Contour[], contour: Contour, next: ContourRecord): Operation[] {
  if (contour.rings.length !== next.rings.length) {
    return [removeContourOperation(frame, contours, contour), { op: 'addContour', frame, at: contours.indexOf(contour), contour: next }]
  }
  const traits = ({ label, shape, origin }: ContourRecord | Contour) => ({ label, shape, origin })
  const described = contour.label === next.label && contour.shape === next.shape && contour.origin === next.origin
  const rings = contour.rings.flatMap((ring, k) => spliceBetween(frame, contour.id, k, ring, next.rings[k] as Units))
  return [...(described ? [] : [{ op: 'describe', frame, contour: contour.id, before: traits(contour), after: traits(next) } as const]), ...rings]
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
    for (const contour of ordered) operations.push(...deleteFromContour(frame, annotation, contour, selection.vertices.filter((s) => s.contour === contour.id)))
    return operations
  }
  return annotation.contours.map((contour, i) => ({ contour, i })).reverse().filter(({ contour }) => selection.contours.includes(contour.id))
    .map(({ contour, i }) => ({ op: 'removeContour', frame, at: i, contour: contourToRecord(contour) }))
}
