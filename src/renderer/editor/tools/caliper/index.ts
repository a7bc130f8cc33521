import type { Tool } from '../toolState.ts'
import { Idle } from './Idle.ts'

export const caliperTool: Tool = { id: 'caliper', title: 'Caliper', enter: () => Idle() }
