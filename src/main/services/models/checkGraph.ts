import { ADDABLE_ROLES } from '#shared/contract/inference.ts'
import { createFusionLookup } from '#main/runtime/fusion/lookup.ts'
import { BoosterError, readBooster } from '#main/runtime/fusion/xgboost.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import { probePicture } from '#main/runtime/inference/probePicture.ts'
import type { DescribeAnswer, GraphPort, GraphRef, GraphRunAnswer } from '#main/runtime/inference/protocol.ts'

export type AddableRole = (typeof ADDABLE_ROLES)[number]
export type GraphRole = Exclude<AddableRole, 'fusion'>

const shapeText = (port: GraphPort): string => `${port.name} ${port.type}[${port.shape.join(', ')}]`
const fits = (dim: number | string | undefined, wanted: number): boolean => typeof dim === 'string' || dim === wanted || dim === -1

/** What is wrong with a graph's inputs and outputs for its role, in sentences; none: it fits. */
export function checkPorts(role: GraphRole, { inputs, outputs }: DescribeAnswer): string[] {
  const faults: string[] = []
  const name = role === 'segmentation' ? 'image' : 'roi'
  const input = inputs[0]
  if (inputs.length !== 1 || input === undefined || input.name !== name) faults.push(`it must have one input called ${name}; it has ${inputs.map((i) => i.name).join(', ') || 'none'}`)
  else {
    if (input.type !== 'float32') faults.push(`its input must be float32, not ${input.type}`)
    const [n, c, h, w] = input.shape
    if (input.shape.length !== 4 || !fits(n, 1) || !fits(c, 3)) faults.push(`its input must be [n, 3, height, width], not ${shapeText(input)}`)
    else if (role === 'segmentation' && (typeof h === 'number' && h > 0 || typeof w === 'number' && w > 0)) faults.push(`it must take pictures of any size (resizing belongs inside the graph); its input is ${shapeText(input)}`)
    else if (role === 'classification' && (!fits(h, 224) || !fits(w, 224))) faults.push(`its input must be [n, 3, 224, 224], not ${shapeText(input)}`)
  }
  for (const wanted of role === 'segmentation' ? ['probability'] : ['probability', 'cam']) {
    const output = outputs.find((o) => o.name === wanted)
    if (output === undefined) faults.push(`it has no output called ${wanted}; it has ${outputs.map((o) => o.name).join(', ') || 'none'}`)
    else if (output.type !== 'float32') faults.push(`its output ${wanted} must be float32, not ${output.type}`)
  }
  return faults
}

interface Probe { readonly width: number; readonly height: number }

function rangeFaults(what: string, values: Float32Array, low: number, high: number): string[] {
  let min = Infinity, max = -Infinity
  for (const v of values) {
    if (!Number.isFinite(v)) return [`its ${what} holds a value that is no number`]
    if (v < min) min = v
    if (v > max) max = v
  }
  return min < low || max > high ? [`its ${what} goes from ${min.toPrecision(3)} to ${max.toPrecision(3)}; it must stay within ${low} to ${high}${what === 'probability' ? ' (the graph has to end in a sigmoid or softmax)' : ''}`] : []
}

function valueFaults(role: GraphRole, probe: Probe, { outputs }: GraphRunAnswer): string[] {
  const { probability, cam } = outputs
  if (probability === undefined) return ['it gave no probability']
  const size = `${probe.width} x ${probe.height}`
  if (role === 'segmentation') {
    return [...(probability.values.length === probe.width * probe.height ? [] : [`on a picture of ${size} its probability is [${probability.dims.join(', ')}]; it must be a value for each pixel`]), ...rangeFaults('probability', probability.values, 0, 1)]
  }
  const square = cam !== undefined && cam.dims.length >= 2 && cam.values.length === (cam.dims.at(-1) ?? 0) * (cam.dims.at(-2) ?? 0)
  return [...(probability.values.length === 1 ? [] : [`its probability is [${probability.dims.join(', ')}] for one region; it must be one value, that of the positive class`]), ...rangeFaults('probability', probability.values, 0, 1),
    ...(square ? rangeFaults('cam', cam.values, 0, Infinity) : [`its cam must be one map for one region, not [${cam?.dims.join(', ') ?? ''}]`])]
}

/** Loads the graph in the inference process, compares what goes in and out with the role, and runs it on probe pictures of two sizes. */
export async function checkGraph(inference: Inference, role: GraphRole, graph: GraphRef): Promise<string[]> {
  let described: DescribeAnswer
  try {
    described = await inference.ask({ kind: 'describe', graph })
  } catch (error) {
    return [`onnxruntime cannot load it (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)})`]
  }
  const ports = checkPorts(role, described)
  if (ports.length > 0) return ports
  for (const [width, height] of [[96, 72], [131, 117]] as const) {
    const probe = probePicture(width, height)
    try {
      const answer = await inference.ask({ kind: 'graph', graph, provider: 'cpu', input: role === 'segmentation' ? 'image' : 'roi', pixels: probe })
      const faults = valueFaults(role, probe, answer)
      if (faults.length > 0) return faults
    } catch (error) {
      return [`it does not run on a picture of ${width} x ${height} (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)})`]
    }
  }
  return []
}

/** What is wrong with an xgboost model as the fusion of three probability maps; none: it can be evaluated exactly. */
export function checkFusion(text: string): string[] {
  try {
    createFusionLookup(readBooster(text))
    return []
  } catch (error) {
    return [error instanceof BoosterError ? error.message : 'it is no model that xgboost saved as JSON (Booster.save_model)']
  }
}
