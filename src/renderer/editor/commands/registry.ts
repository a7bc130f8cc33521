import { err, ok, type Result } from '#shared/lib/index.ts'
import { isReserved, parseChord, type Chord } from './chord.ts'

/** Where a command's keys work: everywhere, or in one view ('annotate', 'review', ...). The same key may serve two views. */
export type Scope = string
export const GLOBAL: Scope = 'global'

export interface Command<C> {
  readonly id: string
  readonly title: string
  /** The heading under which menu and sheet show it. */
  readonly group: string
  readonly scope: Scope
  /** Default keys, any spelling that parseChord takes. */
  readonly keys: readonly string[]
  /** Whether it can run now; a command that cannot is shown greyed and its key does nothing. */
  when?(context: C): boolean
  run(context: C): void
  /** For commands that last while the key is held. */
  release?(context: C): void
}

export interface CommandEntry<C> { readonly command: Command<C>; readonly keys: readonly Chord[]; readonly remapped: boolean }

export type CommandError =
  | { readonly code: 'duplicate-id' | 'unknown-command'; readonly message: string; readonly id: string }
  | { readonly code: 'bad-key' | 'reserved-key'; readonly message: string; readonly key: string }
  | { readonly code: 'key-conflict'; readonly message: string; readonly key: Chord; readonly id: string; readonly other: string }
  | { readonly code: 'bad-remaps'; readonly message: string }

/** A user's own keys, as stored: only commands whose keys were changed. */
export interface Remaps { readonly v: 1; readonly keys: Readonly<Record<string, readonly Chord[]>> }

export interface CommandRegistry<C> {
  /** All or none; fails on an id or a key that is taken. A default key that the user gave to another command stays with that one. */
  register(commands: readonly Command<C>[]): Result<void, CommandError>
  entries(): readonly CommandEntry<C>[]
  entry(id: string): CommandEntry<C> | undefined
  /** The command that a chord runs in a view. */
  resolve(chord: Chord, scope: Scope): Command<C> | undefined
  /** For the palette: commands whose title holds the letters of the query in order, best first; all for an empty query. */
  search(query: string): readonly CommandEntry<C>[]
  remap(id: string, keys: readonly string[]): Result<void, CommandError>
  reset(id?: string): Result<void, CommandError>
  remaps(): Remaps
  /** Replaces all remaps, or refuses them as a whole. Keys of commands not registered yet are kept for when they are. */
  load(remaps: unknown): Result<void, CommandError>
}

const overlaps = (a: Scope, b: Scope): boolean => a === b || a === GLOBAL || b === GLOBAL

function spellAll(keys: readonly string[]): Result<Chord[], CommandError> {
  const chords: Chord[] = []
  for (const key of keys) {
    const chord = parseChord(key)
    if (!chord.ok) return err({ code: 'bad-key', message: chord.error.message, key })
    if (isReserved(chord.value)) {
      const message = `${chord.value} belongs to drawing by keyboard and cannot be given to a command.`
      return err({ code: 'reserved-key', message, key: chord.value })
    }
    if (!chords.includes(chord.value)) chords.push(chord.value)
  }
  return ok(chords)
}

type Table<C> = ReadonlyMap<string, CommandEntry<C>>

function conflictIn<C>(table: Table<C>): CommandError | undefined {
  const holders = new Map<Chord, Command<C>[]>()
  for (const { command, keys } of table.values()) {
    for (const key of keys) {
      const other = holders.get(key)?.find((holder) => overlaps(holder.scope, command.scope))
      if (other) {
        const message = `${key} already runs "${other.title}"; take it from there before giving it to "${command.title}".`
        return { code: 'key-conflict', message, key, id: command.id, other: other.id }
      }
      holders.set(key, [...(holders.get(key) ?? []), command])
    }
  }
  return undefined
}

/** The table of commands with the keys in force. User's keys come first, so that it is a default that yields. */
function build<C>(commands: readonly Command<C>[], remaps: Remaps['keys']): Result<Table<C>, CommandError> {
  const taken: { key: Chord; scope: Scope }[] = []
  const own = new Map<string, Chord[]>()
  for (const command of commands) {
    const wanted = remaps[command.id]
    if (!wanted) continue
    const keys = spellAll(wanted)
    if (!keys.ok) return keys
    own.set(command.id, keys.value)
    taken.push(...keys.value.map((key) => ({ key, scope: command.scope })))
  }
  const table = new Map<string, CommandEntry<C>>()
  for (const command of commands) {
    if (table.has(command.id)) return err({ code: 'duplicate-id', message: `There are two commands ${command.id}.`, id: command.id })
    const defaults = spellAll(command.keys)
    if (!defaults.ok) return defaults
    const remapped = own.get(command.id)
    const keys = remapped ?? defaults.value.filter((key) => !taken.some((t) => t.key === key && overlaps(t.scope, command.scope)))
    table.set(command.id, { command, keys, remapped: remapped !== undefined })
  }
  const conflict = conflictIn(table)
  return conflict ? err(conflict) : ok(table)
}

