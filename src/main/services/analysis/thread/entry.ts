/** The thread that computes the analysis and writes reports, so that the window and the readers at work never wait for it. */
import { parentPort, workerData } from 'node:worker_threads'
import { Failure } from '#shared/contract/errors.ts'
import { openStudyReadOnly } from '../../study/studies.ts'
import { analyseCohort } from '../cohort/analyseCohort.ts'
import { remembered } from '../remembered.ts'
import { writeReportFiles } from '../report/writeReport.ts'
import { rocOf } from '../roc.ts'
import { maskAnswer } from '../segmentation.ts'
import { variablesOf } from '../variables.ts'
import type { Answered, Asked, Questions } from './messages.ts'

const study = openStudyReadOnly((workerData as { directory: string }).directory)
const say = (message: Answered): void => parentPort?.postMessage(message)

async function answer({ id, name, input }: Asked): Promise<unknown> {
  const kept = <T>(make: () => T): T => remembered(study, `${name}\n${JSON.stringify(input)}`, make)
  switch (name) {
    case 'cohort': return kept(() => analyseCohort(study, input as Questions['cohort']['input']))
    case 'roc': return kept(() => rocOf(study, input as Questions['roc']['input']))
    case 'variables': return kept(() => variablesOf(study))
    case 'segmentation': return kept(() => maskAnswer(study))
    case 'report': return writeReportFiles(study, input as Questions['report']['input'], (done, total, note) => say({ id, kind: 'progress', done, total, note }))
  }
}

parentPort?.on('message', (asked: Asked) => {
  void answer(asked).then(
    (value) => say({ id: asked.id, kind: 'answer', value }),
    (error: unknown) => say({ id: asked.id, kind: 'failure', code: error instanceof Failure ? error.code : null, message: error instanceof Error ? (error instanceof Failure ? error.message : (error.stack ?? error.message)) : String(error) }),
  )
})
