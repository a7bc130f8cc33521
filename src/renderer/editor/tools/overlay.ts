import type { Bitmap, ImagePoint, Rect } from '#shared/geometry/index.ts'
import type { VertexSpan } from '../document/selection.ts'

/** How a line is meant; the adapter chooses colour and width. */
export type LineRole = 'draft' | 'rubber' | 'guide' | 'measure'

/** What to draw above the document, in image coordinates. Lists may be very long and may grow in place while a stroke is drawn: do not keep them. */
export type OverlayShape =
  | { readonly kind: 'line'; readonly points: readonly ImagePoint[]; readonly closed: boolean; readonly role: LineRole }
  | { readonly kind: 'handles'; readonly points: readonly ImagePoint[]; readonly role: 'vertex' | 'selected' | 'hover' | 'first' | 'insert' }
  | { readonly kind: 'disk'; readonly centre: ImagePoint; readonly radius: number; readonly role: 'brush' | 'eraser' }
  | { readonly kind: 'stroke'; readonly points: readonly ImagePoint[]; readonly radius: number; readonly role: 'brush' | 'eraser' }
  | { readonly kind: 'patch'; readonly bitmap: Bitmap; readonly revision: number; readonly role: 'brush' | 'eraser' }
  | { readonly kind: 'box'; readonly rect: Rect }
  | { readonly kind: 'crosshair'; readonly at: ImagePoint; readonly pressed: boolean }
  | { readonly kind: 'text'; readonly at: ImagePoint; readonly text: string }

/**
 * Vertices under the pointer's drag: the document still holds their old places. Draw the contours without the edges that touch these runs (once, when
 * `moving` appears), and the runs shifted by (dx, dy), joined to their unmoved neighbours (on every move; see movingLines).
 */
export interface Moving { readonly spans: readonly VertexSpan[]; readonly dx: number; readonly dy: number }

export type CursorRole = 'default' | 'crosshair' | 'move' | 'pointer' | 'grab' | 'grabbing' | 'none' | 'levels'

export interface ToolOverlay {
  readonly shapes: readonly OverlayShape[]
  readonly moving?: Moving
  readonly cursor: CursorRole
  /** What the next click does, in words. */
  readonly hint: string
}
