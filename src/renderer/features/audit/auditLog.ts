import type { AuditEntry, CallInput } from '#shared/contract/index.ts'

export interface AuditChoice { readonly actor: string; readonly action: string; readonly subject: string; readonly subjectId: string }
export const everything: AuditChoice = { actor: '', action: '', subject: '', subjectId: '' }
export const PAGE = 200

/** What to ask for: the filters that are set, and after which entry to go on. */
export function auditQuery(choice: AuditChoice, last: AuditEntry | undefined): CallInput<'audit.list'> {
  const set = Object.entries(choice).filter(([, value]) => value.trim() !== '').map(([key, value]) => [key, value.trim()])
  return { limit: PAGE, ...Object.fromEntries(set), ...(last === undefined ? {} : { before: { at: last.at, origin: last.origin, seq: last.seq } }) }
}

/** Actions and the groups they belong to: 'review.' stands for every action on reviews. */
export function actionChoices(actions: readonly string[]): string[] {
  const groups = new Map<string, number>()
  for (const action of actions) {
    const group = action.slice(0, action.indexOf('.') + 1)
    if (group !== '') groups.set(group, (groups.get(group) ?? 0) + 1)
  }
  return [...[...groups].filter(([, n]) => n > 1).map(([group]) => group), ...actions].sort()
}

/** A stored value for reading: JSON is indented, everything else stays as it is. */
export function pretty(value: string | null): string {
  if (value === null) return ''
  if (!/^[[{]/.test(value)) return value
  try {
    return JSON.stringify(JSON.parse(value), null, 2)
  } catch {
    return value
  }
}

export const entryKey = (entry: Pick<AuditEntry, 'origin' | 'seq'>): string => `${entry.origin} ${entry.seq}`
