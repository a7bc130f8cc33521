export type ViewportCommand =
  | 'fit' | 'actual' | 'zoomIn' | 'zoomOut' | 'left' | 'right' | 'up' | 'down' | 'smooth' | 'crosshair' | 'nextWindow' | 'fullWindow'

const byKey: Readonly<Record<string, ViewportCommand>> = {
  'f': 'fit', '1': 'actual', '+': 'zoomIn', '=': 'zoomIn', '-': 'zoomOut', 'n': 'smooth', 'x': 'crosshair', 'w': 'nextWindow', '0': 'fullWindow',
  'arrowleft': 'left', 'arrowright': 'right', 'arrowup': 'up', 'arrowdown': 'down',
}

/** The viewport's own command of a key press, if it is one: keys with Ctrl, Alt or Meta belong to the program. */
export function viewportKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>): ViewportCommand | undefined {
  return event.ctrlKey || event.altKey || event.metaKey ? undefined : byKey[event.key.toLowerCase()]
}
