import { Failure, type Account } from '#shared/contract/index.ts'
import type { Clock } from '#main/platform/index.ts'
import type { Caller } from '#main/services/context.ts'
import { createSessionAssets, type SessionAssets } from './assets.ts'

export interface ContextOptions {
  /** A host that acts for a trusted person (the CLI) brings its account. */
  readonly account?: Account
  readonly actor?: string
  /** A session without a call for so long is signed out; what was drafted is kept. */
  readonly idleMinutes?: number
}

/** One window, browser context or command line: who is signed in there, and the assets it may fetch. */
export interface Context {
  readonly assets: SessionAssets
  /** A host acts here for a trusted person whose account is not in the study (the CLI). */
  readonly trusted: boolean
  account(): Account | null
  actor(): string
  caller(): Caller
  signIn(account: Account): void
  signOut(): void
  /** The account as the study has it now; null when it may no longer sign in, which ends the session. */
  renew(account: Account | null): void
  touch(): void
  /** Whether somebody is signed in; a session that was idle for too long ends here. */
  alive(): boolean
  expired(): boolean
}

const NOBODY: Account = { id: '', login: 'nobody', name: '', role: 'reader', seniority: null, yearsExperience: null, demo: false, mustChangePassword: false }

export function createContext(clock: Clock, options: ContextOptions): Context {
  const assets = createSessionAssets()
  const idle = (options.idleMinutes ?? 30) * 60_000
  let account: Account | null = options.account ?? null
  let seen = clock.now().getTime()
  let timedOut = false
  const actor = (): string => options.actor ?? account?.login ?? 'nobody'
  const signOut = (): void => {
    account = null
    assets.clear()
  }
  return {
    assets, actor, signOut, trusted: options.account !== undefined,
    account: () => account,
    expired: () => timedOut,
    touch: () => {
      seen = clock.now().getTime()
    },
    alive() {
      if (options.account === undefined && account !== null && clock.now().getTime() - seen > idle) {
        signOut()
        timedOut = true
      }
      return account !== null
    },
    renew(next) {
      if (next === null) signOut()
      else account = next
    },
    signIn(next) {
      assets.clear()
      account = next
      timedOut = false
      seen = clock.now().getTime()
    },
    caller: () => ({
      account: account ?? NOBODY,
      actor: actor(),
      grant: (key, load) => {
        if (account === null) throw new Failure('not_signed_in', 'sign in first')
        return assets.grant(key, load)
      },
    }),
  }
}
