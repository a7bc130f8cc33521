import { z } from 'zod'
import { mutation, query } from './call.ts'
import { done, id, isoTime, nothing } from './common.ts'

export const JOB_STATES = ['running', 'done', 'failed', 'cancelled', 'interrupted'] as const

export const job = z.object({
  id, kind: z.string(), title: z.string(), state: z.enum(JOB_STATES), done: z.number(), total: z.number(), note: z.string(),
  /** seconds; null until it can be estimated */
  secondsLeft: z.number().nullable(), provider: z.string().nullable(), startedAt: isoTime, finishedAt: isoTime.nullable(), result: z.unknown(),
  /** what it was started with, so that it can be started again */
  input: z.unknown().optional(),
})
export type Job = z.infer<typeof job>

export const jobCalls = {
  /** Open to anyone before sign-in only for the job that makes the demo study. */
  'jobs.get': query('anyone', z.strictObject({ jobId: id }), job, { study: 'optional' }),
  'jobs.list': query(['investigator'], nothing, z.object({ jobs: z.array(job) })),
  'jobs.cancel': mutation(['investigator'], z.strictObject({ jobId: id }), done),
}
