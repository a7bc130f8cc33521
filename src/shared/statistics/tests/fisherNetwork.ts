import { forEachDraw } from './forEachDraw.ts'
import { logProbabilityBounds } from './logProbabilityBounds.ts'
import { createPathTable, type PathTable } from './pathTable.ts'

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

/** All ways to reach one remainder. */
interface Node {
  readonly remaining: readonly number[]
  readonly paths: PathTable
}

/** Paths kept at once: about 100 MB. */
const mostPaths = 4e6

/**
 * Probability of all tables at most as probable as the limit; null when it takes more than `mostSteps`.
 * Paths that every completion keeps within the limit are counted at once, paths that every completion takes beyond it are dropped,
 * and the order of the remainder does not matter, so permutations share a node. Small stages first: the last two cost one pass a node.
 */
export function networkTail(problem: NetworkProblem): number | null {
  const { logLimit, lf, mostSteps } = problem
  const stages = [...problem.stages].sort((a, b) => a - b)
  let nodes = createNodes(problem.fixed)
  nodes.at(problem.fixed).paths.add(0, 1)
  let tail = 0, steps = 0
  for (let stage = 0; stage < stages.length - 1; stage++) {
    const last = stage === stages.length - 2, next = createNodes(problem.fixed)
    let kept = 0
    for (const node of nodes.all()) {
      const open = openPaths(node, stages.slice(stage), problem)
      tail += open.within
      const size = open.logs.length
      if (size === 0) continue
      let drawn = new Float64Array(1024), draws = 0
      const finished = forEachDraw(node.remaining, stages[stage]!, lf, (log, left) => {
        steps += last ? 1 : 4 + size
        if (last) {
          if (draws === drawn.length) drawn = enlarged(drawn)
          drawn[draws++] = log
        } else {
          const { paths } = next.at(left), chance = Math.exp(log), before = paths.size
          for (let i = 0; i < size; i++) paths.add(open.logs[i]! + log, open.weights[i]! * chance)
          kept += paths.size - before
        }
        return steps <= mostSteps && kept <= mostPaths
      })
      if (!finished) return null
      if (last) tail += tailOfLastDraw(drawn.subarray(0, draws), open, logLimit)
    }
    nodes = next
  }
  return tail
}

/** Paths of a node that some completions keep within the limit and some do not, and the weight of those that are within it for certain. */
interface OpenPaths {
  readonly within: number
  readonly logs: readonly number[]
  readonly weights: readonly number[]
}

function openPaths(node: Node, later: readonly number[], { lf, logLimit }: NetworkProblem): OpenPaths {
  const { lowest, highest } = logProbabilityBounds(node.remaining, later, lf)
  const logs: number[] = [], weights: number[] = []
  let within = 0
  node.paths.forEach((log, weight) => {
    if (log + highest <= logLimit) within += weight
    else if (log + lowest <= logLimit) {
      logs.push(log)
      weights.push(weight)
    }
  })
  return { within, logs, weights }
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
      if (!node) nodes.set(name, node = { remaining, paths: createPathTable() })
      return node
    },
    all: () => nodes.values(),
  }
}

/** Sum over open paths of the probability of last draws that keep the table within the limit. Sorts `drawn`. */
function tailOfLastDraw(drawn: Float64Array, { logs, weights }: OpenPaths, logLimit: number): number {
  drawn.sort()
  const cumulated = new Float64Array(drawn.length + 1)
  for (let i = 0; i < drawn.length; i++) cumulated[i + 1] = cumulated[i]! + Math.exp(drawn[i]!)
  return logs.reduce((sum, log, i) => sum + weights[i]! * cumulated[countAtMost(drawn, logLimit - log)]!, 0)
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

function enlarged(from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const out = new Float64Array(2 * from.length)
  out.set(from)
  return out
}
