import { boundsOf, imagePointsOf, type ImagePoint, type Polygon, type RleMask, type Size } from '#shared/geometry/index.ts'
import { maskFromPolygons } from './rasterise.ts'
import { splineRing } from './spline.ts'

/** Where a contour came from. An edit by hand makes any contour a drawn one. */
export type ContourOrigin = 'drawn' | 'copied' | 'interpolated' | 'imported' | 'model' | 'consensus'

/**
 * Rings as flat lists x0, y0, x1, y1, ... in image pixels; the first ring is the outer one, the others are holes. A spline's rings hold control
 * points.
 */
export interface ContourData {
  readonly id: string
  readonly label: string
  readonly shape: 'polygon' | 'spline'
  readonly origin: ContourOrigin
  readonly rings: readonly (readonly number[])[]
}

/** A caliper has two points; an ellipse the two ends of one axis and a point that the other axis reaches as far as. Flat, in image pixels. */
export interface MeasurementData { readonly id: string; readonly kind: 'caliper' | 'ellipse'; readonly points: readonly number[] }

/** A contour that is not closed yet. */
export interface DraftData { readonly shape: 'polygon' | 'spline'; readonly points: readonly number[] }

export interface FrameData {
  readonly frame: number
  readonly contours: readonly ContourData[]
  readonly measurements: readonly MeasurementData[]
  readonly draft: DraftData | null
}

/** An annotation as it is stored and sent: plain JSON, coordinates in pixels (multiples of 1/1024), frames in ascending order. */
export interface AnnotationData extends Size {
  readonly format: 1
  readonly frames: readonly FrameData[]
  /** The frame marked as the largest cross-section. */
  readonly largestFrame: number | null
}

export const emptyAnnotation = (size: Size): AnnotationData => ({ format: 1, width: size.width, height: size.height, frames: [], largestFrame: null })

/** The drawn line of one ring: the ring itself, or the spline through its control points. */
export const outlineOf = (shape: 'polygon' | 'spline', ring: readonly ImagePoint[]): readonly ImagePoint[] => shape === 'spline' ? splineRing(ring) : ring

export function contourPolygon(contour: ContourData): Polygon<ImagePoint> {
  const [outer = [], ...holes] = contour.rings.map((ring) => outlineOf(contour.shape, imagePointsOf(ring)))
  return { outer, holes }
}

/** The polygons of one frame, of one label or of all. */
export function framePolygons(data: AnnotationData, frame: number, label?: string): Polygon<ImagePoint>[] {
  const contours = data.frames.find((f) => f.frame === frame)?.contours ?? []
  return contours.filter((c) => label === undefined || c.label === label).map(contourPolygon)
}

/** The mask view of one frame: the union of its contours; a draft does not count. */
export const annotationMask = (data: AnnotationData, frame: number, label?: string): RleMask =>
  maskFromPolygons(framePolygons(data, frame, label), { width: data.width, height: data.height })

/** A frame of contours from polygons (for example traced from an imported mask); rings under three points or without extent are left out. */
export function frameFromPolygons(
  frame: number, polygons: readonly Polygon[], options: { label: string; origin: ContourOrigin; id(index: number): string },
): FrameData {
  const whole = (ring: readonly { x: number; y: number }[]): boolean => ring.length >= 3 && boundsOf(ring).width > 0
  const contours = polygons.filter((p) => whole(p.outer)).map((p, i): ContourData => ({
    id: options.id(i), label: options.label, shape: 'polygon', origin: options.origin,
    rings: [p.outer, ...p.holes.filter(whole)].map((ring) => ring.flatMap((q) => [q.x, q.y])),
  }))
  return { frame, contours, measurements: [], draft: null }
}
