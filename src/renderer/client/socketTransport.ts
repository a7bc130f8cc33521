import type { AppEvent } from '#shared/contract/index.ts'
import type { Answer, Transport } from './transport.ts'

interface Message { readonly id?: number; readonly event?: AppEvent }

const LOST: Answer = { ok: false, error: { code: 'unavailable', message: 'the workstation cannot be reached; it may have been closed. What was shown as saved is safe. Start it again and reload this page.' } }

/** Loopback host: one WebSocket, opened again when it breaks; calls in flight fail with a sentence, never silently. */
export function socketTransport(url: string): Transport {
  const waiting = new Map<number, (answer: Answer) => void>()
  const events = new Set<(event: AppEvent) => void>()
  const states = new Set<(connected: boolean) => void>()
  let next = 1
  let socket: WebSocket | null = null
  let opening: Promise<WebSocket | null> | null = null
  let connected = true
  const tell = (now: boolean): void => {
    if (now === connected) return
    connected = now
    states.forEach((listener) => listener(now))
  }
  const drop = (): void => {
    socket = null
    opening = null
    for (const settle of waiting.values()) settle(LOST)
    waiting.clear()
    tell(false)
    setTimeout(() => void open(), 1500)
  }
  const open = (): Promise<WebSocket | null> => {
    opening ??= new Promise((resolve) => {
      const made = new WebSocket(url)
      made.addEventListener('open', () => {
        socket = made
        tell(true)
        resolve(made)
      })
      made.addEventListener('close', () => {
        resolve(null)
        drop()
      })
      made.addEventListener('message', (message) => {
        const data = JSON.parse(String(message.data)) as Message & Answer
        if (data.event !== undefined) events.forEach((listener) => listener(data.event as AppEvent))
        else if (data.id !== undefined) {
          waiting.get(data.id)?.(data)
          waiting.delete(data.id)
        }
      })
    })
    return opening
  }
  return {
    async call(name, input) {
      const ready = socket ?? (await open())
      if (ready === null) return LOST
      return new Promise((resolve) => {
        const id = next++
        waiting.set(id, resolve)
        ready.send(JSON.stringify({ id, call: name, input }))
      })
    },
    onEvent(listener) {
      events.add(listener)
      return () => events.delete(listener)
    },
    onState(listener) {
      states.add(listener)
      return () => states.delete(listener)
    },
  }
}
