import type { AppEvent, CallError } from '#shared/contract/index.ts'
import type { App, Context } from './createApp.ts'

/** What travels from the renderer: one call. */
export interface CallMessage { readonly id: number; readonly call: string; readonly input: unknown }
/** What travels back: an answer, or an event that nobody asked for. */
export type GateMessage =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: CallError }
  | { readonly event: AppEvent }

export interface Gate { receive(message: unknown): void; close(): void }

function isCall(message: unknown): message is CallMessage {
  if (typeof message !== 'object' || message === null) return false
  const { id, call } = message as Record<string, unknown>
  return typeof id === 'number' && typeof call === 'string'
}

/** Both transports speak through this: messages in, messages out; everything else happens in the app. */
export function createGate(app: App, context: Context, post: (message: GateMessage) => void): Gate {
  const stop = app.subscribe((event) => {
    // Events about jobs and changes are for investigators; others only hear of the study being opened and of the demo being made.
    const account = context.account()
    if (event.name === 'study' || account?.role === 'investigator' || (event.name === 'job' && event.payload.kind === 'demo')) post({ event })
  })
  return {
    close: stop,
    receive(message) {
      if (!isCall(message)) return
      void app.call(context, message.call, message.input).then((result) => post({ id: message.id, ...result }))
    },
  }
}
