import { userInfo } from 'node:os'
import type { App } from '#main/app/createApp.ts'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { Failure, type CallInput, type CallName, type CallOutput, type Job } from '#shared/contract/index.ts'
import type { Account } from '#shared/contract/session.ts'
import { createOutput, type Output } from './output.ts'

/** What a command may do: make calls as `cli:<OS user>` with an investigator's rights, and wait for jobs. */
export interface Session {
  readonly app: App
  readonly output: Output
  /** `cli:<OS user>`, for the log. */
  readonly actor: string
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  /** Shows a job's progress until it ends; throws when it failed. Ctrl-C cancels it. */
  wait(jobId: string): Promise<Job>
}

const actor = (): string => {
  try {
    return `cli:${userInfo().username}`
  } catch {
    return 'cli:unknown'
  }
}

const CLI_ACCOUNT: Account = { id: 'cli', login: 'cli', name: 'command line', role: 'investigator', seniority: null, yearsExperience: null, demo: false, mustChangePassword: false }

/** Runs one command; exit code 0 done, 1 an expected failure or refused rows, 2 wrong usage. */
export async function runCommand(options: { json?: boolean | undefined; study?: string | undefined }, work: (session: Session) => Promise<number | void>): Promise<void> {
  const output = createOutput(options.json === true)
  const app = createNodeApp({ logName: 'cli' })
  const context = app.context({ account: CLI_ACCOUNT, actor: actor() })
  const call: Session['call'] = async (name, input) => {
    const result = await app.call(context, name, input)
    if (!result.ok) throw new Failure(result.error.code, result.error.message)
    return result.value as never
  }
  const wait = async (jobId: string): Promise<Job> => {
    const interrupt = (): void => app.house.jobs.cancel(jobId)
    process.once('SIGINT', interrupt)
    const stop = app.subscribe((event) => {
      if (event.name === 'job' && event.payload.id === jobId) output.progress(event.payload.done, event.payload.total, event.payload.note)
    })
    const job = await app.house.jobs.ended(jobId)
    stop()
    process.off('SIGINT', interrupt)
    output.end()
    if (job.state === 'failed') throw new Failure('refused', job.note)
    if (job.state === 'cancelled') output.say('cancelled; what was done is kept')
    return job
  }
  try {
    if (options.study !== undefined) app.house.open(options.study)
    process.exitCode = (await work({ app, output, actor: actor(), call, wait })) ?? 0
  } catch (error) {
    output.end()
    if (!(error instanceof Failure)) throw error
    if (options.json === true) process.stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message } })}\n`)
    output.say(`sln: ${error.message}`)
    process.exitCode = error.code === 'invalid_input' ? 2 : 1
  } finally {
    await app.close()
  }
}
