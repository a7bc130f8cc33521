const macNames: Readonly<Record<string, string>> = { Ctrl: '⌘', Mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↵', Backspace: '⌫' }
const plainNames: Readonly<Record<string, string>> = {
  Mod: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', ' ': 'Space', Delete: 'Del',
}

/** 'Ctrl+Shift+K' as the keys to show, in the platform's signs. A lone '+' or a trailing '++' is the plus key. */
export function shortcutKeys(shortcut: string, mac: boolean): string[] {
  const parts = shortcut === '+' ? ['+'] : shortcut.replace(/\+\+$/, '+Plus').split('+').map((part) => (part === 'Plus' ? '+' : part))
  return parts.map((part) => (mac ? macNames[part] : undefined) ?? plainNames[part] ?? (part.length === 1 ? part.toUpperCase() : part))
}

/** Whether this browser runs on macOS, where shortcuts are shown with ⌘. */
export const onMac = (): boolean => typeof navigator !== 'undefined' && /Mac/.test(navigator.userAgent)
