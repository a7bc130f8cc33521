import { Failure, type Job } from '#shared/contract/index.ts'
import type { StudyDatabase } from '#main/database/index.ts'
import { finishJob, insertJob, jobRows, type JobRow } from '#main/database/queries/jobs.ts'
import type { World } from '../context.ts'

/** What long work tells of itself while it runs. */
export interface JobHandle {
  readonly id: string
  readonly signal: AbortSignal
  progress(done: number, total: number, note?: string): void
  provider(name: string): void
}

export interface Jobs {
  /** `stored`: what of the result the study keeps, where the whole would name files or folders of patients; the input and a failure's words are then not kept either. */
  start(spec: { kind: string; title: string; actor: string; total?: number; input?: unknown; study?: { db: StudyDatabase } | null; stored?: (result: unknown) => unknown }, work: (job: JobHandle) => Promise<unknown>): string
  get(id: string): Job
  list(study: { db: StudyDatabase } | null): Job[]
  cancel(id: string): void
  /** Resolves when the job has ended, with its last state. */
  ended(id: string): Promise<Job>
  running(kind?: string): boolean
  stopAll(): Promise<void>
}

interface Live { job: Job; abort: AbortController; started: number; end: Promise<Job>; lastEmit: number }

/** Long work off the main thread's back: progress, time left, cancel, and a row in the study that a restart finds. */
export function createJobs(world: World): Jobs {
  const live = new Map<string, Live>()
  const say = (entry: Live, force: boolean): void => {
    const now = Date.now()
    if (!force && now - entry.lastEmit < 100) return
    entry.lastEmit = now
    world.emit({ name: 'job', payload: { ...entry.job } })
  }
  const get = (id: string): Job => {
    const entry = live.get(id)
    if (entry === undefined) throw new Failure('not_found', 'there is no such job since the program was started')
    return { ...entry.job }
  }
  return {
    get,
    running: (kind) => [...live.values()].some((e) => e.job.state === 'running' && (kind === undefined || e.job.kind === kind)),
    list(study) {
      const now = [...live.values()].map((e) => ({ ...e.job }))
      const known = new Set(now.map((j) => j.id))
      const stored = study === null ? [] : jobRows(study.db.read).filter((row) => !known.has(row.id)).map(fromRow)
      return [...now, ...stored].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
    },
    cancel(id) {
      const entry = live.get(id)
      if (entry === undefined) throw new Failure('not_found', 'there is no such job')
      entry.abort.abort()
    },
    ended: (id) => live.get(id)?.end ?? Promise.reject(new Failure('not_found', 'there is no such job')),
    async stopAll() {
      for (const entry of live.values()) entry.abort.abort()
      await Promise.allSettled([...live.values()].map((e) => e.end))
    },
    start(spec, work) {
      const id = world.ids.next()
      const started = world.clock.now()
      const job: Job = { id, kind: spec.kind, title: spec.title, state: 'running', done: 0, total: spec.total ?? 0, note: '', secondsLeft: null, provider: null, startedAt: started.toISOString(), finishedAt: null, result: null, input: spec.input ?? null }
      const abort = new AbortController()
      const entry: Live = { job, abort, started: Date.now(), lastEmit: 0, end: Promise.resolve(job) }
      const db = spec.study?.db
      if (db !== undefined) insertJob(db, spec.actor, { id, kind: spec.kind, title: spec.title, input: JSON.stringify(spec.stored === undefined ? (spec.input ?? null) : null), startedAt: job.startedAt })
      const handle: JobHandle = {
        id, signal: abort.signal,
        provider(name) {
          job.provider = name
          say(entry, true)
        },
        progress(done, total, note) {
          job.done = done
          job.total = total
          if (note !== undefined) job.note = note
          const seconds = (Date.now() - entry.started) / 1000
          job.secondsLeft = done > 0 && total > 0 && seconds > 1 ? Math.round((seconds / done) * (total - done)) : null
          say(entry, false)
        },
      }
      const finish = (state: Job['state'], note: string, result: unknown): Job => {
        Object.assign(job, { state, note, result, secondsLeft: null, finishedAt: world.clock.now().toISOString() })
        try {
          if (db !== undefined) finishJob(db, spec.actor, spec.stored === undefined ? job : { ...job, result: result === null ? null : spec.stored(result), note: state === 'failed' ? 'it failed; what was done is kept' : job.note })
        } catch (error) {
          world.logger.error({ job: id, error: String(error) }, 'the end of a job could not be stored')
        }
        say(entry, true)
        return job
      }
      live.set(id, entry)
      entry.end = (async () => {
        try {
          const result = await work(handle)
          return abort.signal.aborted ? finish('cancelled', 'cancelled; what was done is kept', result ?? null) : finish('done', job.note, result ?? null)
        } catch (error) {
          if (abort.signal.aborted) return finish('cancelled', 'cancelled; what was done is kept', null)
          world.logger.error({ job: id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 'a job failed')
          return finish('failed', error instanceof Error ? error.message : String(error), null)
        }
      })()
      say(entry, true)
      return id
    },
  }
}

function fromRow(row: JobRow): Job {
  return {
    id: row.id, kind: row.kind, title: row.title, state: row.state === 'running' ? 'interrupted' : row.state, done: row.done, total: row.total, note: row.state === 'running' ? 'the program ended before it was done' : row.note,
    secondsLeft: null, provider: row.provider, startedAt: row.started_at, finishedAt: row.finished_at, result: row.result === null ? null : (JSON.parse(row.result) as unknown), input: JSON.parse(row.input) as unknown,
  }
}
