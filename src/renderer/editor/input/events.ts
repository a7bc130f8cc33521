import type { ImagePoint, ScreenPoint } from '#shared/geometry/index.ts'

export interface Modifiers { readonly shift: boolean; readonly ctrl: boolean; readonly alt: boolean; readonly meta: boolean }

export const NO_MODIFIERS: Modifiers = Object.freeze({ shift: false, ctrl: false, alt: false, meta: false })

/** 0 the main button, 1 the middle one, 2 the right one, as in the DOM. */
export type PointerButton = 0 | 1 | 2

/**
 * What an adapter sends to `editor.dispatch`: the DOM's events stripped to what matters, places in CSS pixels from the canvas's corner.
 * `coalesced` holds the places between this move and the last one, oldest first, where the platform knows them (getCoalescedEvents).
 * `cancel` is the platform's own end of a gesture (pointercancel); `interrupt` is anything that takes the user away (blur, another case).
 */
export type InputEvent =
  | { readonly type: 'pointerdown' | 'pointerup'; readonly at: ScreenPoint; readonly button: PointerButton; readonly modifiers: Modifiers }
  | { readonly type: 'pointermove'; readonly at: ScreenPoint; readonly modifiers: Modifiers; readonly coalesced?: readonly ScreenPoint[] }
  | { readonly type: 'doubleclick'; readonly at: ScreenPoint; readonly modifiers: Modifiers }
  | { readonly type: 'pointerleave' }
  | { readonly type: 'wheel'; readonly at: ScreenPoint; readonly deltaX: number; readonly deltaY: number; readonly modifiers: Modifiers }
  | { readonly type: 'keydown'; readonly key: string; readonly repeat: boolean; readonly modifiers: Modifiers }
  | { readonly type: 'keyup'; readonly key: string; readonly modifiers: Modifiers }
  | { readonly type: 'cancel' }
  | { readonly type: 'interrupt' }

/** What a tool's state sees: image places, inside the image, and only the main button. */
export type ToolEvent =
  | { readonly type: 'down' | 'up' | 'double'; readonly at: ImagePoint; readonly modifiers: Modifiers }
  | { readonly type: 'move'; readonly at: ImagePoint; readonly between: readonly ImagePoint[]; readonly modifiers: Modifiers }
  | { readonly type: 'leave' }
