/** A thread that runs graphs on the CPU, one at a time. Speaks `messages.ts`. */
import { parentPort } from 'node:worker_threads'
import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { ownSession, type Session, type Tensors } from '../ownSession.ts'
import type { LaneAnswered, LaneAsked, Opened, Port, Values } from './messages.ts'

const sessions = new Map<number, Promise<Session>>()

const port = (meta: InferenceSession.ValueMetadata): Port => (meta.isTensor ? { name: meta.name, isTensor: true, type: meta.type, shape: [...meta.shape] } : { name: meta.name, isTensor: false })
const tensors = (values: Readonly<Record<string, Values>>): Tensors => Object.fromEntries(Object.entries(values).map(([name, { dims, data }]) => [name, new Tensor('float32', data, dims)]))

async function answer(asked: LaneAsked): Promise<Opened | Readonly<Record<string, Values>> | null> {
  switch (asked.kind) {
    case 'open': {
      const made = ownSession(asked.file, asked.options)
      sessions.set(asked.session, made)
      made.catch(() => sessions.delete(asked.session))
      const { inputMetadata, outputMetadata } = await made
      return { inputs: inputMetadata.map(port), outputs: outputMetadata.map(port) }
    }
    case 'run': {
      const session = await sessions.get(asked.session)
      if (session === undefined) throw new Error('the graph is not open')
      if (asked.into !== null) {
        await session.run(tensors(asked.feeds), tensors(asked.into))
        return null
      }
      return Object.fromEntries(Object.entries(await session.run(tensors(asked.feeds))).map(([name, t]) => [name, { dims: [...t.dims], data: Float32Array.from(t.data as Float32Array) }]))
    }
    case 'release':
      await (await sessions.get(asked.session))?.release()
      sessions.delete(asked.session)
      return null
  }
}

parentPort?.on('message', (asked: LaneAsked) => {
  const post = (said: LaneAnswered): void => parentPort?.postMessage(said)
  answer(asked).then((value) => post({ id: asked.id, ok: true, value }), (error: unknown) => post({ id: asked.id, ok: false, message: error instanceof Error ? error.message : String(error) }))
})
