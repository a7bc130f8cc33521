import { panBy, zoomAt, type ScreenPoint, type Viewport } from '#shared/geometry/index.ts'
import type { InputEvent } from '../input/events.ts'
import { dragLevels, type Display } from './display.ts'

export interface View { readonly viewport: Viewport; readonly display: Display }

/** The gestures that belong to the view and not to a tool: wheel zoom, pan by middle button or Space and drag, levels by right drag. */
export interface ViewGestures {
  /** The new view, or undefined where the event is not the view's. */
  handle(event: InputEvent, view: View): View | undefined
  readonly mode: 'none' | 'pan' | 'levels' | 'ready to pan'
  /** Space is down and nothing was dragged yet: letting go is a click of the keyboard's crosshair. */
  readonly spaceIsTap: boolean
}

const WHEEL_RATE = 0.0015, PINCH_RATE = 0.01

export function createViewGestures(): ViewGestures {
  let mode: 'none' | 'pan' | 'levels' = 'none'
  let last: ScreenPoint | null = null
  let space: 'up' | 'down' | 'used' = 'up'
  const begin = (next: 'pan' | 'levels', at: ScreenPoint, view: View): View => {
    mode = next
    last = at
    if (space === 'down') space = 'used'
    return view
  }
  const drag = (at: ScreenPoint, view: View): View => {
    const dx = at.x - (last?.x ?? at.x), dy = at.y - (last?.y ?? at.y)
    last = at
    return mode === 'pan' ? { ...view, viewport: panBy(view.viewport, dx, dy) } : { ...view, display: dragLevels(view.display, dx, dy) }
  }
  return {
    get mode() { return mode === 'none' && space !== 'up' ? 'ready to pan' : mode },
    get spaceIsTap() { return space === 'down' },
    handle(event, view) {
      switch (event.type) {
        case 'pointerdown':
          if (event.button === 1 || (event.button === 0 && space !== 'up')) return begin('pan', event.at, view)
          return event.button === 2 ? begin('levels', event.at, view) : undefined
        case 'pointermove': return mode === 'none' ? undefined : drag(event.at, view)
        case 'pointerup':
          if (mode === 'none') return undefined
          mode = 'none'
          return view
        case 'wheel': {
          // A pinch on a touch pad arrives as a wheel with Ctrl and small steps.
          const rate = event.modifiers.ctrl ? PINCH_RATE : WHEEL_RATE
          return { ...view, viewport: zoomAt(view.viewport, event.at, Math.exp(-event.deltaY * rate)) }
        }
        case 'keydown':
          if (event.key === ' ' && space === 'up') space = 'down'
          return undefined
        case 'keyup':
          if (event.key === ' ') space = 'up'
          return undefined
        case 'cancel': case 'interrupt':
          mode = 'none'
          space = 'up'
          return undefined
        default: return undefined
      }
    },
  }
}
