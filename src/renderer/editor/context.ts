import { pixelAspectOf, screenDistance, screenLength, uncalibrated } from '#shared/geometry/index.ts'
import type { Session } from './session.ts'
import { directLiveWire } from './tools/livewire/directLiveWire.ts'
import type { ToolContext } from './tools/toolState.ts'
import type { EditorOptions } from './types.ts'

/** The session as its tools see it. `oldIds` were there before the session; new ids are made from the journal's number, which never goes back. */
export function createContext(session: Session, setup: EditorOptions, oldIds: ReadonlySet<string>, onLateChange: () => void): ToolContext {
  let ids = 0
  return {
    get document() { return session.history.document },
    get frame() { return session.frame },
    get annotation() { return session.annotation },
    get options() { return session.options },
    get selection() { return session.selection },
    get image() { return session.images.get(session.frame) ?? null },
    get calibration() { return setup.calibrationOf?.(session.frame) ?? uncalibrated('The image carries no pixel spacing.') },
    liveWire: setup.liveWire ?? directLiveWire(),
    reach: (cssPixels) => screenLength(session.viewport, cssPixels),
    apart: (a, b) => screenDistance(session.viewport, a, b),
    get pixelAspect() { return pixelAspectOf(session.viewport) },
    commit(gesture, operations) { session.history.commit(gesture, operations) },
    select(next) { session.selection = next },
    setOptions(next) { session.options = { ...session.options, ...next } },
    newId() {
      for (;;) {
        const id = `c${session.history.seq + 1}-${ids++}`
        if (!oldIds.has(id)) return id
      }
    },
    resume(asker, next) {
      if (session.state !== asker) return
      session.state = next(this)
      onLateChange()
    },
  }
}
