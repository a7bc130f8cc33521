import { join } from 'node:path'
import type { CallName } from '#shared/contract/index.ts'
import { accountHandlers } from '#main/services/accounts/accounts.ts'
import { analysisHandlers } from '#main/services/analysis/handlers.ts'
import { annotationHandlers } from '#main/services/annotations/handlers.ts'
import { caseHandlers } from '#main/services/cases/handlers.ts'
import { combinedHandlers } from '#main/services/combined/handlers.ts'
import { exchangeHandlers } from '#main/services/exchange/handlers.ts'
import { cineHandlers } from '#main/services/cine/handlers.ts'
import { inferenceHandlers } from '#main/services/inference/handlers.ts'
import { predictionHandlers } from '#main/services/inference/prediction.ts'
import { pacsHandlers } from '#main/services/pacs/handlers.ts'
import { createPacsServers } from '#main/services/pacs/servers.ts'
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
    ...cineHandlers(world, jobs, inference),
    ...exchangeHandlers(world, jobs),
    ...inferenceHandlers(world, jobs, inference, house.inferenceSettings),
    ...reviewHandlers(world, jobs, inference),
    ...predictionHandlers(world, inference),
    ...combinedHandlers(world, jobs),
    ...annotationHandlers(world, jobs),
    ...readingHandlers(world),
    ...protocolHandlers(world),
    ...pacsHandlers(world, jobs, createPacsServers(house.config.userData, world.ids)),
    ...analysisHandlers(world, jobs, house.analysis, join(house.config.resources, 'models')),
  }
}
