import type { Contour, Draft, Measurement } from './document.ts'
import type { ContourRecord, DraftRecord, MeasurementRecord, Operation } from './operations.ts'
import { VertexRing } from './vertexRing.ts'

export const contourFromRecord = (r: ContourRecord): Contour =>
  ({ id: r.id, label: r.label, shape: r.shape, origin: r.origin, rings: r.rings.map((ring) => VertexRing.ofUnits(ring)) })
export const contourToRecord = (c: Contour): ContourRecord =>
  ({ id: c.id, label: c.label, shape: c.shape, origin: c.origin, rings: c.rings.map((ring) => ring.units()) })
export const measurementFromRecord = (r: MeasurementRecord): Measurement => ({ id: r.id, kind: r.kind, points: VertexRing.ofUnits(r.points) })
export const measurementToRecord = (m: Measurement): MeasurementRecord => ({ id: m.id, kind: m.kind, points: m.points.units() })
export const draftFromRecord = (r: DraftRecord | null): Draft | null => r && { shape: r.shape, ring: VertexRing.ofUnits(r.points) }
export const draftToRecord = (d: Draft | null): DraftRecord | null => d && { shape: d.shape, points: d.ring.units() }

/** Takes a contour away, wherever it stands in its frame. */
export const removeContourOperation = (frame: number, contours: readonly Contour[], contour: Contour): Operation =>
  ({ op: 'removeContour', frame, at: contours.indexOf(contour), contour: contourToRecord(contour) })
