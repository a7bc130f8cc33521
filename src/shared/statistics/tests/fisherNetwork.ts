import { finishCost, finishNodes } from './fisherCompletions.ts'
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

/** A remainder with the paths to it that some completions keep within the limit and some do not. */
export interface OpenNode {
  readonly remaining: readonly number[]
  readonly logs: readonly number[]
  readonly weights: readonly number[]
}

/** Paths kept at once: about 100 MB. */
const mostPaths = 4e6

/**
 * Probability of all tables at most as probable as the limit; null when it takes more than `mostSteps`.
 * Paths that every completion keeps within the limit are counted at once, paths that every completion takes beyond it are dropped,
 * and the order of the remainder does not matter, so permutations share a node. Small stages first. As soon as writing out the completions of
 * all nodes costs less than one more stage of paths, the two halves of the table are met in the middle (`finishNodes`).
 */
export function networkTail(problem: NetworkProblem): number | null {
  const { lf, mostSteps } = problem
  const stages = [...problem.stages].sort((a, b) => a - b)
  let nodes = createNodes(problem.fixed)
  nodes.at(problem.fixed).paths.add(0, 1)
  let tail = 0, steps = 0
  for (let stage = 0; ; stage++) {
    const later = stages.slice(stage), open: OpenNode[] = []
    let expanding = 0
    for (const node of nodes.all()) {
      const { within, logs, weights } = openPaths(node, later, problem)
      tail += within
      if (logs.length === 0) continue
      open.push({ remaining: node.remaining, logs, weights })
      expanding += (4 + logs.length) * drawCount(node.remaining, later[0]!)
    }
    if (later.length === 2 || finishCost(open, later) < expanding) {
      return finishNodes(open, later, problem, { tail, steps: mostSteps - steps })
    }
    const next = createNodes(problem.fixed)
    let kept = 0
    for (const { remaining, logs, weights } of open) {
      const finished = forEachDraw(remaining, later[0]!, lf, (log, left) => {
        steps += 4 + logs.length
        const { paths } = next.at(left), chance = Math.exp(log), before = paths.size
        for (let i = 0; i < logs.length; i++) paths.add(logs[i]! + log, weights[i]! * chance)
        kept += paths.size - before
        return steps <= mostSteps && kept <= mostPaths
      })
      if (!finished) return null
    }
    nodes = next
  }
}

/** Paths of a node that some completions keep within the limit and some do not, and the weight of those that are within it for certain. */
function openPaths(node: Node, later: readonly number[], { lf, logLimit }: NetworkProblem): { within: number; logs: number[]; weights: number[] } {
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

/** At most so many ways to draw `size` from these groups: the largest group takes the rest. */
function drawCount(groups: readonly number[], size: number): number {
  return groups.slice(0, -1).reduce((product, n) => product * (Math.min(n, size) + 1), 1)
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
