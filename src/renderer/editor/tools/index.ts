import type { Tool, ToolId } from './toolState.ts'
import { freehandTool } from './freehand/index.ts'
import { polygonTool } from './polygon/index.ts'
import { selectTool } from './select/index.ts'

export const TOOLS: readonly Tool[] = [selectTool, polygonTool, freehandTool]

const byId = new Map(TOOLS.map((tool) => [tool.id, tool]))

export function toolById(id: ToolId): Tool {
  const tool = byId.get(id)
  if (!tool) throw new Error(`there is no tool ${id}`)
  return tool
}
