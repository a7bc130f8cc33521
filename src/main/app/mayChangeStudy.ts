import { Failure } from '#shared/contract/index.ts'
import { packageMeta } from '#main/services/packages/open.ts'
import type { Context } from './context.ts'
import type { House } from './createApp.ts'

/** Opening another study is for an investigator of the one that is open. A package has no investigator: whoever is at the machine may leave it, signed out. */
export function mayChangeStudy(house: House, context: Context): boolean {
  const study = house.study(), account = context.account()
  if (study === null || account?.role === 'investigator') return true
  return account === null && packageMeta(study) !== null
}

export function requireMayChangeStudy(house: House, context: Context): void {
  if (mayChangeStudy(house, context)) return
  const study = house.study()
  throw new Failure('forbidden', study !== null && packageMeta(study) !== null ? 'sign out first; then another study or package can be opened' : 'sign in as an investigator to change to another study')
}
