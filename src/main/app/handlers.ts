import type { CallName } from '#shared/contract/index.ts'
import { accountHandlers } from '#main/services/accounts/accounts.ts'
import { analysisHandlers } from '#main/services/analysis/handlers.ts'
import { annotationHandlers } from '#main/services/annotations/handlers.ts'
import { caseHandlers } from '#main/services/cases/handlers.ts'
import { inferenceHandlers } from '#main/services/inference/handlers.ts'
import { predictionHandlers } from '#main/services/inference/prediction.ts'
import { readingHandlers } from '#main/services/reading/handlers.ts'
import { protocolHandlers } from '#main/services/reading/protocolHandlers.ts'
import { reviewHandlers } from '#main/services/review/handlers.ts'
import type { Handler } from '#main/services/context.ts'
import type { House } from './createApp.ts'
import { jobHandlers, sessionHandlers, studyHandlers, type HostHandlers } from './houseHandlers.ts'
import { packageHandlers } from './packageHandlers.ts'

/** One handler a call: a call of the contract without one does not compile. */
export type AllHandlers = { readonly [N in CallName]: Handler<N> | HostHandlers[keyof HostHandlers] | ReturnType<typeof packageHandlers>[keyof ReturnType<typeof packageHandlers>] }

export function buildHandlers(house: House): AllHandlers {
  const { world, jobs, inference } = house
  return {
    ...sessionHandlers(house),
    ...studyHandlers(house),
    ...jobHandlers(house),
    ...packageHandlers(house),
    ...accountHandlers(world),
    ...caseHandlers(world),
    ...inferenceHandlers(world, jobs, inference),
    ...reviewHandlers(world, jobs, inference),
    ...predictionHandlers(world, inference),
    ...annotationHandlers(world, jobs),
    ...readingHandlers(world),
    ...protocolHandlers(world),
    ...analysisHandlers(world, jobs),
  }
}
