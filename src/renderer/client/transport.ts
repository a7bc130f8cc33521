import type { AppEvent, CallError } from '#shared/contract/index.ts'

export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: CallError }

/** Moves a call to the main side and events back: over Electron's bridge or a WebSocket. */
export interface Transport {
  call(name: string, input: unknown): Promise<Answer>
  onEvent(listener: (event: AppEvent) => void): () => void
  /** Whether the main side can be reached; the loopback host can go away. */
  onState(listener: (connected: boolean) => void): () => void
}

/** What the preload exposes in Electron. */
export interface Bridge {
  call(name: string, input: unknown): Promise<Answer>
  onEvent(listener: (event: AppEvent) => void): () => void
}
declare global {
  interface Window { readonly sln?: Bridge }
}
