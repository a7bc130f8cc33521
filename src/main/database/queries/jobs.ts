import type { Job } from '#shared/contract/index.ts'
import type { ReadDb, StudyDatabase } from '../connection.ts'

export interface JobRow {
  id: string; kind: string; title: string; state: Job['state']; input: string; result: string | null; note: string; done: number; total: number; provider: string | null; actor: string; started_at: string; finished_at: string | null
}

export const jobRows = (db: ReadDb): JobRow[] => db.all<JobRow>('SELECT * FROM job ORDER BY started_at DESC LIMIT 200')

export function insertJob(db: StudyDatabase, actor: string, job: { id: string; kind: string; title: string; input: string; startedAt: string }): void {
  db.write(actor, (tx) => {
    tx.insert('job', { id: job.id, kind: job.kind, title: job.title, state: 'running', input: job.input, result: null, note: '', done: 0, total: 0, provider: null, actor, started_at: job.startedAt, finished_at: null })
  })
}

export function finishJob(db: StudyDatabase, actor: string, job: Job): void {
  db.write(actor, (tx) => {
    tx.update('job', { id: job.id }, { state: job.state, result: JSON.stringify(job.result), note: job.note, done: job.done, total: job.total, provider: job.provider, finished_at: job.finishedAt })
  })
}

/** A job that a killed program left behind is not running any more. */
export function interruptedJobs(db: StudyDatabase): void {
  if (db.read.get("SELECT id FROM job WHERE state = 'running'") === undefined) return
  db.write('program', (tx) => {
    tx.run("UPDATE job SET state = 'interrupted', note = 'the program ended before it was done; start it again to go on', finished_at = ? WHERE state = 'running'", tx.at)
  })
}
