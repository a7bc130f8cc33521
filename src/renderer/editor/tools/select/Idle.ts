import type { ImagePoint } from '#shared/geometry/index.ts'
import { holdsVertex, NOTHING, selectContours, toggleVertex, wholeContours } from '../../document/selection.ts'
import { hitAt, type Hit } from '../../document/hitTest.ts'
import type { ToolEvent } from '../../input/events.ts'
import { idle, unmoved, type ToolContext, type ToolState } from '../toolState.ts'
import type { OverlayShape, ToolOverlay } from '../overlay.ts'
import { Boxing } from './Boxing.ts'
import { Inserting } from './Inserting.ts'
import { MovingHandle } from './MovingHandle.ts'
import { MovingVertices } from './MovingVertices.ts'
import { handleShapes } from './handles.ts'

type Down = Extract<ToolEvent, { type: 'down' | 'up' | 'double' }>

const onlyVertex = (hit: Extract<Hit, { kind: 'vertex' }>) =>
  ({ contours: [hit.contour], vertices: [{ contour: hit.contour, ring: hit.ring, start: hit.index, count: 1 }], measurement: null })

function press(event: Down, context: ToolContext, state: ToolState): ToolState {
  const hit = hitAt(context, event.at)
  const { shift } = event.modifiers
  switch (hit.kind) {
    case 'measurement':
      context.select({ contours: [], vertices: [], measurement: hit.id })
      return MovingHandle(hit.id, hit.index, event.at)
    case 'vertex': {
      if (shift) {
        context.select(toggleVertex(context.selection, hit.contour, hit.ring, hit.index))
        return state
      }
      if (!holdsVertex(context.selection, hit.contour, hit.ring, hit.index)) context.select(onlyVertex(hit))
      return MovingVertices(event.at, context.selection.vertices)
    }
    case 'edge': return Inserting(event.at, hit)
    case 'inside': {
      const picked = context.selection.contours
      if (shift) context.select(selectContours(...(picked.includes(hit.contour) ? picked.filter((id) => id !== hit.contour) : [...picked, hit.contour])))
      else if (!picked.includes(hit.contour)) context.select(selectContours(hit.contour))
      return shift ? state : MovingVertices(event.at, wholeContours(context.annotation, context.selection.contours))
    }
    case 'nothing':
      if (!shift) context.select({ ...NOTHING, contours: context.selection.contours })
      return Boxing(event.at, shift ? context.selection : null)
    default: return hit satisfies never
  }
}

function describe(hit: Hit, context: ToolContext): Pick<ToolOverlay, 'cursor' | 'hint'> & { shapes: OverlayShape[] } {
  switch (hit.kind) {
    case 'measurement': return { cursor: 'move', hint: 'Drag to move this end of the measurement.', shapes: [] }
    case 'vertex': return {
      cursor: 'move', hint: 'Drag to move the vertex; Shift+click adds it to the selection; Delete removes it.',
      shapes: [{ kind: 'handles', role: 'hover', points: [hit.at] }],
    }
    case 'edge': return {
      cursor: 'pointer', hint: 'Press to insert a vertex here and drag it.',
      shapes: [{ kind: 'handles', role: 'insert', points: [hit.at] }],
    }
    case 'inside': return context.selection.contours.includes(hit.contour)
      ? { cursor: 'move', hint: 'Drag to move the contour; Delete removes it.', shapes: [] }
      : { cursor: 'pointer', hint: 'Click to select this contour.', shapes: [] }
    case 'nothing': return { cursor: 'default', hint: 'Drag a box to select vertices; click a contour to select it.', shapes: [] }
    default: return hit satisfies never
  }
}

/** Nothing is dragged: what lies under the pointer says what pressing does. */
export function Idle(at: ImagePoint | null = null): ToolState {
  let hover = at
  const state: ToolState = {
    ...idle('select/Idle'),
    ...unmoved(() => state),
    cancel(context) {
      context.select(NOTHING)
      return state
    },
    on(event, context) {
      if (event.type === 'leave') hover = null
      else hover = event.at
      return event.type === 'down' ? press(event, context, state) : state
    },
    overlay(context) {
      const { shapes, ...rest } = describe(hover ? hitAt(context, hover) : { kind: 'nothing' }, context)
      return { shapes: [...handleShapes(context), ...shapes], ...rest }
    },
  }
  return state
}

