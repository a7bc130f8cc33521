import type { ClickKind } from '../draft/clickKind.ts'
import { Drawing } from '../draft/Drawing.ts'
import { Idle } from '../draft/Idle.ts'
import type { Tool } from '../toolState.ts'

const KIND: ClickKind = { id: 'polygon', shape: 'polygon', noun: 'polygon' }

export const polygonTool: Tool = {
  id: 'polygon', title: 'Polygon',
  enter: (context) => (context.annotation.draft ? Drawing(KIND, null) : Idle(KIND)),
}
