import { accountById } from '#main/database/queries/accounts.ts'
import { toAccount } from '#main/services/accounts/accounts.ts'
import type { OpenStudy } from '#main/services/context.ts'
import type { Context } from './context.ts'

/**
 * Whether somebody is signed in, by the account as the study has it now: one that was disabled, or that belongs to a study that is no longer open, ends its session at the next call;
 * a password that was reset has to be changed before anything else.
 */
export function stillSignedIn(study: OpenStudy | null, context: Context): boolean {
  if (!context.alive() || context.trusted) return context.account() !== null
  const row = study === null ? undefined : accountById(study.db.read, context.account()?.id ?? '')
  context.renew(row === undefined || row.disabled === 1 ? null : toAccount(row))
  return context.account() !== null
}
