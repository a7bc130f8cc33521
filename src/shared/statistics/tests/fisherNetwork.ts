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
  const first: Node = { remaining: [...problem.fixed].sort((a, b) => a - b), paths: new Map([[0, { log: 0, weight: 1 }]]) }
  let nodes: Iterable<Node> = [first]
  let tail = 0, steps = 0
  for (let stage = 0; stage < stages.length - 1; stage++) {
    const last = stage === stages.length - 2, later = stages.slice(stage)
    const next = createNodes(problem.fixed)
    for (const node of nodes) {
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
        const { paths } = next.at(left), chance = Math.exp(log)
        for (const path of open) addPath(paths, path.log + log, path.weight * chance)
        return (steps += 4 + open.length) <= problem.mostSteps
      })
      if (!finished) return null
      if (last) tail += tailOfLastDraw(drawn, open, logLimit)
    }
    nodes = next.all()
  }
  return tail
}

function addPath(paths: Node['paths'], log: number, weight: number): void {
  const key = Math.round(log * 1e9)
  const path = paths.get(key)
  if (path) path.weight += weight
  else paths.set(key, { log, weight })
}

/** Nodes by their remainder in ascending order, written as one number in a base that fits every count (as text where that would not be exact). */
function createNodes(fixed: readonly number[]): { at(left: readonly number[]): Node; all(): Iterable<Node> } {
  const base = Math.max(...fixed) + 1, exact = base ** fixed.length < Number.MAX_SAFE_INTEGER
  const nodes = new Map<number | string, Node>()
  return {
    at: (left) => {
      const remaining = [...left].sort((a, b) => a - b)
      const name = exact ? remaining.reduce((s, c) => s * base + c, 0) : remaining.join()
      let node = nodes.get(name)
      if (!node) nodes.set(name, node = { remaining, paths: new Map() })
      return node
    },
    all: () => nodes.values(),
  }
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
