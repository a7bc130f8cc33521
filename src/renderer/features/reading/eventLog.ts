import type { CallInput } from '#shared/contract/index.ts'

export type ViewEvent = CallInput<'reading.events'>['events'][number]
export type EventKind = ViewEvent['kind']

/** How a case was looked at, kept until it is sent. A drag is one event with its last value, not a hundred. */
export interface EventLog {
  note(kind: EventKind, value: string): void
  /** The oldest events, at most as many as one call takes; they leave the log. */
  take(): ViewEvent[]
  /** What could not be sent goes back to the front. */
  putBack(events: readonly ViewEvent[]): void
}

const SAME_GESTURE_MS = 400
/** What comes in a stream while a hand moves; of the rest every single one counts. */
const STREAMED: ReadonlySet<EventKind> = new Set(['zoom', 'pan', 'window', 'frame'])
const A_CALL = 500

export function createEventLog(now: () => number = Date.now): EventLog {
  let events: ViewEvent[] = []
  return {
    note(kind, value) {
      const last = events.at(-1)
      const event = { at: new Date(now()).toISOString(), kind, value: value.slice(0, 200) }
      if (last?.kind === kind && STREAMED.has(kind) && now() - Date.parse(last.at) < SAME_GESTURE_MS) events[events.length - 1] = { ...event, at: last.at }
      else events.push(event)
    },
    take() {
      const taken = events.slice(0, A_CALL)
      events = events.slice(A_CALL)
      return taken
    },
    putBack(taken) {
      events = [...taken, ...events]
    },
  }
}
