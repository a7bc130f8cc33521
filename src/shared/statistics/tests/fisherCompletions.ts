import { forEachDraw } from './forEachDraw.ts'
import type { NetworkProblem, OpenNode } from './fisherNetwork.ts'

/** What completions may be left out together, as a share of the p value. */
const share = 1e-10

/** Completions of one node kept at once: about 60 MB with their running sums. */
const mostCompletions = 4e6

/**
 * Adds to `tail` the probability of all tables within the limit that lead through the open nodes: the completions of each node are written out and
 * sorted once, and each path to it takes the running sum up to what the limit leaves it. Completions too improbable to matter are left out; what
 * was left out is summed, and where it is more than 1e-10 of the result the bound is lowered and the work done again, so the digits hold.
 * @returns null when it takes more steps than are left
 */
export function finishNodes(
  open: readonly OpenNode[], stages: readonly number[], { lf, logLimit }: NetworkProblem, so: { readonly tail: number; readonly steps: number },
): number | null {
  let steps = so.steps
  for (let smallest = 1e-16; ; ) {
    let tail = so.tail, leftOut = 0
    for (const node of open) {
      const weight = node.weights.reduce((s, w) => s + w, 0)
      const found = completions(node.remaining, stages, lf, { logSmallest: Math.log(smallest / weight), most: Math.min(steps, mostCompletions) })
      if (found === null) return null
      steps -= found.logs.length + node.logs.length
      leftOut += weight * found.leftOut
      tail += tailOf(found.logs, node, logLimit)
    }
    if (leftOut <= share * tail) return tail
    smallest = Math.max(Math.min(smallest * share * tail / leftOut / 10, smallest / 10), Number.MIN_VALUE)
  }
}

/** About the steps that `finishNodes` takes. */
export function finishCost(open: readonly OpenNode[], stages: readonly number[]): number {
  let cost = 0
  for (const { remaining, logs } of open) {
    const total = remaining.reduce((a, b) => a + b, 0)
    let size = 1
    for (const stage of stages.slice(0, -1)) {
      for (const n of remaining.slice(0, -1)) {
        const q = n / total
        size *= Math.min(n, stage, 16 * Math.sqrt(stage * q * (1 - q)) + 1) + 1
      }
    }
    if (size > mostCompletions) return Infinity
    cost += 4 * size + logs.length
  }
  return cost
}

interface Completions {
  /** Log probability of each completion, given the node; ascending. */
  readonly logs: Float64Array
  /** Probability of those not listed. */
  readonly leftOut: number
}

function completions(
  groups: readonly number[], stages: readonly number[], lf: Float64Array, { logSmallest, most }: { logSmallest: number; most: number },
): Completions | null {
  let logs = new Float64Array(1024), count = 0, leftOut = 0
  const walk = (remaining: readonly number[], stage: number, before: number): boolean => forEachDraw(remaining, stages[stage]!, lf, (log, left) => {
    const here = before + log
    if (here < logSmallest) {
      leftOut += Math.exp(here)
      return true
    }
    if (stage < stages.length - 2) return walk([...left], stage + 1, here)
    if (count === logs.length) {
      const longer = new Float64Array(2 * count)
      longer.set(logs)
      logs = longer
    }
    logs[count++] = here
    return count <= most
  })
  return walk(groups, 0, 0) ? { logs: logs.subarray(0, count).sort(), leftOut } : null
}

/** Sum over the open paths of the probability of completions that keep the table within the limit. */
function tailOf(sorted: Float64Array, { logs, weights }: OpenNode, logLimit: number): number {
  const cumulated = new Float64Array(sorted.length + 1)
  for (let i = 0; i < sorted.length; i++) cumulated[i + 1] = cumulated[i]! + Math.exp(sorted[i]!)
  return logs.reduce((sum, log, i) => sum + weights[i]! * cumulated[countAtMost(sorted, logLimit - log)]!, 0)
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
