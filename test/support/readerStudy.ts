import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App, Context } from '#main/app/createApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { createAccount } from '#main/services/accounts/accounts.ts'
import { importManifest } from '#main/services/cases/importManifest.ts'
import { createStudy } from '#main/services/study/studies.ts'
import type { OpenStudy } from '#main/services/context.ts'
import type { CallInput, CallName, CallOutput, ErrorCode } from '#shared/contract/index.ts'
import type { Role } from '#shared/domain/index.ts'

export const PASSWORD = 'a long enough password'

/** One person at the workstation: calls by name that answer, or throw what went wrong; `refused` answers the error's code. */
export interface Person {
  readonly context: Context
  get<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  refused<N extends CallName>(name: N, input: CallInput<N>): Promise<ErrorCode | 'not refused'>
}
export interface ReaderStudy {
  readonly app: App; readonly study: OpenStudy; readonly accounts: ReadonlyMap<string, string>
  /** The day that the program believes it is; setting it moves the clock. */
  today: string
  as(login: string): Promise<Person>
  close(): Promise<void>
}

export function personOf(app: App, context: Context): Person {
  return {
    context,
    async get(name, input) {
      const answer = await app.call(context, name, input)
      if (!answer.ok) throw new Error(`${name}: ${answer.error.code}: ${answer.error.message}`)
      return answer.value as never
    },
    async refused(name, input) {
      const answer = await app.call(context, name, input)
      return answer.ok ? 'not refused' : answer.error.code
    },
  }
}

/** A study of small made pictures: `cases` in cohorts a and b (every second positive), two training cases t1 and t2, and one account a login. */
export async function readerStudy(home: string, people: Readonly<Record<string, Role>>, cases = 6): Promise<ReaderStudy> {
  const source = join(home, 'source')
  mkdirSync(source, { recursive: true })
  const rows = ['case_id,patient_id,image,cohort,hospital,age,sln']
  const names = [...Array.from({ length: cases }, (_, i) => `c${i + 1}`), 't1', 't2']
  for (const [i, name] of names.entries()) {
    await sharp(Uint8Array.from({ length: 48 * 40 }, (_, k) => (k * (i + 3)) % 251), { raw: { width: 48, height: 40, channels: 1 } }).png().toFile(join(source, `${name}.png`))
    rows.push(`${name},p-${name},${name}.png,${name.startsWith('t') ? 'practice' : i % 2 === 0 ? 'a' : 'b'},north,${40 + i},${i % 2}`)
  }
  writeFileSync(join(source, 'manifest.csv'), rows.join('\n'))
  let now = new Date('2026-01-05T09:00:00.000Z')
  const app = createNodeApp({ userData: join(home, 'user'), logger: quietLogger, clock: { now: () => (now = new Date(now.getTime() + 1)) } })
  const { world, origin } = app.house
  const study = createStudy(world, origin, 'test', { directory: join(home, 'study'), name: 'Reader study', synthetic: false })
  const report = await importManifest(study, world, 'test', join(source, 'manifest.csv'))
  if (report.imported !== names.length) throw new Error(JSON.stringify(report))
  const accounts = new Map<string, string>()
  for (const [login, role] of Object.entries(people)) {
    const made = await createAccount(world, study, 'test', { login, name: login, role, seniority: role === 'reader' ? 'junior' : null, yearsExperience: 4, password: PASSWORD, mustChange: false, demo: false })
    accounts.set(login, made.id)
  }
  app.house.adopt(study)
  return {
    app, study, accounts,
    get today() {
      return now.toISOString().slice(0, 10)
    },
    set today(day: string) {
      now = new Date(`${day}T09:00:00.000Z`)
    },
    async as(login) {
      const person = personOf(app, app.context({ idleMinutes: 600_000 }))
      await person.get('session.signIn', { login, password: PASSWORD })
      return person
    },
    close: () => app.close(),
  }
}

export const idOf = (made: ReaderStudy, login: string): string => made.accounts.get(login) ?? ''
