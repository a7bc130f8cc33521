import type { Tool } from '../toolState.ts'
import { Drawing } from './Drawing.ts'
import { Idle } from './Idle.ts'

export const livewireTool: Tool = {
  id: 'livewire', title: 'Live wire',
  enter: (context) => (context.annotation.draft ? Drawing(null) : Idle()),
}
