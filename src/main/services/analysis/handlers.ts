import { join, resolve } from 'node:path'
import type { CallName } from '#shared/contract/index.ts'
import { Failure } from '#shared/contract/errors.ts'
import type { Handlers, World } from '../context.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { evaluateStudy } from './evaluate.ts'
import { networkAgreement } from './networkAgreement.ts'
import { writeReport } from './report/writeReport.ts'
import type { AnalysisThread } from './thread/analysisThread.ts'

type Calls = Extract<CallName, `analysis.${string}`>

/** `models`: the folder of the shipped models, for the importances of the fusion. */
export function analysisHandlers(world: World, jobs: Jobs, thread: AnalysisThread, models: string): Handlers<Calls> {
  return {
    'analysis.evaluation': ({ study }) => evaluateStudy(study),
    'analysis.cohort': ({ study }, input) => thread.ask(study, 'cohort', input),
    'analysis.roc': ({ study }, input) => thread.ask(study, 'roc', input),
    'analysis.variables': ({ study }) => thread.ask(study, 'variables', null),
    'analysis.segmentation': ({ study }) => thread.ask(study, 'segmentation', null),
    'analysis.networkAgreement': ({ study }) => networkAgreement(study),
    'analysis.report': ({ study, caller }, input) => {
      if (jobs.running('report')) throw new Failure('conflict', 'a report is being written already; wait until it is done')
      const to = input.to === undefined ? join(study.directory, 'reports', world.clock.now().toISOString().slice(0, 19).replaceAll(':', '-')) : resolve(input.to)
      return { jobId: jobs.start({ kind: 'report', title: 'Writing the report', actor: caller.actor, input: { to }, study }, (job) => writeReport({ study, world, thread, models, actor: caller.actor }, to, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })) }
    },
  }
}
