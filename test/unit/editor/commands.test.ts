import { describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { chordOf, createCommandRegistry, EDITOR_COMMANDS, GLOBAL, NO_MODIFIERS, parseChord, RESERVED_KEYS, type Command } from '#renderer/editor/index.ts'
import { driveEditor } from '#test/support/editorDriver.ts'

type Log = string[]
const command = (id: string, keys: string[], scope = 'annotate', title = id): Command<Log> => ({ id, title, group: 'Test', scope, keys, run: (log) => { log.push(id) } })
const registry = (...commands: Command<Log>[]) => {
  const r = createCommandRegistry<Log>()
  unwrap(r.register(commands))
  return r
}

describe('chords', () => {
  test('have one spelling', () => {
    for (const [text, chord] of [['ctrl+z', 'Mod+Z'], ['Shift + Cmd + z', 'Mod+Shift+Z'], ['p', 'P'], ['+', '+'], ['Mod++', 'Mod++'], ['Shift+?', '?'], ['pageDown', 'PageDown'], ['[', '[']] as const) {
      expect(unwrap(parseChord(text))).toBe(chord)
    }
    expect(parseChord('')).toMatchObject({ ok: false, error: { code: 'bad-key' } })
    expect(parseChord('Hyper+Z')).toMatchObject({ ok: false, error: { message: expect.stringContaining('Hyper') } })
    expect(parseChord('Shift')).toMatchObject({ ok: false })
  })

  test('are read off key events', () => {
    const press = (key: string, keys: Partial<typeof NO_MODIFIERS> = {}) => chordOf({ key, modifiers: { ...NO_MODIFIERS, ...keys } })
    expect(press('z', { ctrl: true })).toBe('Mod+Z')
    expect(press('Z', { meta: true, shift: true })).toBe('Mod+Shift+Z')
    expect(press('?', { shift: true })).toBe('?')
    expect(press('Tab', { shift: true })).toBe('Shift+Tab')
    expect(press(' ')).toBe('Space')
    expect(press('Shift', { shift: true })).toBeUndefined()
  })
})

describe('the command registry', () => {
  test('refuses a taken key, a taken id, a reserved key and a key that is none', () => {
    const r = createCommandRegistry<Log>()
    expect(r.register([command('a', ['P']), command('b', ['p'])])).toMatchObject({ ok: false, error: { code: 'key-conflict', key: 'P', id: 'b', other: 'a', message: expect.stringContaining('"a"') } })
    expect(r.entries()).toEqual([])
    expect(r.register([command('a', []), command('a', [])])).toMatchObject({ ok: false, error: { code: 'duplicate-id' } })
    for (const key of RESERVED_KEYS) expect(r.register([command('a', [key])])).toMatchObject({ ok: false, error: { code: 'reserved-key' } })
    expect(r.register([command('a', ['Shift+ArrowLeft'])])).toMatchObject({ ok: false })
    expect(r.register([command('a', ['Foo+P'])])).toMatchObject({ ok: false, error: { code: 'bad-key' } })
  })

  test('a key may serve two views, but not a view and everywhere', () => {
    const r = registry(command('a', ['P'], 'annotate'), command('b', ['P'], 'review'))
    expect(r.resolve('P', 'annotate')?.id).toBe('a')
    expect(r.resolve('P', 'review')?.id).toBe('b')
    expect(r.resolve('P', 'reading')).toBeUndefined()
    expect(r.register([command('c', ['P'], GLOBAL)])).toMatchObject({ ok: false, error: { code: 'key-conflict' } })
  })

  test('remaps, refuses conflicts, resets, and survives storage', () => {
    const r = registry(command('a', ['P']), command('b', ['Q']))
    expect(r.remap('a', ['Q'])).toMatchObject({ ok: false, error: { code: 'key-conflict', other: 'b' } })
    expect(r.resolve('P', 'annotate')?.id).toBe('a')
    expect(r.remap('a', ['ctrl+k', 'W']).ok).toBe(true)
    expect(r.resolve('P', 'annotate')).toBeUndefined()
    expect(r.resolve('Mod+K', 'annotate')?.id).toBe('a')
    expect(r.remap('b', ['P']).ok).toBe(true)
    expect(r.reset('a')).toMatchObject({ ok: false, error: { code: 'key-conflict' } })
    expect(r.remap('x', [])).toMatchObject({ ok: false, error: { code: 'unknown-command' } })
    expect(r.remap('a', ['Escape'])).toMatchObject({ ok: false, error: { code: 'reserved-key' } })

    const stored: unknown = JSON.parse(JSON.stringify(r.remaps()))
    const again = registry(command('a', ['P']), command('b', ['Q']))
    expect(again.load(stored).ok).toBe(true)
    expect(again.entries().map((e) => [e.command.id, e.keys, e.remapped])).toEqual([['a', ['Mod+K', 'W'], true], ['b', ['P'], true]])
    expect(again.reset().ok).toBe(true)
    expect(again.remaps()).toEqual({ v: 1, keys: {} })
  })

  test('broken or conflicting remaps are refused as a whole', () => {
    const r = registry(command('a', ['P']), command('b', ['Q']))
    for (const bad of [null, {}, { v: 2, keys: {} }, { v: 1, keys: { a: 'P' } }, { v: 1, keys: [] }]) expect(r.load(bad)).toMatchObject({ ok: false, error: { code: 'bad-remaps' } })
    expect(r.load({ v: 1, keys: { a: ['X'], b: ['X'] } })).toMatchObject({ ok: false, error: { code: 'key-conflict' } })
    expect(r.resolve('P', 'annotate')?.id).toBe('a')
  })

  test("a user's key wins over the default of a command that comes later", () => {
    const r = registry(command('a', ['P']))
    expect(r.load({ v: 1, keys: { a: ['N'], later: ['Z'] } }).ok).toBe(true)
    expect(r.register([command('new', ['N', 'M']), command('later', ['Y'])]).ok).toBe(true)
    expect(r.resolve('N', 'annotate')?.id).toBe('a')
    expect(r.entry('new')?.keys).toEqual(['M'])
    expect(r.entry('later')?.keys).toEqual(['Z'])
  })

  test('the palette finds by letters in order', () => {
    const r = registry(command('a', [], 'annotate', 'Keep largest part'), command('b', [], 'annotate', 'Fill holes'), command('c', [], 'annotate', 'Flood'))
    expect(r.search('fh').map((e) => e.command.id)).toEqual(['b'])
    expect(r.search('fl')[0]?.command.id).toBe('c')
    expect(r.search('')).toHaveLength(3)
    expect(r.search('zzz')).toEqual([])
  })
})

describe("the editor's commands", () => {
  const r = createCommandRegistry<{ editor: ReturnType<typeof driveEditor>['editor'] }>()
  test('register without a conflict; every one has a title and a group', () => {
    unwrap(r.register(EDITOR_COMMANDS))
    expect(r.entries().length).toBeGreaterThan(35)
    for (const { command: c } of r.entries()) expect(c.title.length * c.group.length).toBeGreaterThan(0)
  })

  test('every command runs, on an empty case and on a drawn one', () => {
    for (const drawn of [false, true]) {
      for (const { command: c } of r.entries()) {
        const d = driveEditor({ tool: 'polygon', frameCount: 3 })
        if (drawn) d.click(20, 20).click(80, 20).click(80, 70).key('Enter')
        const context = { editor: d.editor }
        if (c.when?.(context) === false) continue
        c.run(context)
        c.release?.(context)
        expect(d.reopen().data()).toEqual(d.data())
      }
    }
  })

  test('tools are chosen, contours hidden while the key is held, frames kept in range', () => {
    const d = driveEditor({ frameCount: 2 }), context = { editor: d.editor }
    r.resolve('B', 'annotate')?.run(context)
    expect(d.state()).toBe('brush/Idle')
    r.resolve('Tab', 'annotate')?.run(context)
    expect(d.editor.snapshot().display.contoursHidden).toBe(true)
    r.resolve('Tab', 'annotate')?.release?.(context)
    expect(d.editor.snapshot().display.contoursHidden).toBe(false)
    for (let i = 0; i < 3; i++) r.resolve('PageDown', 'annotate')?.run(context)
    expect(d.editor.snapshot().frame).toBe(1)
    expect(r.entry('frame.next')?.command.when?.(context)).toBe(false)
    expect(r.entry('edit.undo')?.command.when?.(context)).toBe(false)
  })
})
