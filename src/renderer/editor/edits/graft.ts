import { rasterise } from '#shared/contour/index.ts'
import {
  boundsOf, distance, growRect, imagePoint, rectContains, ringsOf, sameBitmap, signedArea, type Bitmap, type ImagePoint, type Point, type Polygon, type Rect, type Ring,
} from '#shared/geometry/index.ts'
import { snapPoint } from '../document/units.ts'

/** A run of a ring inside or outside a rectangle; its first and last points lie on the rectangle's sides, unless the ring never crosses them. */
interface Piece { readonly inside: boolean; readonly points: readonly ImagePoint[]; readonly whole: boolean }

/** The parameters in (0, 1) at which the edge a-b enters and leaves the rectangle (Liang and Barsky 1984). */
function cuts(a: Point, b: Point, r: Rect): number[] {
  let enter = 0, leave = 1
  const sides: readonly (readonly [number, number])[] = [
    [a.x - b.x, a.x - r.left], [b.x - a.x, r.left + r.width - a.x], [a.y - b.y, a.y - r.top], [b.y - a.y, r.top + r.height - a.y],
  ]
  for (const [p, q] of sides) {
    if (p === 0 && q < 0) return []
    if (p < 0) enter = Math.max(enter, q / p)
    if (p > 0) leave = Math.min(leave, q / p)
  }
  return enter < leave ? [enter, leave].filter((t) => t > 0 && t < 1) : []
}

function piecesOf(ring: Ring, rect: Rect): Piece[] {
  const points = ring.flatMap((a, i) => {
    const b = ring[(i + 1) % ring.length] as Point
    return [0, ...cuts(a, b, rect)].map((t) => imagePoint(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)))
  })
  const n = points.length
  const inside = points.map((a, i) => {
    const b = points[(i + 1) % n] as ImagePoint
    return rectContains(rect, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
  })
  const first = inside.findIndex((value, i) => value !== inside[(i + n - 1) % n])
  if (first < 0) return [{ inside: inside[0] === true, points, whole: true }]
  const pieces: Piece[] = []
  for (let k = 0; k < n;) {
    const at = (first + k) % n
    const run: ImagePoint[] = [points[at] as ImagePoint]
    do run.push(points[(first + ++k) % n] as ImagePoint)
    while (k < n && inside[(first + k) % n] === inside[at])
    pieces.push({ inside: inside[at] === true, points: run, whole: false })
  }
  return pieces
}

const ends = (piece: Piece): readonly [ImagePoint, ImagePoint] => [piece.points[0] as ImagePoint, piece.points[piece.points.length - 1] as ImagePoint]

/** A traced line and the line that it was traced from are never farther apart than this where nothing was painted. */
const APART = 1.5

function twinOf(piece: Piece, olds: readonly Piece[]): Piece | undefined {
  const [start, end] = ends(piece)
  return olds.find((old) => {
    if (old.whole !== piece.whole) return false
    if (!piece.whole) return distance(ends(old)[0], start) <= APART && distance(ends(old)[1], end) <= APART
    const a = boundsOf(old.points), b = boundsOf(piece.points)
    return [a.left - b.left, a.top - b.top, a.width - b.width, a.height - b.height].every((difference) => Math.abs(difference) <= APART)
  })
}

function graftRing(ring: Ring<ImagePoint>, olds: readonly Piece[], dirty: Rect, joints: boolean): Ring<ImagePoint> {
  const points = piecesOf(ring, dirty).flatMap((piece): readonly ImagePoint[] => {
    const chosen = piece.inside ? piece : twinOf(piece, olds) ?? piece
    return chosen.whole || joints ? chosen.points : chosen.points.slice(1, -1)
  }).map(snapPoint)
  return points.length >= 3 ? points : ring
}

/** Outer rings clockwise on the screen and holes the other way, as tracing makes them. */
const orient = (polygon: Polygon): Ring[] => ringsOf(polygon).map((ring, k) => ((signedArea(ring) > 0) === (k === 0) ? ring : ring.toReversed()))

/**
 * Painting goes through pixels, and tracing gives every contour new vertices on pixel edges. This puts the old vertices back wherever the line lies
 * outside the painted rectangle: a polygon clicked with care keeps its points when a corner of it is brushed. The two lines are joined from vertex to
 * vertex, or, where that would flip a pixel, along the rectangle's side (no pixel centre lies on it). The result counts only if it rasterises to the
 * very target, with its points where the document will keep them: an edge cut at the rectangle's side and then rounded can flip a pixel whose centre
 * it almost touches. Otherwise the traced polygons stand.
 */
export function graftUnchanged(
  traced: readonly Polygon<ImagePoint>[], olds: readonly Polygon[], painted: Rect, target: Bitmap,
): readonly Polygon<ImagePoint>[] {
  for (const margin of [2, 4, 8]) {
    const dirty = growRect(painted, margin + 0.25)
    const pieces = olds.flatMap(orient).flatMap((ring) => piecesOf(ring, dirty)).filter((piece) => !piece.inside)
    for (const joints of [false, true]) {
      const graft = (ring: Ring<ImagePoint>): Ring<ImagePoint> => graftRing(ring, pieces, dirty, joints)
      const grafted = traced.map((p) => ({ outer: graft(p.outer), holes: p.holes.map(graft) }))
      if (sameBitmap(rasterise(grafted, target), target)) return grafted
    }
  }
  return traced
}
