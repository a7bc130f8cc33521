import { polygonOf, type Contour, type Moving, type VertexSpan } from '#renderer/editor/index.ts'
import { pathOfRings } from '../overlays/paths.ts'

const paths = new WeakMap<Contour, Path2D>()

/** The region of a contour as an even-odd path in image pixels; made once for each version of the contour. */
export function contourPath(contour: Contour): Path2D {
  const known = paths.get(contour)
  if (known) return known
  const polygon = polygonOf(contour)
  const path = pathOfRings([polygon.outer, ...polygon.holes])
  paths.set(contour, path)
  return path
}

/** Which vertices of a ring of `length` are in one of the spans. */
function movedFlags(spans: readonly VertexSpan[], contour: string, ring: number, length: number): Uint8Array {
  const flags = new Uint8Array(length)
  for (const span of spans) if (span.contour === contour && span.ring === ring) flags.fill(1, span.start, Math.min(length, span.start + span.count))
  return flags
}

/** The edges of a closed ring that touch no flagged vertex, as runs of indices to join by lines. */
export function stillRuns(flags: Uint8Array): number[][] {
  const n = flags.length
  const runs: number[][] = []
  let run: number[] = []
  const start = flags.indexOf(1)
  if (start < 0) return n === 0 ? [] : [[...flags.keys(), 0]]
  for (let k = 1; k <= n; k++) {
    const i = (start + k) % n
    if (flags[i] === 1) {
      if (run.length > 1) runs.push(run)
      run = []
    } else run.push(i)
  }
  return runs
}

interface StillPath { readonly spans: readonly VertexSpan[]; readonly path: Path2D }
const still = new WeakMap<Contour, StillPath>()

/** The lines of a contour that stay while some of its vertices move. Made once for a drag. */
export function stillPath(contour: Contour, moving: Moving): Path2D {
  const known = still.get(contour)
  if (known && known.spans === moving.spans) return known.path
  const path = new Path2D()
  for (const [k, ring] of contour.rings.entries()) {
    const points = ring.points()
    for (const run of stillRuns(movedFlags(moving.spans, contour.id, k, points.length))) {
      for (const [step, i] of run.entries()) {
        const p = points[i]
        if (!p) continue
        if (step === 0) path.moveTo(p.x, p.y)
        else path.lineTo(p.x, p.y)
      }
    }
  }
  still.set(contour, { spans: moving.spans, path })
  return path
}

export const isMoving = (contour: Contour, moving: Moving | undefined): moving is Moving => moving?.spans.some((span) => span.contour === contour.id) ?? false
