import type { Tool } from '../toolState.ts'
import { Idle } from './Idle.ts'

export const floodTool: Tool = { id: 'flood', title: 'Flood', enter: () => Idle() }
