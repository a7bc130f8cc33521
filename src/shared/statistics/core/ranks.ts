/** Indices that put a column in ascending order, ties in their given order. O(n log n). */
export function order(values: ArrayLike<number>): Uint32Array {
  const index = Uint32Array.from({ length: values.length }, (_, i) => i)
  return index.sort((a, b) => {
    const x = values[a]!, y = values[b]!
    return x < y ? -1 : x > y ? 1 : a - b
  })
}

/** Ranks 1..n; tied values share the mean of their ranks (midranks). O(n log n). NaN is not allowed. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const index = order(values)
  const out = new Float64Array(values.length)
  for (let start = 0; start < index.length;) {
    let end = start + 1
    while (end < index.length && values[index[end]!] === values[index[start]!]) end++
    const rank = (start + end + 1) / 2
    for (let i = start; i < end; i++) out[index[i]!] = rank
    start = end
  }
  return out
}

/** Sizes of the groups of equal values, of any size, in ascending order of value. */
export function tieSizes(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).sort()
  const sizes: number[] = []
  for (let start = 0; start < sorted.length;) {
    let end = start + 1
    while (end < sorted.length && sorted[end] === sorted[start]) end++
    sizes.push(end - start)
    start = end
  }
  return sizes
}
