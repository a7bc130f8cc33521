/** Says anything at all to every call, as every role: each answer is a value or an expected error, and the study stays sound. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { contract, type CallName } from '#shared/contract/index.ts'
import { createGate } from '#main/app/gate.ts'
import { createBridge } from '#main/hosts/electron/bridge.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { contained } from '#test/support/containedInput.ts'
import { inputsOf } from '#test/support/inputs.ts'
import { everyId, PASSWORD, secretStudy } from '#test/support/secretStudy.ts'
import { temporary } from '#test/support/studies.ts'
import type { SoakOptions, SoakReport } from './report.ts'

/** They change who is signed in or which study is open, or make the demo study: a walk over them would be a walk over another study. */
const ELSEWHERE = new Set<CallName>(['session.signOut', 'session.signIn', 'session.signInDemo', 'session.changePassword', 'study.openDemo', 'study.create', 'study.open'])

/** An input of the right form with one part of it replaced by anything. */
const spoiled = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.tuple(right, fc.nat(20), fc.jsonValue({ maxDepth: 3 }), fc.boolean()).map(([input, at, value, remove]) => {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return value
  const keys = Object.keys(input)
  if (keys.length === 0) return { extra: value }
  const key = keys[at % keys.length] as string
  return Object.fromEntries(Object.entries(input).filter(([k]) => !(remove && k === key)).map(([k, v]) => [k, k === key ? value : v]))
})

/** `rounds` inputs for every call and role. */
export async function contractFuzz({ rounds, seed, say }: SoakOptions): Promise<SoakReport> {
  const scratch = temporary('contract-fuzz'), paths = join(scratch.path, 'paths')
  mkdirSync(paths)
  const secret = await secretStudy(scratch.path)
  const failures: string[] = [], codes: Record<string, number> = {}
  let logged = '', calls = 0
  Object.assign(secret.app.house.config.logger, { error: (fields: Record<string, unknown>) => (logged = String(fields['detail'] ?? JSON.stringify(fields))) })
  try {
    for (const role of ['nobody', 'reader', 'annotator', 'investigator'] as const) {
      const context = secret.app.context({})
      let deliver: (message: unknown) => void = () => undefined
      const gate = createGate(secret.app, context, (message) => deliver(structuredClone(message)))
      const bridge = createBridge({ post: (message) => gate.receive(structuredClone(message)), listen: (listener) => (deliver = listener) })
      if (role !== 'nobody') {
        const signedIn = await bridge.call('session.signIn', { login: role, password: PASSWORD })
        if (!signedIn.ok) throw new Error(signedIn.error.message)
      }
      for (const name of (Object.keys(contract) as CallName[]).filter((n) => !ELSEWHERE.has(n))) {
        const right = inputsOf(contract[name], everyId(secret.study))
        // Roles that may not make a call are refused before its input is looked at: a few tries show it.
        const access = contract[name].access
        const may = access === 'anyone' || (role !== 'nobody' && (access === 'signedIn' || access.includes(role)))
        for (const input of fc.sample(fc.oneof(right, spoiled(right), fc.jsonValue({ maxDepth: 4 })), { numRuns: may ? rounds : 2, seed })) {
          const answer = await bridge.call(name, contained(input, paths))
          calls++
          const code = answer.ok ? 'answered' : answer.error.code
          codes[code] = (codes[code] ?? 0) + 1
          if (code === 'internal') failures.push(`${name} as ${role}, ${JSON.stringify(input).slice(0, 300)}: ${logged.slice(0, 800)}`)
          const jobId = answer.ok ? (answer.value as { jobId?: string | null }).jobId : undefined
          if (typeof jobId === 'string' && !name.startsWith('jobs.')) {
            if (name === 'inference.start') secret.app.house.jobs.cancel(jobId)
            const job = await secret.app.house.jobs.ended(jobId)
            if (job.state === 'failed' && /TypeError|ReferenceError|RangeError|something went wrong/.test(job.note)) failures.push(`${name} as ${role}: its job failed with ${job.note}`)
          }
        }
      }
      gate.close()
      say?.(`contract: ${role} done, ${calls} calls, ${failures.length} failures`)
    }
    const directory = secret.study.directory
    await secret.close()
    const report = await verifyStudy(directory)
    if (!report.sound) failures.push(`not sound: ${report.faults.slice(0, 3).join('; ')}`)
  } finally {
    scratch.remove()
  }
  return { name: 'contract', rounds, failures, lines: [`${calls} calls: ${Object.entries(codes).sort((a, b) => b[1] - a[1]).map(([code, n]) => `${code} ${n}`).join(', ')}; the study sound`] }
}
