/** Asks for `depth` items at a time and yields each with its answer in order: while one is stored, the next ones run and are prepared. */
export function* underWay<T, R>(items: readonly T[], depth: number, ask: (item: T) => Promise<R>): Generator<{ readonly item: T; readonly answer: Promise<R> }> {
  const asked: Promise<R>[] = []
  for (const [i, item] of items.entries()) {
    for (const next of items.slice(asked.length, i + Math.max(1, depth))) {
      const answer = ask(next)
      answer.catch(() => undefined) // it is awaited in its turn
      asked.push(answer)
    }
    yield { item, answer: asked[i] as Promise<R> }
  }
}
