import { DEFAULT_DISPLAY, DEFAULT_OPTIONS, TOOLS, type Display, type EditorSnapshot, type ToolId, type ToolOptions } from '#renderer/editor/index.ts'

/** How a person likes to work: kept from case to case and, by account, from day to day in this browser. */
export interface Habits { readonly tool: ToolId; readonly options: Partial<ToolOptions>; readonly display: Partial<Display> }

export const FIRST_HABITS: Habits = { tool: 'polygon', options: {}, display: {} }
type Store = Pick<Storage, 'getItem' | 'setItem'>
const place = (login: string): string => `sln.habits.drawing.${login}`

/** The values of `given` that stand in `standard` with the same type; anything else counts as not said. */
function fitting<T extends object>(given: unknown, standard: T): Partial<T> {
  if (typeof given !== 'object' || given === null) return {}
  return Object.fromEntries(Object.entries(given).filter(([key, value]) => key in standard && typeof value === typeof standard[key as keyof T] && (typeof value !== 'number' || Number.isFinite(value)))) as Partial<T>
}

export function keptHabits(login: string, store: Store = localStorage): Habits {
  try {
    const { tool, options, display } = JSON.parse(store.getItem(place(login)) ?? '{}') as { tool?: unknown; options?: unknown; display?: unknown }
    return { tool: TOOLS.find((t) => t.id === tool)?.id ?? FIRST_HABITS.tool, options: fitting(options, DEFAULT_OPTIONS), display: { ...fitting(display, DEFAULT_DISPLAY), contoursHidden: false } }
  } catch {
    return FIRST_HABITS
  }
}

/** Measuring is done now and then; the tool to begin a case with is the last one that draws. */
export function habitsOf(snapshot: Pick<EditorSnapshot, 'tool' | 'options' | 'display'>, before: Habits): Habits {
  const draws = !['select', 'eraser', 'caliper', 'ellipse'].includes(snapshot.tool)
  return { tool: draws ? snapshot.tool : before.tool, options: snapshot.options, display: { ...snapshot.display, contoursHidden: false } }
}

export function keepHabits(login: string, habits: Habits, store: Store = localStorage): void {
  try {
    store.setItem(place(login), JSON.stringify(habits))
  } catch {
    // A full or locked store costs the habit, not the drawing.
  }
}
