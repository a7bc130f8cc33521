import { maskFromPolygons, outlineOf, type AnnotationData, type ContourOrigin, type FrameData } from '#shared/contour/index.ts'
import type { ImagePoint, Polygon, RleMask, Size } from '#shared/geometry/index.ts'
import { toPixels, toUnits } from './units.ts'
import { VertexRing } from './vertexRing.ts'

export type Shape = 'polygon' | 'spline'

/** rings[0] is the outer line, the others are holes. */
export interface Contour {
  readonly id: string
  readonly label: string
  readonly shape: Shape
  readonly origin: ContourOrigin
  readonly rings: readonly VertexRing[]
}

export interface Measurement { readonly id: string; readonly kind: 'caliper' | 'ellipse'; readonly points: VertexRing }

/** The contour under construction: it is part of the document, so that every click is kept and can be undone. */
export interface Draft { readonly shape: Shape; readonly ring: VertexRing }

export interface FrameAnnotation { readonly contours: readonly Contour[]; readonly measurements: readonly Measurement[]; readonly draft: Draft | null }

/** Immutable: an edit makes a new document that shares what did not change. */
export interface AnnotationDocument { readonly size: Size; readonly frames: ReadonlyMap<number, FrameAnnotation>; readonly largestFrame: number | null }

export const EMPTY_FRAME: FrameAnnotation = Object.freeze({ contours: [], measurements: [], draft: null })

export const frameOf = (document: AnnotationDocument, frame: number): FrameAnnotation => document.frames.get(frame) ?? EMPTY_FRAME

const isEmpty = (f: FrameAnnotation): boolean => f.contours.length === 0 && f.measurements.length === 0 && f.draft === null

/** An emptied frame is dropped, so that undoing to nothing equals never having drawn. */
export function withFrame(document: AnnotationDocument, frame: number, annotation: FrameAnnotation): AnnotationDocument {
  const frames = new Map(document.frames)
  if (isEmpty(annotation)) frames.delete(frame)
  else frames.set(frame, annotation)
  return { ...document, frames }
}

export const findContour = (annotation: FrameAnnotation, id: string): Contour | undefined => annotation.contours.find((c) => c.id === id)

export const emptyDocument = (size: Size): AnnotationDocument =>
  ({ size: { width: size.width, height: size.height }, frames: new Map(), largestFrame: null })

const ringFromPixels = (flat: readonly number[]): VertexRing => VertexRing.ofUnits(flat.map(toUnits))
const ringToPixels = (ring: VertexRing): number[] => ring.units().map(toPixels)

/** The document of stored data; coordinates are rounded to 1/1024 pixel. */
export function documentFromData(data: AnnotationData): AnnotationDocument {
  const frames = new Map(data.frames.map((f): [number, FrameAnnotation] => [f.frame, {
    contours: f.contours.map((c) => ({ id: c.id, label: c.label, shape: c.shape, origin: c.origin, rings: c.rings.map(ringFromPixels) })),
    measurements: f.measurements.map((m) => ({ id: m.id, kind: m.kind, points: ringFromPixels(m.points) })),
    draft: f.draft ? { shape: f.draft.shape, ring: ringFromPixels(f.draft.points) } : null,
  }]))
  return { size: { width: data.width, height: data.height }, frames, largestFrame: data.largestFrame }
}

function frameToData([frame, f]: readonly [number, FrameAnnotation]): FrameData {
  return {
    frame,
    contours: f.contours.map((c) => ({ id: c.id, label: c.label, shape: c.shape, origin: c.origin, rings: c.rings.map(ringToPixels) })),
    measurements: f.measurements.map((m) => ({ id: m.id, kind: m.kind, points: ringToPixels(m.points) })),
    draft: f.draft ? { shape: f.draft.shape, points: ringToPixels(f.draft.ring) } : null,
  }
}

/** Plain JSON of the document, frames in ascending order: equal documents give equal data. */
export const documentToData = (document: AnnotationDocument): AnnotationData => ({
  format: 1, width: document.size.width, height: document.size.height,
  frames: [...document.frames].sort((a, b) => a[0] - b[0]).map(frameToData),
  largestFrame: document.largestFrame,
})

const polygons = new WeakMap<Contour, Polygon<ImagePoint>>()

/** The contour's region: its rings, or the splines through them. Made once for each version of the contour. */
export function polygonOf(contour: Contour): Polygon<ImagePoint> {
  const known = polygons.get(contour)
  if (known) return known
  const [outer = [], ...holes] = contour.rings.map((ring) => outlineOf(contour.shape, ring.points()))
  const polygon = { outer, holes }
  polygons.set(contour, polygon)
  return polygon
}

const masks = new WeakMap<FrameAnnotation, Map<string, RleMask>>()

/** The mask view of a frame: all contours, or those of one label. Made once for each version of the frame. */
export function maskOf(document: AnnotationDocument, frame: number, label?: string): RleMask {
  const annotation = frameOf(document, frame)
  const known = masks.get(annotation) ?? new Map<string, RleMask>()
  const key = `${document.size.width}x${document.size.height} ${label ?? ''}`
  const contours = annotation.contours.filter((c) => label === undefined || c.label === label)
  const mask = known.get(key) ?? maskFromPolygons(contours.map(polygonOf), document.size)
  masks.set(annotation, known.set(key, mask))
  return mask
}

