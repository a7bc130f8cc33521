import { forEachDraw } from './forEachDraw.ts'
import { logProbabilityBounds } from './logProbabilityBounds.ts'

/** A table is drawn stage by stage: each stage takes its total from the counts that remain of the fixed margin. */
export interface NetworkProblem {
  /** The margin kept as state (the shorter one). */
  readonly fixed: readonly number[]
  readonly stages: readonly number[]
  /** Tables of at most this log probability are summed. */
  readonly logLimit: number
  readonly lf: Float64Array
  readonly mostSteps: number
}

/** All ways to reach one remainder: log probability of the path so far -> its total probability. Equal paths are merged. */
interface Node {
  readonly remaining: readonly number[]
  readonly paths: Map<number, { readonly log: number; weight: number }>
}

/**
 * Probability of all tables at most as probable as the limit; null when it takes more than `mostSteps`.
 * Paths that every completion keeps within the limit are counted at once, paths that every completion takes beyond it are dropped,
 * and the order of the remainder does not matter, so permutations share a node. Small stages first: the last two cost one pass a node.
 */
export function networkTail(problem: NetworkProblem): number | null {
  const { logLimit, lf } = problem
  const stages = [...problem.stages].sort((a, b) => a - b)
  let nodes = new Map<string, Node>()
  addPath(nodes, [...problem.fixed], 0, 1)
  let tail = 0, steps = 0
  for (let stage = 0; stage < stages.length - 1; stage++) {
    const last = stage === stages.length - 2, later = stages.slice(stage)
    const next = new Map<string, Node>()
    for (const node of nodes.values()) {
      const { lowest, highest } = logProbabilityBounds(node.remaining, later, lf)
      const open: { readonly log: number; readonly weight: number }[] = []
      for (const path of node.paths.values()) {
        if (path.log + highest <= logLimit) tail += path.weight
        else if (path.log + lowest <= logLimit) open.push(path)
      }
      if (open.length === 0) continue
      const drawn: number[] = []
      const finished = forEachDraw(node.remaining, later[0]!, lf, (log, left) => {
        if (last) {
          drawn.push(log)
          return ++steps <= problem.mostSteps
        }
        for (const path of open) addPath(next, [...left], path.log + log, path.weight * Math.exp(log))
        return (steps += 4 * open.length) <= problem.mostSteps
      })
      if (!finished) return null
      if (last) tail += tailOfLastDraw(drawn, open, logLimit)
    }
    nodes = next
  }
  return tail
}

function addPath(nodes: Map<string, Node>, remaining: number[], log: number, weight: number): void {
  remaining.sort((a, b) => a - b)
  const name = remaining.join()
  let node = nodes.get(name)
  if (!node) nodes.set(name, node = { remaining, paths: new Map() })
  const key = Math.round(log * 1e9)
  const path = node.paths.get(key)
  if (path) path.weight += weight
  else node.paths.set(key, { log, weight })
}

/** Sum over open paths of the probability of last draws that keep the table within the limit. */
function tailOfLastDraw(drawn: readonly number[], open: readonly { readonly log: number; readonly weight: number }[], logLimit: number): number {
  const sorted = Float64Array.from(drawn).sort()
  const cumulated = new Float64Array(sorted.length + 1)
  for (let i = 0; i < sorted.length; i++) cumulated[i + 1] = cumulated[i]! + Math.exp(sorted[i]!)
  return open.reduce((sum, path) => sum + path.weight * cumulated[countAtMost(sorted, logLimit - path.log)]!, 0)
}

function countAtMost(sorted: Float64Array, limit: number): number {
  let low = 0, high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low
}
