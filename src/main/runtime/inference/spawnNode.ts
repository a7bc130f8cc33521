import { fork } from 'node:child_process'
import { entryFile } from '#main/platform/index.ts'
import type { InferenceProcess } from './client.ts'
import type { Reply } from './protocol.ts'

/** The inference process as a plain child of Node (loopback host, CLI, tests). */
export function spawnNodeInference(): InferenceProcess {
  const child = fork(entryFile('inference'), { serialization: 'advanced', stdio: ['ignore', 'ignore', process.env['SLN_LOG'] === 'debug' ? 'inherit' : 'ignore', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning'] })
  child.unref()
  child.channel?.unref()
  let open = 0
  return {
    send(message) {
      open++
      child.channel?.ref()
      child.send(message, (error) => {
        if (error !== null) child.kill('SIGKILL')
      })
    },
    onMessage: (listener) => {
      child.on('message', (message) => {
        open--
        if (open === 0) child.channel?.unref()
        listener(message as Reply)
      })
    },
    onExit: (listener) => {
      child.on('exit', (code) => listener(code))
      child.on('error', () => listener(null))
    },
    kill: () => child.kill('SIGKILL'),
  }
}
