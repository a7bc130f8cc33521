import { chordOf, type Chord, type CommandEntry, type Remaps } from '#renderer/editor/index.ts'

const place = (login: string): string => `sln.shortcuts.drawing.${login}`
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** What this account's shortcuts were stored as; undefined JSON is handed on, so that the registry can refuse it in words. */
export function keptRemaps(login: string, store: Store = localStorage): unknown {
  const text = store.getItem(place(login))
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
export function keepRemaps(login: string, remaps: Remaps, store: Store = localStorage): void {
  if (Object.keys(remaps.keys).length === 0) store.removeItem(place(login))
  else store.setItem(place(login), JSON.stringify(remaps))
}
export const forgetRemaps = (login: string, store: Store = localStorage): void => store.removeItem(place(login))

/** The chord of a key pressed to be given to a command; null while only modifiers are down. */
export const pressedChord = (e: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>): Chord | null =>
  chordOf({ key: e.key, modifiers: { shift: e.shiftKey, alt: e.altKey, ctrl: e.ctrlKey, meta: e.metaKey } }) ?? null

/** Commands by group in their order, those that hold the letters of the query. */
export function groupedEntries<C>(entries: readonly CommandEntry<C>[], query: string): [group: string, entries: CommandEntry<C>[]][] {
  const wanted = query.trim().toLowerCase()
  const groups = new Map<string, CommandEntry<C>[]>()
  for (const entry of entries) {
    if (!`${entry.command.title} ${entry.keys.join(' ')} ${entry.command.group}`.toLowerCase().includes(wanted)) continue
    groups.set(entry.command.group, [...(groups.get(entry.command.group) ?? []), entry])
  }
  return [...groups]
}
