import { brushTool, eraserTool } from './brush/index.ts'
import { caliperTool } from './caliper/index.ts'
import { ellipseTool } from './ellipse/index.ts'
import { floodTool } from './flood/index.ts'
import { freehandTool } from './freehand/index.ts'
import { livewireTool } from './livewire/index.ts'
import { polygonTool } from './polygon/index.ts'
import { selectTool } from './select/index.ts'
import { splineTool } from './spline/index.ts'
import type { Tool, ToolId } from './toolState.ts'

/** In the order of the tool strip. */
export const TOOLS: readonly Tool[] = [
  selectTool, polygonTool, freehandTool, splineTool, livewireTool, brushTool, eraserTool, floodTool, caliperTool, ellipseTool,
]

const byId = new Map<ToolId, Tool>(TOOLS.map((tool) => [tool.id, tool]))

export function toolById(id: ToolId): Tool {
  const tool = byId.get(id)
  if (!tool) throw new Error(`there is no tool ${id}`)
  return tool
}
