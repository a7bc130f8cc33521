import { Tensor } from 'onnxruntime-node'
import type { InferenceSettings } from '#shared/contract/inference.ts'
import { cropPlanes, zscorePlanes } from './preprocess.ts'
import type { GraphRunAnswer, GraphRunRequest } from './protocol.ts'
import type { Sessions } from './sessions.ts'

/** Runs one graph on exactly one provider, without giving way to the CPU; what was fed is returned so that the preparation can be compared too. */
export async function runGraph(sessions: Sessions, { graph, provider, pixels, input }: GraphRunRequest, settings: InferenceSettings): Promise<GraphRunAnswer> {
  const fed = input === 'image' ? zscorePlanes(pixels) : cropPlanes(pixels, { x: 0, y: 0, width: pixels.width, height: pixels.height })
  const dims = input === 'image' ? [1, 3, pixels.height, pixels.width] : [1, 3, 224, 224]
  const outputs = await sessions.run(graph, provider, settings, { [input]: new Tensor('float32', fed, dims) })
  return { fed, outputs: Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, { dims: [...t.dims], values: Float32Array.from(t.data as Float32Array) }])) }
}
