/** Work in the order in which it came, so many at once; pieces of one kind that wait together are done together. */
export interface Queue<P, R> {
  /** Waits for its turn; up to `most` waiting pieces with the same key are handed to the work as one. */
  together(piece: P, key: string, most: number): Promise<R>
  alone<T>(work: () => Promise<T>): Promise<T>
}

interface Piece<P, R> { readonly piece: P; readonly key: string; readonly most: number; resolve(result: R): void; reject(error: unknown): void }

export function createQueue<P, R>(work: (together: readonly P[]) => Promise<readonly R[]>, atOnce: number): Queue<P, R> {
  const waiting: (Piece<P, R> | (() => Promise<void>))[] = []
  let busy = 0
  const runPieces = async (first: Piece<P, R>): Promise<void> => {
    const pieces = [first]
    for (let i = 0; i < waiting.length && pieces.length < first.most;) {
      const next = waiting[i]
      if (next !== undefined && typeof next !== 'function' && next.key === first.key) pieces.push(...(waiting.splice(i, 1) as Piece<P, R>[]))
      else i++
    }
    try {
      const results = await work(pieces.map((p) => p.piece))
      for (const [i, p] of pieces.entries()) p.resolve(results[i] as R)
    } catch (error) {
      for (const p of pieces) p.reject(error)
    }
  }
  const pump = async (): Promise<void> => {
    if (busy >= atOnce) return
    busy++
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await (typeof next === 'function' ? next() : runPieces(next))
    busy--
  }
  return {
    together: (piece, key, most) => new Promise((resolve, reject) => {
      waiting.push({ piece, key, most, resolve, reject })
      void pump()
    }),
    alone: (alone) => new Promise((resolve, reject) => {
      waiting.push(() => alone().then(resolve, reject))
      void pump()
    }),
  }
}
