/** Log probabilities of paths with their total weights; paths whose log probabilities agree to 1e-9 are one. */
export interface PathTable {
  readonly size: number
  add(log: number, weight: number): void
  forEach(visit: (log: number, weight: number) => void): void
}

/** An open-addressing table in flat arrays: exact tests make millions of paths, which objects would make slow and heavy. */
export function createPathTable(): PathTable {
  let capacity = 4, size = 0
  let logs = new Float64Array(capacity).fill(NaN), weights = new Float64Array(capacity)
  const slotOf = (key: number): number => {
    let at = hash(key) & (capacity - 1)
    while (logs[at] !== key && !Number.isNaN(logs[at]!)) at = (at + 1) & (capacity - 1)
    return at
  }
  const put = (key: number, weight: number): void => {
    const at = slotOf(key)
    if (logs[at] === key) weights[at]! += weight
    else {
      logs[at] = key
      weights[at] = weight
      size++
    }
  }
  const grow = (): void => {
    const oldLogs = logs, oldWeights = weights
    capacity *= 2
    size = 0
    logs = new Float64Array(capacity).fill(NaN)
    weights = new Float64Array(capacity)
    for (let i = 0; i < oldLogs.length; i++) if (!Number.isNaN(oldLogs[i]!)) put(oldLogs[i]!, oldWeights[i]!)
  }
  return {
    get size() { return size },
    add: (log, weight) => {
      if (2 * size >= capacity) grow()
      put(Math.round(log * 1e9) / 1e9, weight)
    },
    forEach: (visit) => {
      for (let i = 0; i < capacity; i++) if (!Number.isNaN(logs[i]!)) visit(logs[i]!, weights[i]!)
    },
  }
}

const number = new Float64Array(1), bits = new Uint32Array(number.buffer)

function hash(key: number): number {
  number[0] = key
  const h = Math.imul(bits[0]! ^ Math.imul(bits[1]!, 0x85ebca6b), 0xc2b2ae35)
  return h ^ (h >>> 15)
}
