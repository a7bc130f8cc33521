import type { EditorSnapshot, JournalEntry } from '#renderer/editor/index.ts'

/** What an entry carries to the disk beside the editor's own: what made it, and the active milliseconds since the entry before. Entries of older versions lack both. */
export type TimedEntry = JournalEntry & { readonly by: string; readonly ms: number }

/** Active seconds and gestures by tool. */
export interface Effort { readonly seconds: number; readonly tools: ReadonlyMap<string, number> }

/** Gestures of edits that need no tool, as the journal names them. */
export const EDIT_GESTURES: ReadonlySet<string> = new Set(['fill holes', 'smooth', 'simplify', 'dilate', 'erode', 'keep largest', 'interpolate frames', 'clear', 'copy to frame', 'paste', 'largest cross-section', 'nudge', 'delete'])

/** What made an entry: undo or redo, an edit that needs no pointer by its name, else the tool in hand. */
export const madeBy = (entry: Pick<JournalEntry, 'kind' | 'gesture'>, tool: EditorSnapshot['tool']): string =>
  entry.kind !== 'do' ? entry.kind : EDIT_GESTURES.has(entry.gesture) ? entry.gesture : tool

/** What was done after entry `seq`: a drawing that was left, or whose program was killed, goes on counting where it stood. */
export function effortSince(entries: readonly { readonly seq: number; readonly by?: unknown; readonly ms?: unknown }[], seq: number): Effort {
  const tools = new Map<string, number>()
  let ms = 0
  for (const entry of entries) {
    if (entry.seq <= seq) continue
    if (typeof entry.ms === 'number' && Number.isFinite(entry.ms) && entry.ms > 0) ms += entry.ms
    if (typeof entry.by === 'string') tools.set(entry.by, (tools.get(entry.by) ?? 0) + 1)
  }
  return { seconds: Math.round(ms / 100) / 10, tools }
}
