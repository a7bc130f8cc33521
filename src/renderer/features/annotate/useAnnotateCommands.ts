import { computed, onBeforeUnmount, onMounted, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { ok, type Result } from '#shared/lib/index.ts'
import { ANNOTATE, EDITOR_COMMANDS, chordOf, createCommandRegistry, type CommandEntry, type Editor, type EditorCommandContext } from '#renderer/editor/index.ts'
import { ShortcutConflict, useCommands, useSession } from '#renderer/stores/index.ts'
import { forgetRemaps, keepRemaps, keptRemaps } from './shortcuts.ts'

type Entry = CommandEntry<EditorCommandContext>
export interface OwnCommand { readonly id: string; readonly title: string; readonly group: string; readonly keys: readonly string[]; run(): void; when?(): boolean }

export interface AnnotateCommands {
  /** Every command with the keys in force; a new list after each remapping. */
  readonly entries: ShallowRef<readonly Entry[]>
  readonly keyFor: ComputedRef<(id: string) => string | undefined>
  /** Why the stored shortcuts could not be used. */
  readonly notice: Ref<string | null>
  remap(id: string, keys: readonly string[]): Result<void, { readonly message: string }>
  reset(id?: string): Result<void, { readonly message: string }>
}

const shown = (key: string): string => key.replace('Mod', 'Ctrl')
const modifiers = (e: KeyboardEvent) => ({ shift: e.shiftKey, alt: e.altKey, ctrl: e.ctrlKey, meta: e.metaKey })
/** Where keys belong to what is focused. */
const ELSEWHERE = 'input, textarea, [role="dialog"], [role="menu"], [role="slider"], [role="listbox"]'

/**
 * The drawing room's one list of commands: the editor's and the screen's own. Keys, palette, sheet, toolbar and remapping all read it. A user's own keys are kept
 * in this browser, by account; a key that another command has, here or in the shell, is refused.
 */
export function useAnnotateCommands(editor: ShallowRef<Editor | null>, own: readonly OwnCommand[], onActivity: () => void): AnnotateCommands {
  const shell = useCommands()
  const login = useSession().user?.login ?? ''
  const registry = createCommandRegistry<EditorCommandContext>()
  const notice = ref<string | null>(null)
  const entries = shallowRef<readonly Entry[]>([])
  const registered = registry.register([...EDITOR_COMMANDS, ...own.map((c) => ({ id: c.id, title: c.title, group: c.group, scope: ANNOTATE, keys: c.keys, run: c.run, ...(c.when === undefined ? {} : { when: c.when }) }))])
  if (!registered.ok) throw new Error(registered.error.message)

  const can = (entry: Entry): boolean => editor.value !== null && (entry.command.when?.({ editor: editor.value }) ?? true)
  const run = (entry: Entry): void => {
    if (editor.value !== null && can(entry)) entry.command.run({ editor: editor.value })
  }
  /** Tells the shell; throws ShortcutConflict when a key belongs to the shell. */
  function publish(): void {
    const now = registry.entries()
    shell.register('annotate', now.map((entry) => ({
      id: entry.command.id, title: entry.command.title, group: entry.command.group, run: () => run(entry), when: () => can(entry), ...(entry.keys[0] === undefined ? {} : { shortcut: shown(entry.keys[0]) }),
    })))
    entries.value = now
  }
  function change(work: () => Result<void, { readonly message: string }>): Result<void, { readonly message: string }> {
    const before = registry.remaps()
    const done = work()
    if (!done.ok) return done
    try {
      publish()
    } catch (error) {
      if (!(error instanceof ShortcutConflict)) throw error
      registry.load(before)
      publish()
      return { ok: false, error: { message: `${error.message}, which works everywhere in the program.` } }
    }
    keepRemaps(login, registry.remaps())
    return ok(undefined)
  }
  const kept = keptRemaps(login)
  const loaded = kept === null ? ok(undefined) : registry.load(kept)
  if (!loaded.ok) notice.value = loaded.error.message
  try {
    publish()
  } catch (error) {
    if (!(error instanceof ShortcutConflict)) throw error
    notice.value = `${error.message}; the default shortcuts are in force.`
    registry.reset()
    forgetRemaps(login)
    publish()
  }

  function onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement | null
    if (event.defaultPrevented || editor.value === null || target?.closest(ELSEWHERE) != null) return
    onActivity()
    const chord = chordOf({ key: event.key, modifiers: modifiers(event) })
    const command = chord === undefined ? undefined : registry.resolve(chord, ANNOTATE)
    if (command === undefined || (event.type === 'keyup' && command.release === undefined)) return
    event.preventDefault()
    if (event.type === 'keyup') command.release?.({ editor: editor.value })
    else if (command.when?.({ editor: editor.value }) ?? true) command.run({ editor: editor.value })
  }
  onMounted(() => {
    addEventListener('keydown', onKey, true)
    addEventListener('keyup', onKey, true)
  })
  onBeforeUnmount(() => {
    removeEventListener('keydown', onKey, true)
    removeEventListener('keyup', onKey, true)
    shell.remove('annotate')
  })
  const byId = computed(() => new Map(entries.value.map((e) => [e.command.id, e])))
  return {
    entries, notice,
    keyFor: computed(() => (id: string) => {
      const key = byId.value.get(id)?.keys[0]
      return key === undefined ? undefined : shown(key)
    }),
    remap: (id, keys) => change(() => registry.remap(id, keys)),
    reset: (id) => change(() => registry.reset(id)),
  }
}
