import type { Tool } from '../toolState.ts'
import { Idle } from './Idle.ts'

export const ellipseTool: Tool = { id: 'ellipse', title: 'Ellipse', enter: () => Idle() }
