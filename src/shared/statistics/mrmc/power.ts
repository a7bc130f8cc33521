import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { fQuantile, noncentralFSf } from '../distributions/index.ts'
import type { Generalisation } from './obuchowskiRockette.ts'

/** What a pilot study says about variation: components of the Obuchowski-Rockette model and the number of cases they come from. */
export interface PilotComponents {
  readonly testReader: number
  readonly error: number
  readonly cov1: number
  readonly cov2: number
  readonly cov3: number
  readonly cases: number
}

/** A planned fully crossed study of two conditions. */
export interface Plan {
  /** Difference of the mean AUCs to be found. */
  readonly effect: number
  readonly readers: number
  readonly cases: number
  /** Two-sided; 0.05 unless given. */
  readonly alpha?: number
  readonly generalisation?: Generalisation
}

export interface Power {
  readonly power: number
  readonly noncentrality: number
  readonly df1: number
  readonly df2: number
  readonly readers: number
  readonly cases: number
  readonly method: string
}

/**
 * Power of the Obuchowski-Rockette test for two conditions, error covariances scaled from the pilot's cases to the planned ones at the
 * same class ratio.
 * Source: Hillis SL, Obuchowski NA, Berbaum KS. Power estimation for multireader ROC methods. Acad Radiol 2011;18:129-42. A negative
 * test-reader component
 * and a negative Cov2 - Cov3 count as 0.
 */
export function readerStudyPower(pilot: PilotComponents, plan: Plan): StatisticsResult<Power> {
  const { effect, readers: J, cases, alpha = 0.05, generalisation = 'random_readers_random_cases' } = plan
  const randomReaders = generalisation !== 'fixed_readers_random_cases'
  if (!(alpha > 0 && alpha < 1)) return fail('out_of_range', `alpha must lie between 0 and 1; it is ${alpha}.`)
  if (!(cases > 0) || !(pilot.cases > 0)) return fail('out_of_range', 'The numbers of cases must be positive.')
  if (!Number.isInteger(J) || J < (randomReaders ? 2 : 1)) {
    return fail('too_few', `A study with ${randomReaders ? 'random readers needs at least 2' : 'fixed readers needs at least 1'}; ${J} planned.`)
  }
  const scale = pilot.cases / cases
  const spread = Math.max(0, pilot.cov2 - pilot.cov3)
  const interaction = Math.max(0, pilot.testReader) + scale * Math.max(0, pilot.error - pilot.cov1 - spread)
  const denominator = generalisation === 'random_readers_random_cases' ? interaction + scale * J * spread
    : generalisation === 'random_readers_fixed_cases' ? interaction : scale * (pilot.error - pilot.cov1 + (J - 1) * spread)
  if (!(denominator > 0)) return fail('undefined', 'The pilot has no variation left after its components are combined: power cannot be given.')
  const df2 = generalisation === 'random_readers_random_cases' ? denominator ** 2 / (interaction ** 2 / (J - 1))
    : generalisation === 'random_readers_fixed_cases' ? J - 1 : Infinity
  const noncentrality = J * effect * effect / 2 / denominator
  const critical = fQuantile(alpha, 1, df2, 'upper')
  const power = noncentralFSf(critical, 1, df2, noncentrality)
  return ok({ power, noncentrality, df1: 1, df2, readers: J, cases, method: 'Hillis, Obuchowski and Berbaum 2011' })
}

/**
 * The smallest number of cases that reaches a power with the given readers; `undefined` when no number does (too few readers). O(log
 * cases).
 */
export function casesNeeded(pilot: PilotComponents, plan: Omit<Plan, 'cases'>, power: number, most = 1_000_000): StatisticsResult<Power> {
  const at = (cases: number): StatisticsResult<Power> => readerStudyPower(pilot, { ...plan, cases })
  const best = at(most)
  if (!best.ok) return best
  if (best.value.power < power) {
    const reached = best.value.power.toFixed(3)
    return fail('undefined', `Even ${most} cases reach a power of ${reached} only: ${plan.readers} readers are too few for this effect.`)
  }
  let low = 1, high = most
  while (low < high) {
    const mid = Math.floor((low + high) / 2)
    const r = at(mid)
    if (!r.ok) return r
    if (r.value.power >= power) high = mid
    else low = mid + 1
  }
  return at(low)
}

/** The smallest number of readers that reaches a power with the given cases. O(readers). */
export function readersNeeded(pilot: PilotComponents, plan: Omit<Plan, 'readers'>, power: number, most = 200): StatisticsResult<Power> {
  let last = 0
  for (let readers = 2; readers <= most; readers++) {
    const r = readerStudyPower(pilot, { ...plan, readers })
    if (!r.ok) return r
    if (r.value.power >= power) return r
    last = r.value.power
  }
  return fail('undefined', `Even ${most} readers reach a power of ${last.toFixed(3)} only: ${plan.cases} cases are too few for this effect.`)
}
