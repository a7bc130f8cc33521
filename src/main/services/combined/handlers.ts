import { Failure, type CallName } from '#shared/contract/index.ts'
import { outOfFoldRuns } from '#main/database/queries/combined.ts'
import type { Handlers, World } from '../context.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { buildModel, compareModels } from './build.ts'
import { exportCombined } from './bundle.ts'
import { freezeBuilt, frozenModels } from './freeze.ts'
import { importOutOfFold } from './outOfFold.ts'
import { combinedOptions, planOf } from './rows.ts'

type Calls = Extract<CallName, `combined.${string}`>

export function combinedHandlers(world: World, jobs: Jobs): Handlers<Calls> {
  const free = (kind: string): void => {
    if (jobs.running(kind)) throw new Failure('conflict', 'such a fit is running already; wait for it or cancel it')
  }
  return {
    'combined.options': ({ study }) => combinedOptions(study),
    'combined.plan': ({ study }, input) => planOf(study, input.outcome, input.signatures).plan,
    'combined.fit': ({ study, caller }, input) => {
      free('combined-fit')
      return { jobId: jobs.start({ kind: 'combined-fit', title: 'Fitting the combined model', actor: caller.actor, input, study }, (job) => buildModel(study, input, job)) }
    },
    'combined.compare': ({ study, caller }, input) => {
      free('combined-compare')
      return { jobId: jobs.start({ kind: 'combined-compare', title: 'Comparing clinical models', actor: caller.actor, input, study }, (job) => compareModels(study, input, job)) }
    },
    'combined.freeze': ({ study, caller }, input) => freezeBuilt(study, world, caller.actor, jobs.list(study).find((j) => j.id === input.jobId), input),
    'combined.list': ({ study }) => ({
      models: frozenModels(study), runs: outOfFoldRuns(study.db.read).map((r) => ({ id: r.id, name: r.name, network: r.model, folds: r.folds, cases: r.cases, sha256: r.source_sha256, importedAt: r.created_at })),
    }),
    'combined.export': ({ study, caller }, input) => exportCombined(study, caller.actor, input),
    'combined.importOutOfFold': ({ study, caller }, input) => importOutOfFold(study, world, caller.actor, input),
  }
}
