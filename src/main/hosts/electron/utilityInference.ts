import type { UtilityProcess } from 'electron'
import type { InferenceProcess } from '#main/runtime/inference/client.ts'
import type { Reply } from '#main/runtime/inference/protocol.ts'

/** The inference process in Electron: a utility process of its own. */
export function utilityInference(child: UtilityProcess): InferenceProcess {
  // A fatal error of its engine is followed by its exit, which is what the client acts on; without a listener it would end the program.
  child.on('error', () => undefined)
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
