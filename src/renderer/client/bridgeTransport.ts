import type { Bridge, Transport } from './transport.ts'

/** Electron: the preload's bridge, which cannot get lost. */
export const bridgeTransport = (bridge: Bridge): Transport => ({
  call: (name, input) => bridge.call(name, input),
  onEvent: (listener) => bridge.onEvent(listener),
  onState: (listener) => {
    listener(true)
    return () => undefined
  },
})
