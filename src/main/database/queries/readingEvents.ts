import type { WriteDb } from '../connection.ts'

export interface ViewEvent { readonly at: string; readonly kind: string; readonly value: string }

export function insertViewEvents(tx: WriteDb, sessionId: string, position: number, events: readonly ViewEvent[]): void {
  for (const event of events) tx.insert('reading_event', { session_id: sessionId, position, at: event.at, kind: event.kind, value: event.value })
}
