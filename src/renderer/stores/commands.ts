import { defineStore } from 'pinia'
import { computed, onBeforeUnmount, shallowRef } from 'vue'

/** A command of the present screen: menu, palette (Ctrl+K), shortcut sheet (?) and keys all come from it. */
export interface ScreenCommand {
  readonly id: string
  readonly title: string
  readonly group: string
  /** As 'Ctrl+K', 'A', 'ArrowRight', '?'. */
  readonly shortcut?: string
  readonly when?: () => boolean
  readonly run: () => void
}

/** Two commands with the same key in one place are refused. */
export class ShortcutConflict extends Error {}

const keyOf = (event: KeyboardEvent): string => {
  const parts = [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', event.shiftKey && event.key.length > 1 ? 'Shift' : ''].filter((p) => p !== '')
  return [...parts, event.key.length === 1 ? event.key.toUpperCase() : event.key].join('+')
}
const normal = (shortcut: string): string => shortcut.split('+').map((p, i, all) => (i === all.length - 1 && p.length === 1 ? p.toUpperCase() : p)).join('+')

export const useCommands = defineStore('commands', () => {
  const groups = shallowRef<ReadonlyMap<string, readonly ScreenCommand[]>>(new Map())
  const all = computed(() => [...groups.value.values()].flat())
  /** Registers a screen's commands under a name; a later registration of the same name replaces it. */
  const register = (name: string, commands: readonly ScreenCommand[]): void => {
    const others = [...groups.value].filter(([n]) => n !== name).flatMap(([, list]) => list)
    const taken = new Map([...others, ...commands].filter((c) => c.shortcut !== undefined).map((c) => [normal(c.shortcut as string), c.id]))
    for (const command of commands) {
      if (command.shortcut !== undefined && taken.get(normal(command.shortcut)) !== command.id) throw new ShortcutConflict(`${command.shortcut} is the key of ${taken.get(normal(command.shortcut)) ?? ''} and of ${command.id}`)
    }
    groups.value = new Map([...groups.value, [name, commands]])
  }
  const remove = (name: string): void => {
    groups.value = new Map([...groups.value].filter(([n]) => n !== name))
  }
  const run = (id: string): void => {
    const command = all.value.find((c) => c.id === id)
    if (command !== undefined && (command.when?.() ?? true)) command.run()
  }
  /** Runs the command of a key press; true when there was one. Keys typed into a field are the field's own, except with Ctrl. */
  const handleKey = (event: KeyboardEvent): boolean => {
    const target = event.target as HTMLElement | null
    const typing = target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
    if (event.defaultPrevented || (typing && !(event.ctrlKey || event.metaKey))) return false
    if (document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]') !== null) return false
    const key = keyOf(event)
    const command = all.value.find((c) => c.shortcut !== undefined && normal(c.shortcut) === key && (c.when?.() ?? true))
    if (command === undefined) return false
    event.preventDefault()
    command.run()
    return true
  }
  return { all, register, remove, run, handleKey }
})

/** For a screen: its commands while it is shown. */
export function useScreenCommands(name: string, commands: readonly ScreenCommand[]): void {
  const store = useCommands()
  store.register(name, commands)
  onBeforeUnmount(() => store.remove(name))
}
