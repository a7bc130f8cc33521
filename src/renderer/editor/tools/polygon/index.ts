import type { Tool } from '../toolState.ts'
import { Drawing } from './Drawing.ts'
import { Idle } from './Idle.ts'

export const polygonTool: Tool = {
  id: 'polygon', title: 'Polygon',
  enter: (context) => (context.annotation.draft ? Drawing(null) : Idle()),
}
