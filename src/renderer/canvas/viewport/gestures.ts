import { screenPoint, type ScreenPoint } from '#shared/geometry/index.ts'

/** What the viewport itself does with the mouse; everything else goes on to `input`. */
export interface GestureTarget {
  zoom(at: ScreenPoint, factor: number): void
  pan(dx: number, dy: number): void
  windowDrag(dx: number, dy: number, phase: 'start' | 'move' | 'end'): void
  /** Whether the wheel is somebody else's now (a brush size with Ctrl, a frame with Alt). */
  wheel(event: WheelEvent, at: ScreenPoint): boolean
  input(event: PointerEvent, at: ScreenPoint): void
  panning(mode: 'off' | 'ready' | 'on'): void
}

/** Lines and pages as pixels; a notch of a common wheel is 100. */
export function wheelPixels(event: { readonly deltaY: number; readonly deltaMode: number }): number {
  return event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1)
}

/** The zoom factor of a wheel movement: a notch is a fifth, a trackpad's small steps are smooth. */
export const wheelFactor = (pixels: number): number => 1.2 ** (-Math.max(-300, Math.min(300, pixels)) / 100)

type Mode = 'none' | 'pan' | 'window' | 'input'

/** Wheel zooms at the pointer, the middle button or space and drag pans, the right button windows. Returns the way to take it off. */
export function attachGestures(element: HTMLElement, target: GestureTarget): () => void {
  const controller = new AbortController()
  const options = { signal: controller.signal }
  let mode: Mode = 'none'
  let space = false
  let last = { x: 0, y: 0 }, start = { x: 0, y: 0 }
  const at = (event: MouseEvent): ScreenPoint => {
    const box = element.getBoundingClientRect()
    return screenPoint(event.clientX - box.left, event.clientY - box.top)
  }
  const modeOf = (event: PointerEvent): Mode => {
    if (event.button === 1 || (event.button === 0 && space)) return 'pan'
    return event.button === 2 ? 'window' : 'input'
  }

  element.addEventListener('pointerdown', (event) => {
    if (mode !== 'none') return
    mode = modeOf(event)
    last = start = { x: event.clientX, y: event.clientY }
    element.setPointerCapture(event.pointerId)
    if (mode === 'pan') target.panning('on')
    else if (mode === 'window') target.windowDrag(0, 0, 'start')
    else target.input(event, at(event))
    if (event.button === 1) event.preventDefault()
  }, options)

  element.addEventListener('pointermove', (event) => {
    if (mode === 'pan') target.pan(event.clientX - last.x, event.clientY - last.y)
    else if (mode === 'window') target.windowDrag(event.clientX - start.x, event.clientY - start.y, 'move')
    else target.input(event, at(event))
    last = { x: event.clientX, y: event.clientY }
  }, options)

  const end = (event: PointerEvent): void => {
    if (mode === 'pan') target.panning(space ? 'ready' : 'off')
    else if (mode === 'window') target.windowDrag(event.clientX - start.x, event.clientY - start.y, 'end')
    else target.input(event, at(event))
    if (event.buttons === 0) mode = 'none'
  }
  element.addEventListener('pointerup', end, options)
  element.addEventListener('pointercancel', end, options)
  element.addEventListener('pointerleave', (event) => { if (mode === 'none') target.input(event, at(event)) }, options)
  element.addEventListener('contextmenu', (event) => event.preventDefault(), options)
  element.addEventListener('wheel', (event) => {
    event.preventDefault()
    if (!target.wheel(event, at(event))) target.zoom(at(event), wheelFactor(wheelPixels(event)))
  }, { ...options, passive: false })

  const isTyping = (node: EventTarget | null): boolean => node instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(node.tagName)
  addEventListener('keydown', (event) => {
    if (event.code !== 'Space' || isTyping(event.target) || !(element.matches(':hover') || element.contains(document.activeElement))) return
    event.preventDefault()
    if (!event.repeat && mode !== 'pan') target.panning('ready')
    space = true
  }, options)
  const release = (): void => {
    if (space && mode !== 'pan') target.panning('off')
    space = false
  }
  addEventListener('keyup', (event) => { if (event.code === 'Space') release() }, options)
  addEventListener('blur', release, options)
  return () => controller.abort()
}
