import { join } from 'node:path'
import { createIds, createLogger, resourcesDirectory, systemClock, userDataDirectory, type Clock, type Logger } from '#main/platform/index.ts'
import type { SpawnInference } from '#main/runtime/inference/client.ts'
import { spawnNodeInference } from '#main/runtime/inference/spawnNode.ts'
import { createApp, type App } from './createApp.ts'
import { appVersion } from './version.ts'

export { appVersion }

/** The program as it runs under plain Node: loopback host, CLI, tests. */
export function createNodeApp(options: { userData?: string; clock?: Clock; logger?: Logger; logName?: string; resources?: string; spawnInference?: SpawnInference } = {}): App {
  const userData = options.userData ?? userDataDirectory()
  const clock = options.clock ?? systemClock
  return createApp({
    userData, clock, ids: createIds(clock), resources: options.resources ?? resourcesDirectory(), version: appVersion(), build: process.env['SLN_BUILD'] ?? 'source',
    logger: options.logger ?? createLogger(join(userData, 'logs', `${options.logName ?? 'workstation'}.log`)), spawnInference: options.spawnInference ?? spawnNodeInference,
  })
}
