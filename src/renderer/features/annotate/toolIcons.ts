import { Blend, Brush, Circle, Eraser, Hexagon, Magnet, MousePointer2, Pencil, Ruler, Spline } from '@lucide/vue'
import type { Component } from 'vue'
import type { ToolId } from '#renderer/editor/index.ts'

export const TOOL_ICONS: Readonly<Record<ToolId, Component>> = {
  select: MousePointer2, polygon: Hexagon, freehand: Pencil, spline: Spline, livewire: Magnet, brush: Brush, eraser: Eraser, flood: Blend, caliper: Ruler, ellipse: Circle,
}
