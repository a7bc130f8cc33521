import { splineLine } from '#shared/contour/index.ts'
import type { ImagePoint } from '#shared/geometry/index.ts'
import type { Draft } from '../../document/document.ts'
import type { OverlayShape, ToolOverlay } from '../overlay.ts'
import type { ToolContext } from '../toolState.ts'
import { closesDraft } from './draft.ts'

const lines = new WeakMap<Draft, readonly ImagePoint[]>()

function draftLine(draft: Draft): readonly ImagePoint[] {
  const known = lines.get(draft) ?? (draft.shape === 'spline' ? splineLine(draft.ring.points()) : draft.ring.points())
  lines.set(draft, known)
  return known
}

/** The draft as it stands, whatever tool is chosen. */
export function draftShapes(draft: Draft): OverlayShape[] {
  const few = draft.shape === 'spline' || draft.ring.length <= 400
  const handles: OverlayShape[] = few ? [{ kind: 'handles', role: 'vertex', points: draft.ring.points() }] : []
  return [
    { kind: 'line', role: 'draft', closed: false, points: draftLine(draft) },
    ...handles,
    { kind: 'handles', role: 'first', points: [draft.ring.at(0)] },
  ]
}

/** The draft, the line to the pointer (or the path a live wire found), and what a click would do. */
export function draftOverlay(context: ToolContext, hover: ImagePoint | null, path: readonly ImagePoint[]): ToolOverlay {
  const { draft } = context.annotation
  if (!draft) return { shapes: [], cursor: 'crosshair', hint: '' }
  const closing = hover !== null && closesDraft(context, draft, hover)
  const target = closing ? draft.ring.at(0) : hover
  const points = path.length > 0 || !target ? path : [draft.ring.at(-1), target]
  const rubber: OverlayShape[] = target ? [{ kind: 'line', role: 'rubber', closed: false, points }] : []
  const mark: OverlayShape[] = closing ? [{ kind: 'handles', role: 'hover', points: [draft.ring.at(0)] }] : []
  const count = draft.ring.length
  const hint = closing ? 'Click to close the contour.'
    : count < 3 ? 'Click to add a point; Escape discards.'
      : 'Click to add a point; Enter or a click on the first point closes; Backspace removes the last; Escape discards.'
  return { shapes: [...draftShapes(draft), ...rubber, ...mark], cursor: closing ? 'pointer' : 'crosshair', hint }
}
