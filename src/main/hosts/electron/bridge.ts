import type { AppEvent, CallError } from '#shared/contract/index.ts'

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: CallError }
/** A pipe of messages: Electron's IPC, or one in memory in the tests. */
export interface Pipe { post(message: { id: number; call: string; input: unknown }): void; listen(listener: (message: unknown) => void): void }

/** The renderer's end of the IPC transport: what the preload puts into the window. */
export function createBridge(pipe: Pipe): { call(name: string, input: unknown): Promise<Answer>; onEvent(listener: (event: AppEvent) => void): () => void } {
  const waiting = new Map<number, (answer: Answer) => void>()
  const listeners = new Set<(event: AppEvent) => void>()
  let next = 1
  pipe.listen((raw) => {
    const message = raw as { id?: number; event?: AppEvent } & Answer
    if (message.event !== undefined) {
      const event = message.event
      listeners.forEach((listener) => listener(event))
    } else if (message.id !== undefined) {
      waiting.get(message.id)?.(message)
      waiting.delete(message.id)
    }
  })
  return {
    call: (name, input) => new Promise((resolve) => {
      const id = next++
      waiting.set(id, resolve)
      pipe.post({ id, call: String(name), input })
    }),
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
