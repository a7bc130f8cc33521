import type { ImagePoint, ScreenPoint, Size, Viewport } from '#shared/geometry/index.ts'
import type { WindowLevel } from './windowLevel.ts'

/** A pointer over the image; `inside` is false beyond the image's edge. */
export interface ViewportPointer {
  readonly type: 'down' | 'move' | 'up' | 'cancel' | 'leave'
  readonly image: ImagePoint
  readonly screen: ScreenPoint
  readonly inside: boolean
  readonly event: PointerEvent
}

export interface Hover { readonly x: number; readonly y: number; readonly value: readonly [number, number, number] }

export interface ViewportEvents {
  /** Main-button and hover events that the viewport does not use itself. */
  pointer: ViewportPointer
  hover: Hover | null
  view: Viewport
  window: WindowLevel
  resize: Size
}
