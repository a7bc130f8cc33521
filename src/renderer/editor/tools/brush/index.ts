import type { Tool } from '../toolState.ts'
import { Idle } from './Idle.ts'

export const brushTool: Tool = { id: 'brush', title: 'Brush', enter: () => Idle('brush') }
export const eraserTool: Tool = { id: 'eraser', title: 'Eraser', enter: () => Idle('eraser') }
