import type { Tool } from '../toolState.ts'
import { Idle } from './Idle.ts'

export const selectTool: Tool = { id: 'select', title: 'Select', enter: () => Idle() }
