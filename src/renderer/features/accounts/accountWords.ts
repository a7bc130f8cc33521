import type { ManagedAccount } from '#shared/contract/index.ts'
import type { Role } from '#shared/domain/index.ts'
import type { StateKind } from '#renderer/ui/index.ts'

export const ROLE_CHOICES: readonly { value: Role; label: string; hint: string }[] = [
  { value: 'annotator', label: 'Annotator', hint: 'draws contours; sees no pathology, no masks of the models' },
  { value: 'reader', label: 'Reader', hint: 'scores images blinded; sees the image alone' },
  { value: 'investigator', label: 'Investigator', hint: 'sees everything; cannot read in the study' },
]
export const roleLabel = (role: Role): string => ROLE_CHOICES.find((r) => r.value === role)?.label ?? role

/** Whether the account can be used now, in one word. */
export function accountState(account: Pick<ManagedAccount, 'disabled' | 'locked' | 'mustChangePassword' | 'demo'>): { kind: StateKind; label: string } {
  if (account.disabled) return { kind: 'stop', label: 'Disabled' }
  if (account.locked) return { kind: 'attention', label: 'Locked for a while' }
  if (account.mustChangePassword) return { kind: 'progress', label: 'First password' }
  return { kind: 'ok', label: account.demo ? 'Active (demo)' : 'Active' }
}

const LOGIN = /^[a-z0-9][a-z0-9._-]{1,39}$/
/** What is wrong with a login, or null. `taken` are those that exist. */
export function loginProblem(login: string, taken: readonly string[]): string | null {
  if (login === '') return null
  if (!LOGIN.test(login)) return '2 to 40 of a-z, 0-9, dot, dash, underscore; it begins with a letter or digit'
  return taken.includes(login) ? 'this login is taken' : null
}
/** 'Lin Wei' as 'lin.wei': a login to begin with. */
export const suggestLogin = (name: string): string => name.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '.').replace(/^\.+|\.+$/g, '').slice(0, 40)
