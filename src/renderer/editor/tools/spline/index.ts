import type { ClickKind } from '../draft/clickKind.ts'
import { Drawing } from '../draft/Drawing.ts'
import { Idle } from '../draft/Idle.ts'
import type { Tool } from '../toolState.ts'

const KIND: ClickKind = { id: 'spline', shape: 'spline', noun: 'spline' }

/** The clicked points stay control points of the finished contour: selecting it later bends the curve. */
export const splineTool: Tool = {
  id: 'spline', title: 'Spline',
  enter: (context) => (context.annotation.draft ? Drawing(KIND, null) : Idle(KIND)),
}
