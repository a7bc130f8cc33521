import { scaleFor, toMillimetres, type Calibration } from './calibration.ts'
import { distance } from './distance.ts'
import { ellipseArea, ellipsePerimeter, ellipseThrough } from './ellipse.ts'
import type { Point } from './points.ts'
import { feretAxes, perimeter, polygonArea, type Axes, type Polygon } from './polygon/index.ts'

/** A length or an area; in pixels (square pixels) only with the reason why millimetres are not known. */
export type Measured =
  | { readonly value: number; readonly unit: 'mm' | 'mm²' }
  | { readonly value: number; readonly unit: 'px' | 'px²'; readonly reason: string }

/** The points in millimetres where one calibrated region holds them all, else as they are with the reason. */
function scaled(points: readonly Point[], calibration: Calibration): { points: readonly Point[]; reason: string | undefined } {
  const scale = scaleFor(points, calibration)
  return scale.known
    ? { points: points.map((p) => toMillimetres(p, scale.region)), reason: undefined }
    : { points, reason: scale.reason }
}

const length = (value: number, reason: string | undefined): Measured => reason === undefined ? { value, unit: 'mm' } : { value, unit: 'px', reason }
const area = (value: number, reason: string | undefined): Measured => reason === undefined ? { value, unit: 'mm²' } : { value, unit: 'px²', reason }

export function measureDistance(a: Point, b: Point, calibration: Calibration): Measured {
  const { points: [from, to], reason } = scaled([a, b], calibration)
  return length(distance(from as Point, to as Point), reason)
}

export interface PolygonMeasures { readonly area: Measured; readonly perimeter: Measured; readonly longAxis: Measured; readonly shortAxis: Measured }

function scaledPolygon(polygon: Polygon, calibration: Calibration): { polygon: Polygon; reason: string | undefined } {
  const outer = scaled(polygon.outer, calibration)
  if (outer.reason !== undefined) return { polygon, reason: outer.reason }
  const scale = scaleFor(polygon.outer, calibration)
  if (!scale.known) return { polygon, reason: scale.reason }
  return { polygon: { outer: outer.points, holes: polygon.holes.map((hole) => hole.map((p) => toMillimetres(p, scale.region))) }, reason: undefined }
}

/** Area (holes taken away), perimeter of the outer ring, long and short axis; anisotropic pixels are scaled before anything is measured. */
export function measurePolygon(polygon: Polygon, calibration: Calibration): PolygonMeasures {
  const { polygon: shape, reason } = scaledPolygon(polygon, calibration)
  const axes: Axes | undefined = feretAxes(shape.outer)
  return {
    area: area(polygonArea(shape), reason),
    perimeter: length(perimeter(shape.outer), reason),
    longAxis: length(axes?.long.length ?? 0, reason),
    shortAxis: length(axes?.short.length ?? 0, reason),
  }
}

export interface EllipseMeasures { readonly area: Measured; readonly perimeter: Measured; readonly axis: Measured; readonly otherAxis: Measured }

/**
 * An ellipse drawn by one axis a-b and a point c at the other axis's reach.
 * With anisotropic pixels the drawn ellipse is one in the image and, scaled, still one on the patient, but its axes there are others:
 * they are found from the scaled conjugate half diameters (as the singular values of the 2 x 2 matrix of them).
 */
export function measureEllipse(a: Point, b: Point, c: Point, calibration: Calibration): EllipseMeasures {
  const drawn = ellipseThrough(a, b, c)
  const axis = distance(a, b)
  const ux = axis === 0 ? 0 : -(b.y - a.y) / axis, uy = axis === 0 ? 0 : (b.x - a.x) / axis
  const centre = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
  const side = { x: centre.x + ux * drawn.halfWidth, y: centre.y + uy * drawn.halfWidth }
  const other = { x: centre.x - ux * drawn.halfWidth, y: centre.y - uy * drawn.halfWidth }
  const { points, reason } = scaled([a, b, side, other], calibration)
  const [p, q, r, s] = points as [Point, Point, Point, Point]
  const m = { a: (q.x - p.x) / 2, b: (s.x - r.x) / 2, c: (q.y - p.y) / 2, d: (s.y - r.y) / 2 }
  const squares = m.a ** 2 + m.b ** 2 + m.c ** 2 + m.d ** 2
  const determinant = Math.abs(m.a * m.d - m.b * m.c)
  const root = Math.sqrt(Math.max(0, squares ** 2 - 4 * determinant ** 2))
  const major = Math.sqrt((squares + root) / 2)
  const minor = major === 0 ? 0 : determinant / major
  const shape = { a: { x: -major, y: 0 }, b: { x: major, y: 0 }, halfWidth: minor }
  return {
    area: area(ellipseArea(shape), reason),
    perimeter: length(ellipsePerimeter(shape), reason),
    axis: length(2 * major, reason),
    otherAxis: length(2 * minor, reason),
  }
}
