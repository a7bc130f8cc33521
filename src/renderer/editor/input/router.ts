import { screenPoint, screenToImage, type ImagePoint, type ScreenPoint } from '#shared/geometry/index.ts'
import type { Session } from '../session.ts'
import { createViewGestures, type ViewGestures } from '../view/gestures.ts'
import type { InputEvent, Modifiers } from './events.ts'
import { arrowStep, clampToImage, isArrow, type KeyboardCursor } from './keyboardCursor.ts'

/** Decides whose an event is: the view's, the keyboard crosshair's, or the tool's; and turns screen places into image places. */
export class InputRouter {
  readonly #session: Session
  readonly #gestures: ViewGestures = createViewGestures()
  #cursor: KeyboardCursor | null = null

  constructor(session: Session) {
    this.#session = session
  }

  get cursor(): KeyboardCursor | null { return this.#cursor }
  get mode(): ViewGestures['mode'] { return this.#gestures.mode }

  dispatch(event: InputEvent): void {
    const session = this.#session
    // With Shift browsers turn the wheel sideways.
    if (this.#sizesBrush(event)) return session.stepBrush(-Math.sign(event.deltaY || event.deltaX))
    const tapped = event.type === 'keyup' && event.key === ' ' && this.#gestures.spaceIsTap
    const view = this.#gestures.handle(event, { viewport: session.viewport, display: session.display })
    if (view) {
      session.viewport = view.viewport
      session.display = view.display
    } else if (tapped) this.#pressKey(event.modifiers)
    else if (event.type === 'keydown') this.#onKey(event.key, event.modifiers)
    else if (event.type === 'cancel') this.cancel()
    else if (event.type === 'interrupt') this.interrupt()
    else this.#onPointer(event)
  }

  cancel(): void {
    if (!this.#cursor?.pressed && !this.#session.state.active) this.#cursor = null
    this.letGo()
    this.#session.cancel()
  }

  interrupt(): void {
    this.letGo()
    this.#session.interrupt()
  }

  /** The virtual button is up again without a click: what it held was ended from elsewhere. */
  letGo(): void {
    if (this.#cursor?.pressed) this.#cursor = { at: this.#cursor.at, pressed: false }
  }

  #sizesBrush(event: InputEvent): event is Extract<InputEvent, { type: 'wheel' }> {
    return event.type === 'wheel' && (event.modifiers.shift || event.modifiers.alt) && ['brush', 'eraser'].includes(this.#session.tool)
  }

  #inImage(at: ScreenPoint): ImagePoint {
    return clampToImage(screenToImage(this.#session.viewport, at), this.#session.history.document.size)
  }

  #onKey(key: string, modifiers: Modifiers): void {
    const session = this.#session
    if (isArrow(key)) {
      if (modifiers.alt) session.nudge(...arrowStep(key, modifiers, session.viewport.scale))
      else this.#moveCursor(key, modifiers)
    } else if (key === 'Escape') this.cancel()
    else if (key === 'Backspace' || key === 'Delete') session.erase()
    else if (key === 'Enter') {
      if (session.state.active && !this.#cursor?.pressed) session.complete()
      else this.#pressKey(modifiers)
    }
  }

  #moveCursor(key: string, modifiers: Modifiers): void {
    const { viewport, pointer, history } = this.#session
    const from = this.#cursor?.at ?? pointer ?? screenToImage(viewport, screenPoint(viewport.width / 2, viewport.height / 2))
    const [dx, dy] = arrowStep(key, modifiers, viewport.scale)
    const at = clampToImage({ x: from.x + dx, y: from.y + dy }, history.document.size)
    this.#cursor = { at, pressed: this.#cursor?.pressed ?? false }
    this.#session.send({ type: 'move', at, between: [], modifiers })
  }

  /** A click of the crosshair; where the tool holds on, the virtual button stays down until the next one. */
  #pressKey(modifiers: Modifiers): void {
    if (!this.#cursor) return
    if (!this.#cursor.pressed) {
      this.#session.send({ type: 'down', at: this.#cursor.at, modifiers })
      this.#cursor = { at: this.#cursor.at, pressed: true }
      if (this.#session.state.holding) return
    }
    this.#releaseKey(modifiers)
  }

  #releaseKey(modifiers: Modifiers): void {
    if (!this.#cursor?.pressed) return
    this.letGo()
    this.#session.send({ type: 'up', at: this.#cursor.at, modifiers })
  }

  #onPointer(event: InputEvent): void {
    const session = this.#session
    switch (event.type) {
      case 'pointerdown':
        if (event.button !== 0) return
        this.#releaseKey(event.modifiers)
        this.#cursor = null
        session.pointer = this.#inImage(event.at)
        return session.send({ type: 'down', at: session.pointer, modifiers: event.modifiers })
      case 'pointermove':
        session.pointer = this.#inImage(event.at)
        // While the keyboard holds the button the pointer must not drag what it did not press.
        if (this.#cursor?.pressed) return
        this.#cursor = null
        return session.send({
          type: 'move', at: session.pointer, between: (event.coalesced ?? []).map((p) => this.#inImage(p)), modifiers: event.modifiers,
        })
      case 'pointerup':
        if (event.button !== 0 || this.#cursor?.pressed) return
        return session.send({ type: 'up', at: this.#inImage(event.at), modifiers: event.modifiers })
      case 'doubleclick': return session.send({ type: 'double', at: this.#inImage(event.at), modifiers: event.modifiers })
      case 'pointerleave':
        session.pointer = null
        return session.send({ type: 'leave' })
      default: return
    }
  }
}
