import type { Bridge, Transport } from './transport.ts'

/** What a WebSocket would carry: reactive proxies become plain values (IPC copies them wrongly or not at all), undefined members are left out. */
const plain = (input: unknown): unknown => (input === undefined ? undefined : (JSON.parse(JSON.stringify(input)) as unknown))

/** Electron: the preload's bridge, which cannot get lost. */
export const bridgeTransport = (bridge: Bridge): Transport => ({
  call: (name, input) => bridge.call(name, plain(input)),
  onEvent: (listener) => bridge.onEvent(listener),
  onState: (listener) => {
    listener(true)
    return () => undefined
  },
})
