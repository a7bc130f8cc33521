import type { AppEvent, CallError, CallInput, CallName, CallOutput } from '#shared/contract/index.ts'
import type { Result } from '#shared/lib/index.ts'
import { bridgeTransport } from './bridgeTransport.ts'
import { socketTransport } from './socketTransport.ts'
import type { Transport } from './transport.ts'

/** Thrown by `client.get`: a call failed as expected; the message can be shown. */
export class CallFailure extends Error {
  readonly code: CallError['code']
  constructor(error: CallError) {
    super(error.message)
    this.name = 'CallFailure'
    this.code = error.code
  }
}

/** Every call of the contract, typed. `call` answers with a Result; `get` throws a CallFailure, for use with `try` around several. */
export interface Client {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>, CallError>>
  get<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  onEvent(listener: (event: AppEvent) => void): () => void
  onState(listener: (connected: boolean) => void): () => void
  /** Nobody is signed in any more (a time-out, an account that was disabled): a call was refused for it. */
  onSignedOut(listener: () => void): () => void
}

export function createClient(transport: Transport): Client {
  const signedOut = new Set<() => void>()
  const call: Client['call'] = async (name, input) => {
    const result = await transport.call(name, input)
    if (!result.ok && result.error.code === 'not_signed_in') for (const listener of signedOut) listener()
    return result as never
  }
  return {
    call,
    async get(name, input) {
      const result = await call(name, input)
      if (!result.ok) throw new CallFailure(result.error)
      return result.value
    },
    onEvent: (listener) => transport.onEvent(listener),
    onState: (listener) => transport.onState(listener),
    onSignedOut(listener) {
      signedOut.add(listener)
      return () => signedOut.delete(listener)
    },
  }
}

/** The client of this window: Electron's bridge where there is one, else the host that served the page. */
export function connect(): Client {
  const bridge = window.sln
  return createClient(bridge === undefined ? socketTransport(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/bridge`) : bridgeTransport(bridge))
}

let shared: Client | undefined
export const useClient = (): Client => (shared ??= connect())
/** For tests. */
export const provideClient = (client: Client): void => {
  shared = client
}
export type { Bridge, Transport } from './transport.ts'
