import type { CallName } from '#shared/contract/index.ts'
import { Failure } from '#shared/contract/errors.ts'
import { join, resolve } from 'node:path'
import type { Handlers, World } from '../context.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { analyseCohort, remembered } from './cohort/analyseCohort.ts'
import { evaluateStudy } from './evaluate.ts'
import { writeReport } from './report/writeReport.ts'
import { rocOf } from './roc.ts'
import { maskFigures, segmentationTable } from './segmentation.ts'

type Calls = Extract<CallName, `analysis.${string}`>

export function analysisHandlers(world: World, jobs: Jobs): Handlers<Calls> {
  return {
    'analysis.evaluation': ({ study }) => evaluateStudy(study),
    'analysis.cohort': ({ study }, { cohort }) => remembered(study, `cohort\n${cohort}`, () => analyseCohort(study, cohort)),
    'analysis.roc': ({ study }, { cohort }) => remembered(study, `roc\n${cohort}`, () => rocOf(study, cohort)),
    'analysis.segmentation': ({ study }) => remembered(study, 'segmentation', () => {
      const figures = maskFigures(study)
      return { table: segmentationTable(figures), figures: figures.map(({ caseId, label, cohort, model, metric }) => ({ caseId, label, cohort, model, ...metric })) }
    }),
    'analysis.report': ({ study, caller }, input) => {
      if (jobs.running('report')) throw new Failure('conflict', 'a report is being written already; wait until it is done')
      const to = input.to === undefined ? join(study.directory, 'reports', world.clock.now().toISOString().slice(0, 19).replaceAll(':', '-')) : resolve(input.to)
      return { jobId: jobs.start({ kind: 'report', title: 'Writing the report', actor: caller.actor, input: { to }, study }, (job) => writeReport(study, world, caller.actor, to, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })) }
    },
  }
}
