import { InferenceSession, Tensor } from 'onnxruntime-node'
import { createPool } from './pool.ts'

/** What is used of a session of onnxruntime. `into`: tensors of the outputs' sizes to write to, in place of new ones. */
export interface Session {
  readonly inputNames: readonly string[]
  readonly inputMetadata: readonly InferenceSession.ValueMetadata[]
  readonly outputMetadata: readonly InferenceSession.ValueMetadata[]
  run(feeds: Tensors, into?: Tensors): Promise<Tensors>
  release(): Promise<void>
}
export type Tensors = Readonly<Record<string, Tensor>>

const own = createPool((length) => new Float32Array(length))
const isShared = (tensor: Tensor): boolean => (tensor.data as Float32Array).buffer instanceof SharedArrayBuffer

/** onnxruntime takes no shared memory: a tensor in it is given as one in memory of this thread. */
function unshared(tensors: Tensors, fill: boolean): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => {
    if (!isShared(tensor)) return [name, tensor]
    const data = own.take(tensor.size)
    if (fill) data.set(tensor.data as Float32Array)
    return [name, new Tensor('float32', data, tensor.dims)]
  }))
}

/** A session in this very thread, which it holds while it runs. */
export async function ownSession(file: string, options: InferenceSession.SessionOptions): Promise<Session> {
  const made = await InferenceSession.create(file, options)
  return {
    inputNames: made.inputNames, inputMetadata: made.inputMetadata, outputMetadata: made.outputMetadata, release: () => made.release(),
    async run(feeds, into) {
      const given = unshared(feeds, true), taken = into === undefined ? {} : unshared(into, false)
      try {
        if (into === undefined) return (await made.run(given)) as Tensors
        await made.run(given, taken)
        for (const [name, tensor] of Object.entries(into)) if (taken[name] !== tensor) (tensor.data as Float32Array).set(taken[name]?.data as Float32Array)
        return into
      } finally {
        for (const [name, tensor] of [...Object.entries(given), ...Object.entries(taken)]) if (tensor !== feeds[name] && tensor !== into?.[name]) own.give(tensor.data as Float32Array)
      }
    },
  }
}