function readRemaps(value: unknown): Remaps['keys'] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { v, keys } = value as { v?: unknown; keys?: unknown }
  if (v !== 1 || typeof keys !== 'object' || keys === null || Array.isArray(keys)) return undefined
  const entries = Object.entries(keys)
  const sound = entries.every(([, list]) => Array.isArray(list) && list.every((key) => typeof key === 'string'))
  return sound ? Object.fromEntries(entries) as Remaps['keys'] : undefined
}

/** How well a title matches: letters in order, runs and beginnings of words count more; undefined where it does not. */
function score(title: string, query: string): number | undefined {
  const text = title.toLowerCase()
  let at = 0, points = 0, run = 0
  for (const letter of query.toLowerCase().replaceAll(' ', '')) {
    const found = text.indexOf(letter, at)
    if (found < 0) return undefined
    run = found === at ? run + 1 : 0
    points += 1 + run + (found === 0 || text.charAt(found - 1) === ' ' ? 3 : 0) - (found - at) * 0.05
    at = found + 1
  }
  return points - text.length * 0.01
}

/** One list of commands that menu, toolbar, palette, shortcut sheet and remapping share. */
export function createCommandRegistry<C>(): CommandRegistry<C> {
  let commands: readonly Command<C>[] = []
  let remaps: Remaps['keys'] = {}
  let table: Table<C> = new Map()

  const settle = (nextCommands: readonly Command<C>[], nextRemaps: Remaps['keys']): Result<void, CommandError> => {
    const built = build(nextCommands, nextRemaps)
    if (!built.ok) return built
    commands = nextCommands
    remaps = nextRemaps
    table = built.value
    return ok(undefined)
  }
  const unknown = (id: string): Result<void, CommandError> => err({ code: 'unknown-command', message: `There is no command ${id}.`, id })

  /** A user may not take a key from another command unasked, even where that one holds it by default only. */
  const checkFree = (id: string, keys: readonly Chord[]): CommandError | undefined => {
    const wanted = table.get(id)
    if (!wanted) return undefined
    const probe = new Map(table)
    probe.delete(id)
    probe.set(id, { ...wanted, keys })
    return conflictIn(probe)
  }

  return {
    register: (more) => settle([...commands, ...more], remaps),
    entries: () => [...table.values()],
    entry: (id) => table.get(id),
    resolve: (chord, scope) => [...table.values()].find((e) => overlaps(e.command.scope, scope) && e.keys.includes(chord))?.command,
    search(query) {
      return [...table.values()]
        .map((entry) => ({ entry, points: score(entry.command.title, query) ?? score(`${entry.command.group} ${entry.command.title}`, query) }))
        .filter((hit): hit is { entry: CommandEntry<C>; points: number } => hit.points !== undefined)
        .sort((a, b) => b.points - a.points).map((hit) => hit.entry)
    },
    remap(id, keys) {
      if (!table.has(id)) return unknown(id)
      const chords = spellAll(keys)
      if (!chords.ok) return chords
      const conflict = checkFree(id, chords.value)
      return conflict ? err(conflict) : settle(commands, { ...remaps, [id]: chords.value })
    },
    reset(id) {
      if (id === undefined) return settle(commands, {})
      if (!table.has(id)) return unknown(id)
      const entry = table.get(id)
      const defaults = spellAll(entry?.command.keys ?? [])
      if (!defaults.ok) return defaults
      const conflict = checkFree(id, defaults.value)
      return conflict ? err(conflict) : settle(commands, Object.fromEntries(Object.entries(remaps).filter(([key]) => key !== id)))
    },
    remaps: () => ({ v: 1, keys: remaps }),
    load(value) {
      const keys = readRemaps(value)
      return keys ? settle(commands, keys) : err({ code: 'bad-remaps', message: 'The stored shortcuts cannot be read; the defaults are in force.' })
    },
  }
}
