import { screenPoint, type ScreenPoint } from '#shared/geometry/index.ts'
import { chordOf, isReserved, type InputEvent, type Modifiers, type PointerButton } from '#renderer/editor/index.ts'
import { wheelPixels } from '../viewport/gestures.ts'

const modifiersOf = (event: MouseEvent | KeyboardEvent): Modifiers => ({ shift: event.shiftKey, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey })
const isButton = (button: number): button is PointerButton => button === 0 || button === 1 || button === 2

export interface DomInputOptions {
  /** Where the pointer is, or null when it left: for readouts. */
  readonly onHover?: (at: ScreenPoint | null) => void
}

/**
 * Turns the DOM events of an element into the editor's input. The element takes the focus on a press; only the keys that the editor reserves are
 * taken from the keyboard, all others bubble on to the command registry. Returns the way to take it off.
 */
export function attachDomInput(element: HTMLElement, dispatch: (event: InputEvent) => void, options: DomInputOptions = {}): () => void {
  const controller = new AbortController()
  const listen = { signal: controller.signal }
  // The box is asked for once a gesture, not once a move: asking makes the browser lay out.
  let box = element.getBoundingClientRect()
  const refresh = (): void => { box = element.getBoundingClientRect() }
  const at = (event: MouseEvent): ScreenPoint => screenPoint(event.clientX - box.left, event.clientY - box.top)
  let spaceDown = false

  element.addEventListener('pointerenter', refresh, listen)
  element.addEventListener('pointerdown', (event) => {
    if (!isButton(event.button)) return
    refresh()
    element.setPointerCapture(event.pointerId)
    element.focus({ preventScroll: true })
    if (event.button === 1) event.preventDefault()
    dispatch({ type: 'pointerdown', at: at(event), button: event.button, modifiers: modifiersOf(event) })
  }, listen)
  element.addEventListener('pointermove', (event) => {
    const coalesced = event.getCoalescedEvents().slice(0, -1).map(at)
    dispatch({ type: 'pointermove', at: at(event), modifiers: modifiersOf(event), ...(coalesced.length > 0 ? { coalesced } : {}) })
    options.onHover?.(at(event))
  }, listen)
  element.addEventListener('pointerup', (event) => {
    if (isButton(event.button)) dispatch({ type: 'pointerup', at: at(event), button: event.button, modifiers: modifiersOf(event) })
  }, listen)
  element.addEventListener('pointercancel', () => dispatch({ type: 'cancel' }), listen)
  element.addEventListener('pointerleave', (event) => {
    if (event.buttons === 0) dispatch({ type: 'pointerleave' })
    options.onHover?.(null)
  }, listen)
  element.addEventListener('dblclick', (event) => dispatch({ type: 'doubleclick', at: at(event), modifiers: modifiersOf(event) }), listen)
  element.addEventListener('contextmenu', (event) => event.preventDefault(), listen)
  element.addEventListener('wheel', (event) => {
    event.preventDefault()
    refresh()
    const scale = event.deltaY === 0 ? 1 : wheelPixels(event) / event.deltaY
    dispatch({ type: 'wheel', at: at(event), deltaX: event.deltaX * scale, deltaY: event.deltaY * scale, modifiers: modifiersOf(event) })
  }, { ...listen, passive: false })

  element.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    const modifiers = modifiersOf(event)
    const chord = chordOf({ key: event.key, modifiers })
    if (chord === undefined || !isReserved(chord)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === ' ') spaceDown = true
    dispatch({ type: 'keydown', key: event.key, repeat: event.repeat, modifiers })
  }, listen)
  element.addEventListener('keyup', (event) => {
    if (event.key !== ' ' || !spaceDown) return
    spaceDown = false
    dispatch({ type: 'keyup', key: event.key, modifiers: modifiersOf(event) })
  }, listen)
  element.addEventListener('blur', () => {
    spaceDown = false
    dispatch({ type: 'interrupt' })
  }, listen)
  return () => controller.abort()
}
