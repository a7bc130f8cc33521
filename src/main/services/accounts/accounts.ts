import { Failure, type Account, type ManagedAccount } from '#shared/contract/index.ts'
import type { Role, Seniority } from '#shared/domain/index.ts'
import { accountById, accountByLogin, allAccounts, enabledInvestigators, setSignInFailure, signInFailure, type AccountRow } from '#main/database/queries/accounts.ts'
import type { Handlers, OpenStudy, World } from '../context.ts'
import { hashPassword, passwordMatches } from './password.ts'

const FAILURES_BEFORE_LOCK = 5
const LOCK_MINUTES = 15

export const toAccount = (row: AccountRow): Account => ({
  id: row.id, login: row.login, name: row.name, role: row.role, seniority: row.seniority, yearsExperience: row.years_experience, demo: row.demo === 1, mustChangePassword: row.must_change === 1,
})

export interface NewAccount {
  readonly login: string; readonly name: string; readonly role: Role; readonly seniority: Seniority | null; readonly yearsExperience: number | null
  readonly password: string; readonly mustChange: boolean; readonly demo: boolean
}

export async function createAccount(world: World, study: OpenStudy, actor: string, account: NewAccount): Promise<AccountRow> {
  if (accountByLogin(study.db.read, account.login) !== undefined) throw new Failure('conflict', `the login ${account.login} is taken; choose another`)
  const password = account.demo ? 'demo' : await hashPassword(account.password)
  const id = world.ids.next()
  return study.db.write(actor, (tx) => {
    tx.insert('account', {
      id, login: account.login, name: account.name, role: account.role, seniority: account.seniority, years_experience: account.yearsExperience, password, must_change: account.mustChange ? 1 : 0,
      demo: account.demo ? 1 : 0, disabled: 0, created_at: tx.at, origin: tx.origin,
    })
    tx.audit({ action: 'account.create', subject: 'account', id, new: `${account.login} (${account.role})` })
    return accountById(tx, id) as AccountRow
  })
}

/** Checks a password; counts failures and locks the account for a while after five. The answer never says whether the login exists. */
export async function signIn(world: World, study: OpenStudy, login: string, password: string): Promise<Account> {
  const row = accountByLogin(study.db.read, login)
  const wrong = (): Failure => new Failure('wrong_password', 'the login or the password is wrong')
  if (row === undefined || row.disabled === 1 || row.demo === 1) {
    await hashPassword(password) // the same time as for an account that exists
    throw wrong()
  }
  refuseLocked(world, study, row.id)
  const matches = await passwordMatches(password, row.password)
  // Others may have tried meanwhile: count and lock are read again in the transaction that changes them.
  refuseLocked(world, study, row.id)
  return study.db.write(row.login, (tx) => {
    if (matches && accountById(tx, row.id)?.password === row.password) {
      setSignInFailure(tx, row.id, 0, null)
      tx.audit({ action: 'session.signIn', subject: 'event', id: row.id })
      return toAccount(row)
    }
    const count = signInFailure(tx, row.id).count + 1
    const lock = count >= FAILURES_BEFORE_LOCK
    setSignInFailure(tx, row.id, lock ? 0 : count, lock ? new Date(world.clock.now().getTime() + LOCK_MINUTES * 60_000).toISOString() : null)
    tx.audit({ action: lock ? 'session.lockedOut' : 'session.wrongPassword', subject: 'event', id: row.id })
    return null
  }) ?? refuse(wrong())
}

const refuse = (failure: Failure): never => {
  throw failure
}

function refuseLocked(world: World, study: OpenStudy, accountId: string): void {
  const until = signInFailure(study.db.read, accountId).locked_until
  const left = until === null ? 0 : Date.parse(until) - world.clock.now().getTime()
  if (left <= 0) return
  const minutes = Math.ceil(left / 60_000)
  throw new Failure('locked_out', `too many failed sign-ins; try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, or ask an investigator for a new password`)
}

