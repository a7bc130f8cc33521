import { growRect, polygonContains, rectContains, type ImagePoint } from '#shared/geometry/index.ts'
import { polygonOf, type Contour, type FrameAnnotation } from './document.ts'
import type { Selection } from './selection.ts'

/** How near (CSS pixels) counts as on a vertex and on a line. */
const VERTEX_REACH = 8, EDGE_REACH = 5

export type Hit =
  | { readonly kind: 'measurement'; readonly id: string; readonly index: number }
  | { readonly kind: 'vertex'; readonly contour: string; readonly ring: number; readonly index: number; readonly at: ImagePoint }
  | { readonly kind: 'edge'; readonly contour: string; readonly ring: number; readonly index: number; readonly at: ImagePoint }
  | { readonly kind: 'inside'; readonly contour: string }
  | { readonly kind: 'nothing' }

/** `reach` turns CSS pixels into image pixels across at the present zoom; `pixelAspect` is how much taller than wide those are on the screen. */
export interface HitContext { readonly annotation: FrameAnnotation; readonly selection: Selection; readonly pixelAspect: number; reach(cssPixels: number): number }

function measurementAt(context: HitContext, p: ImagePoint): Hit | undefined {
  const hits = context.annotation.measurements.flatMap((m) => {
    const near = m.points.nearestVertex(p, context.reach(VERTEX_REACH), context.pixelAspect)
    return near ? [{ kind: 'measurement' as const, id: m.id, index: near.index, distance: near.distance }] : []
  })
  return hits.sort((a, b) => a.distance - b.distance)[0]
}

function vertexAt(context: HitContext, contours: readonly Contour[], p: ImagePoint): Hit | undefined {
  const hits = contours.flatMap((c) => c.rings.flatMap((ring, k) => {
    const near = ring.nearestVertex(p, context.reach(VERTEX_REACH), context.pixelAspect)
    return near ? [{ kind: 'vertex' as const, contour: c.id, ring: k, index: near.index, at: ring.at(near.index), distance: near.distance }] : []
  }))
  return hits.sort((a, b) => a.distance - b.distance)[0]
}

function edgeAt(context: HitContext, contours: readonly Contour[], p: ImagePoint): Hit | undefined {
  const hits = contours.flatMap((c) => c.rings.flatMap((ring, k) => {
    const near = ring.nearestEdge(p, context.reach(EDGE_REACH), context.pixelAspect)
    return near ? [{ kind: 'edge' as const, contour: c.id, ring: k, index: near.index, at: near.at, distance: near.distance }] : []
  }))
  return hits.sort((a, b) => a.distance - b.distance)[0]
}

/** Contours from the top one down, the selected ones before all. */
function inOrder(context: HitContext): Contour[] {
  const picked = (c: Contour): number => (context.selection.contours.includes(c.id) ? 0 : 1)
  return context.annotation.contours.toReversed().sort((a, b) => picked(a) - picked(b))
}

/** What lies under a place: ends of measurements, then vertices and lines of selected contours, then the contours themselves. */
export function hitAt(context: HitContext, p: ImagePoint): Hit {
  const contours = inOrder(context)
  const selected = contours.filter((c) => context.selection.contours.includes(c.id))
  const close = measurementAt(context, p) ?? vertexAt(context, selected, p) ?? edgeAt(context, selected, p)
  if (close) return close
  // Away from every vertex of every ring's bounds nothing can be inside; the exact test is left for the few that are near.
  const inside = contours.find((c) => {
    const bounds = c.rings[0]?.bounds()
    const reach = context.reach(EDGE_REACH)
    // A spline may bulge beyond its control points, by less than their extent.
    const bulge = bounds && c.shape === 'spline' ? Math.max(bounds.width, bounds.height) : 0
    if (!bounds || !rectContains(growRect(bounds, Math.max(reach, reach / context.pixelAspect) + bulge), p)) return false
    return c.rings.some((ring) => ring.nearestEdge(p, reach, context.pixelAspect)) || polygonContains(polygonOf(c), p)
  })
  return inside ? { kind: 'inside', contour: inside.id } : { kind: 'nothing' }
}
