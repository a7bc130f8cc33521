import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { CallInput, CallName, CallOutput, CallError } from '#shared/contract/index.ts'
import type { Result } from '#shared/lib/index.ts'
import { root } from '#test/support/studies.ts'

/** The real loopback host in a process of its own. */
export interface HostProcess {
  /** Resolves with the launch link; rejects when the host ends before it is ready. */
  readonly ready: Promise<string>
  /** `kill -9`; resolves when the process is gone. */
  killHard(): Promise<void>
}

export function startHost(home: string, study: string): HostProcess {
  const child: ChildProcess = spawn(process.execPath, [join(root, 'src/main/hosts/http/main.ts'), '--port', '0', '--renderer', root, '--study', study], { cwd: root, env: { ...process.env, SLN_HOME: home, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = new Promise<string>((resolve, reject) => {
    let text = '', errors = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += String(chunk)
      const link = /^ready (\S+)$/m.exec(text)?.[1]
      if (link !== undefined) resolve(link)
    })
    child.stderr?.on('data', (chunk: Buffer) => (errors += String(chunk)))
    void gone.then(() => reject(new Error(`the host ended before it was ready: ${errors}`)))
  })
  ready.catch(() => undefined)
  return {
    ready,
    async killHard() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** The renderer's end of a WebSocket; a call that the host's end cut off answers `unavailable`, as the renderer's own transport does. */
export interface SoakClient {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>, CallError>>
  close(): void
}

const LOST = { ok: false, error: { code: 'unavailable', message: 'the workstation cannot be reached' } } as const

export async function connectTo(link: string): Promise<SoakClient> {
  const launched = await fetch(link, { redirect: 'manual' })
  const cookie = (launched.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const origin = new URL(link).origin
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/bridge`, { headers: { cookie, origin } })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const waiting = new Map<number, (answer: never) => void>()
  let next = 1, lost = false
  const drop = (): void => {
    lost = true
    for (const settle of waiting.values()) settle(LOST as never)
    waiting.clear()
  }
  socket.on('close', drop)
  socket.on('error', drop)
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { id?: number }
    if (message.id === undefined) return
    waiting.get(message.id)?.(message as never)
    waiting.delete(message.id)
  })
  return {
    call: (name, input) => new Promise((resolve) => {
      if (lost) return resolve(LOST as never)
      waiting.set(next, resolve as (answer: never) => void)
      socket.send(JSON.stringify({ id: next++, call: name, input }))
    }),
    close: () => socket.terminate(),
  }
}

export function value<T>(answer: Result<T, CallError>): T {
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return answer.value
}
