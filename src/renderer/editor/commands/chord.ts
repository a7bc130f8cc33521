import { err, ok, type Result } from '#shared/lib/index.ts'
import type { Modifiers } from '../input/events.ts'

/**
 * One press of keys in one spelling: modifiers in the order Mod, Alt, Shift, then the key as KeyboardEvent.key names it, letters in capitals:
 * 'Mod+Shift+Z', 'P', '[', 'PageDown'. Mod is Ctrl, or Cmd on a Mac. Shift is named only with letters and named keys: with other signs it is part
 * of the sign.
 */
export type Chord = string

/** Keys that the editor itself answers (the keyboard's crosshair, completing, cancelling, deleting): shown on the sheet, never given to a command. */
export const RESERVED_KEYS: readonly string[] = ['Escape', 'Enter', 'Space', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Delete', 'Backspace']

const ALONE = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'Unidentified'])

export interface ChordError { readonly code: 'bad-key'; readonly message: string }

const isLetter = (key: string): boolean => key.toLowerCase() !== key.toUpperCase()

function spell(key: string, mod: boolean, alt: boolean, shift: boolean): Chord {
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key
  const shows = shift && (name.length > 1 || isLetter(name))
  return [mod && 'Mod', alt && 'Alt', shows && 'Shift', name].filter((part) => part !== false).join('+')
}

/** The chord of a key event; undefined while only modifiers are down. */
export const chordOf = (event: { readonly key: string; readonly modifiers: Modifiers }): Chord | undefined => ALONE.has(event.key)
  ? undefined
  : spell(event.key, event.modifiers.ctrl || event.modifiers.meta, event.modifiers.alt, event.modifiers.shift)

/** The one spelling of a chord that a person wrote ('ctrl + z', 'Shift+p', '+'). */
export function parseChord(text: string): Result<Chord, ChordError> {
  const trimmed = text.trim()
  const plus = trimmed === '+' || trimmed.endsWith('++')
  const parts = (plus ? trimmed.slice(0, -1) : trimmed).split('+').map((part) => part.trim()).filter((part) => part !== '')
  const key = plus ? '+' : parts.pop()
  let mod = false, alt = false, shift = false
  for (const part of parts) {
    const name = part.toLowerCase()
    if (['mod', 'ctrl', 'control', 'cmd', 'meta'].includes(name)) mod = true
    else if (name === 'alt') alt = true
    else if (name === 'shift') shift = true
    else return err({ code: 'bad-key', message: `"${text}" names ${part}, which is no modifier key.` })
  }
  if (key === undefined || ALONE.has(key)) return err({ code: 'bad-key', message: `"${text}" names no key.` })
  const named = key.length === 1 ? key : key.charAt(0).toUpperCase() + key.slice(1)
  return ok(spell(named, mod, alt, shift))
}

const keyOf = (chord: Chord): string => (chord.endsWith('+') ? '+' : chord.slice(chord.lastIndexOf('+') + 1))

/** Reserved with Shift and Alt as well (larger steps, nudging), but free with Mod. */
export const isReserved = (chord: Chord): boolean => !chord.startsWith('Mod+') && RESERVED_KEYS.includes(keyOf(chord))
