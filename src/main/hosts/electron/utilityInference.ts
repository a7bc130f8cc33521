import type { UtilityProcess } from 'electron'
import type { InferenceProcess } from '#main/runtime/inference/client.ts'
import type { Reply } from '#main/runtime/inference/protocol.ts'

/** The inference process in Electron: a utility process of its own. */
export function utilityInference(child: UtilityProcess): InferenceProcess {
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => {
      child.on('message', (message: unknown) => listener(message as Reply))
    },
    onExit: (listener) => {
      child.on('exit', (code) => listener(code))
    },
    kill: () => {
      child.kill()
    },
  }
}
