import type { Tool } from '../toolState.ts'
import { Idle } from './Idle.ts'

export const freehandTool: Tool = { id: 'freehand', title: 'Freehand', enter: () => Idle() }
