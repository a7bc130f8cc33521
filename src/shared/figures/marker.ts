import type { Marker } from './model.ts'
import { px } from './text.ts'

/** The outline of a marker around a place; `r` is half its size. */
export function markerPath(marker: Marker, x: number, y: number, r: number): string {
  switch (marker) {
    case 'circle': return `M${px(x - r)} ${px(y)}a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0Z`
    case 'square': return `M${px(x - r * 0.9)} ${px(y - r * 0.9)}h${px(1.8 * r)}v${px(1.8 * r)}h${px(-1.8 * r)}Z`
    case 'diamond': return `M${px(x)} ${px(y - r * 1.25)}L${px(x + r * 1.25)} ${px(y)}L${px(x)} ${px(y + r * 1.25)}L${px(x - r * 1.25)} ${px(y)}Z`
    case 'triangle': return `M${px(x)} ${px(y - r * 1.15)}L${px(x + r * 1.1)} ${px(y + r * 0.85)}L${px(x - r * 1.1)} ${px(y + r * 0.85)}Z`
    case 'cross': return `M${px(x - r)} ${px(y - r)}L${px(x + r)} ${px(y + r)}M${px(x - r)} ${px(y + r)}L${px(x + r)} ${px(y - r)}`
  }
}
