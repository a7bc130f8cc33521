/** The inference process: one at a time, sessions kept warm. Speaks `protocol.ts` over Node's or Electron's channel. */
import { createEngine } from './engine.ts'
import { cpuLanes } from './lanes/count.ts'
import { createCpuLanes } from './lanes/lanes.ts'
import { gpuMemoryMb } from './memory.ts'
import { createPictureThread } from './pictures/thread.ts'
import type { Envelope, Reply } from './protocol.ts'
import { nodeRuntime } from './providers.ts'

interface ParentPort { on(event: 'message', listener: (event: { data: unknown }) => void): void; postMessage(message: unknown): void }
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
const post = (reply: Reply): void => {
  if (parentPort !== undefined) parentPort.postMessage(reply)
  else process.send?.(reply)
}

const lanes = cpuLanes()
const engine = createEngine({ pictures: createPictureThread(), runtime: nodeRuntime(gpuMemoryMb, createCpuLanes(lanes).create), lanes: lanes.lanes })
const onMessage = (message: unknown): void => {
  const { id, request, settings } = message as Envelope
  engine.handle(request, settings).then(
    (value) => post({ id, ok: true, value }),
    (error: unknown) => post({ id, ok: false, message: error instanceof Error ? error.message : String(error) }),
  )
}
if (parentPort !== undefined) parentPort.on('message', (event) => onMessage(event.data))
else process.on('message', onMessage)
process.on('disconnect', () => process.exit(0))
