import { z } from 'zod'
import { mutation, query } from './call.ts'
import { done, id, isoTime, nothing, role, seniority, shortText } from './common.ts'

export const account = z.object({
  id, login: z.string(), name: z.string(), role, seniority: seniority.nullable(), yearsExperience: z.number().nullable(), demo: z.boolean(), mustChangePassword: z.boolean(),
})
export type Account = z.infer<typeof account>

export const signInAccount = z.object({ login: z.string(), name: z.string(), role, demo: z.boolean() })

export const sessionState = z.object({
  app: z.object({ name: z.string(), version: z.string(), build: z.string() }),
  study: z.object({ id, name: z.string(), synthetic: z.boolean(), version: z.number().int(), outcome: z.string(), isPackage: z.boolean() }).nullable(),
  /** Offered on the sign-in page; names and roles only. */
  accounts: z.array(signInAccount),
  user: account.nullable(),
})
export type SessionState = z.infer<typeof sessionState>

const password = z.string().min(1).max(400)
const newPassword = z.string().min(10, 'a password has at least 10 characters').max(400)

export const sessionCalls = {
  'session.state': query('anyone', nothing, sessionState, { study: 'optional' }),
  'session.signIn': mutation('anyone', z.strictObject({ login: z.string().max(100), password }), sessionState),
  /** Signs in to a demo account without a password; refused for every other account. */
  'session.signInDemo': mutation('anyone', z.strictObject({ login: z.string().max(100) }), sessionState),
  'session.signOut': mutation('anyone', nothing, done, { study: 'optional' }),
  'session.changePassword': mutation('signedIn', z.strictObject({ current: password, next: newPassword }), done),
}

export const managedAccount = account.extend({
  /** Another account of the same person; what was seen under it counts for this one's washout. */
  samePersonAs: id.nullable(), createdAt: isoTime, disabled: z.boolean(), locked: z.boolean(),
})
export type ManagedAccount = z.infer<typeof managedAccount>

export const accountCalls = {
  'accounts.list': query(['investigator'], nothing, z.object({ accounts: z.array(managedAccount) })),
  'accounts.create': mutation(['investigator'], z.strictObject({
    login: z.string().trim().regex(/^[a-z0-9][a-z0-9._-]{1,39}$/, 'a login is 2 to 40 of a-z, 0-9, dot, dash, underscore'), name: shortText, role,
    seniority: seniority.nullable(), yearsExperience: z.number().min(0).max(70).nullable(), firstPassword: newPassword,
  }), managedAccount),
  'accounts.resetPassword': mutation(['investigator'], z.strictObject({ accountId: id, firstPassword: newPassword }), done),
  'accounts.setPerson': mutation(['investigator'], z.strictObject({ accountId: id, samePersonAs: id.nullable(), reason: shortText }), done),
  'accounts.setDisabled': mutation(['investigator'], z.strictObject({ accountId: id, disabled: z.boolean(), reason: shortText }), done),
}