export function signInDemo(study: OpenStudy, login: string): Account {
  const row = accountByLogin(study.db.read, login)
  if (row === undefined || row.demo !== 1 || !study.synthetic) throw new Failure('forbidden', 'only the demo study has accounts without a password')
  study.db.write(row.login, (tx) => tx.audit({ action: 'session.signIn', subject: 'event', id: row.id }))
  return toAccount(row)
}

export async function changePassword(study: OpenStudy, accountId: string, current: string, next: string): Promise<void> {
  const row = accountById(study.db.read, accountId)
  if (row === undefined) throw new Failure('not_found', 'there is no such account')
  if (row.demo === 1) throw new Failure('refused', 'a demo account has no password')
  if (!(await passwordMatches(current, row.password))) throw new Failure('wrong_password', 'the present password is wrong')
  if (current === next) throw new Failure('invalid_input', 'the new password must differ from the present one')
  const password = await hashPassword(next)
  study.db.write(row.login, (tx) => {
    tx.update('account', { id: row.id }, { password, must_change: 0 })
    tx.audit({ action: 'account.changePassword', subject: 'account', id: row.id })
  })
}

const managed = (study: OpenStudy, world: World, row: AccountRow): ManagedAccount => ({
  ...toAccount(row), samePersonAs: row.person === row.id ? null : row.person, createdAt: row.created_at, disabled: row.disabled === 1, locked: (signInFailure(study.db.read, row.id).locked_until ?? '') > world.clock.now().toISOString(),
})

type AccountCalls = 'accounts.list' | 'accounts.create' | 'accounts.resetPassword' | 'accounts.setDisabled' | 'accounts.setPerson'

export function accountHandlers(world: World): Handlers<AccountCalls> {
  const require = (study: OpenStudy, id: string): AccountRow => {
    const row = accountById(study.db.read, id)
    if (row === undefined) throw new Failure('not_found', 'there is no such account')
    return row
  }
  return {
    'accounts.list': ({ study }) => ({ accounts: allAccounts(study.db.read).map((row) => managed(study, world, row)) }),
    'accounts.create': async ({ study, caller }, input) =>
      managed(study, world, await createAccount(world, study, caller.actor, { ...input, password: input.firstPassword, mustChange: true, demo: false })),
    'accounts.resetPassword': async ({ study, caller }, input) => {
      const row = require(study, input.accountId)
      if (row.demo === 1) throw new Failure('refused', 'a demo account has no password')
      const password = await hashPassword(input.firstPassword)
      study.db.write(caller.actor, (tx) => {
        tx.update('account', { id: row.id }, { password, must_change: 1 })
        setSignInFailure(tx, row.id, 0, null)
        tx.audit({ action: 'account.resetPassword', subject: 'account', id: row.id })
      })
      return { done: true }
    },
    'accounts.setPerson': ({ study, caller }, input) => {
      const row = require(study, input.accountId)
      const other = input.samePersonAs === null ? null : require(study, input.samePersonAs)
      if (other?.id === row.id) throw new Failure('invalid_input', 'an account stands for its own person anyway')
      const person = other === null ? null : other.person ?? other.id
      study.db.write(caller.actor, (tx) => {
        tx.update('account', { id: row.id }, { person })
        tx.audit({ action: 'account.setPerson', subject: 'account', id: row.id, old: row.person, new: person, reason: input.reason })
      })
      return { done: true }
    },
    'accounts.setDisabled': ({ study, caller }, input) => {
      const row = require(study, input.accountId)
      if (input.disabled && row.role === 'investigator' && enabledInvestigators(study.db.read) <= 1) {
        throw new Failure('refused', 'this is the last investigator; make another one first')
      }
      study.db.write(caller.actor, (tx) => {
        tx.update('account', { id: row.id }, { disabled: input.disabled ? 1 : 0 })
        tx.audit({ action: input.disabled ? 'account.disable' : 'account.enable', subject: 'account', id: row.id, reason: input.reason })
      })
      return { done: true }
    },
  }
}
