import { findContour, type FrameAnnotation } from './document.ts'
import type { Operation } from './operations.ts'

/** A run of vertices of one ring: count from start, not around the end. */
export interface VertexSpan { readonly contour: string; readonly ring: number; readonly start: number; readonly count: number }

/** What the user has picked; not part of the document, never journalled. */
export interface Selection { readonly contours: readonly string[]; readonly vertices: readonly VertexSpan[]; readonly measurement: string | null }

export const NOTHING: Selection = Object.freeze({ contours: [], vertices: [], measurement: null })

export const selectContours = (...ids: readonly string[]): Selection => ({ contours: ids, vertices: [], measurement: null })

/** Runs of an ascending list of indices. */
export function spansOf(contour: string, ring: number, indices: readonly number[]): VertexSpan[] {
  const spans: VertexSpan[] = []
  for (const index of indices) {
    const last = spans[spans.length - 1]
    if (last && last.start + last.count === index) spans[spans.length - 1] = { ...last, count: last.count + 1 }
    else spans.push({ contour, ring, start: index, count: 1 })
  }
  return spans
}

const ringKey = (s: VertexSpan): string => `${s.contour}\n${s.ring}`

function indicesByRing(spans: readonly VertexSpan[]): Map<string, { contour: string; ring: number; indices: Set<number> }> {
  const rings = new Map<string, { contour: string; ring: number; indices: Set<number> }>()
  for (const span of spans) {
    const entry = rings.get(ringKey(span)) ?? { contour: span.contour, ring: span.ring, indices: new Set<number>() }
    for (let i = span.start; i < span.start + span.count; i++) entry.indices.add(i)
    rings.set(ringKey(span), entry)
  }
  return rings
}

const ascending = (indices: Iterable<number>): number[] => [...indices].sort((a, b) => a - b)

/** Spans sorted, merged and without repeats. */
export const mergeSpans = (spans: readonly VertexSpan[]): VertexSpan[] =>
  [...indicesByRing(spans).values()].flatMap((r) => spansOf(r.contour, r.ring, ascending(r.indices)))

export const holdsVertex = (selection: Selection, contour: string, ring: number, index: number): boolean =>
  selection.vertices.some((s) => s.contour === contour && s.ring === ring && index >= s.start && index < s.start + s.count)

export function toggleVertex(selection: Selection, contour: string, ring: number, index: number): Selection {
  const rings = indicesByRing(selection.vertices)
  const key = `${contour}\n${ring}`
  const entry = rings.get(key) ?? { contour, ring, indices: new Set<number>() }
  if (!entry.indices.delete(index)) entry.indices.add(index)
  rings.set(key, entry)
  const vertices = [...rings.values()].flatMap((r) => spansOf(r.contour, r.ring, ascending(r.indices)))
  const contours = selection.contours.includes(contour) ? selection.contours : [...selection.contours, contour]
  return { contours, vertices, measurement: null }
}

/** Whole contours as spans, to be moved. */
export const wholeContours = (annotation: FrameAnnotation, ids: readonly string[]): VertexSpan[] => ids.flatMap((id) =>
  (findContour(annotation, id)?.rings ?? []).map((ring, k) => ({ contour: id, ring: k, start: 0, count: ring.length })))

/** What of a selection still exists after the document changed under it. */
export function prunedSelection(selection: Selection, annotation: FrameAnnotation): Selection {
  const contours = selection.contours.filter((id) => findContour(annotation, id))
  const vertices = selection.vertices.filter((s) => {
    const ring = findContour(annotation, s.contour)?.rings[s.ring]
    return ring !== undefined && s.start + s.count <= ring.length
  })
  const measurement = annotation.measurements.some((m) => m.id === selection.measurement) ? selection.measurement : null
  const unchanged = contours.length === selection.contours.length && vertices.length === selection.vertices.length && measurement === selection.measurement
  return unchanged ? selection : { contours, vertices, measurement }
}

export const moveOperations = (frame: number, spans: readonly VertexSpan[], dx: number, dy: number): Operation[] =>
  dx === 0 && dy === 0 ? [] : spans.map((s) => ({ op: 'move', frame, contour: s.contour, ring: s.ring, at: s.start, count: s.count, dx, dy }))
