/**
 * Sideways offsets that keep equal-sized dots from lying on each other, in units of the dot's diameter; the value axis is given in the same unit.
 * Dots are placed in order of value, each as near the middle as its neighbours allow (a beeswarm), and not farther out than `limit`.
 */
export function swarmOffsets(values: readonly number[], limit = Infinity): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number))
  const offsets = new Array<number>(values.length).fill(0)
  const placed: { readonly value: number; readonly offset: number }[] = []
  for (const i of order) {
    const value = values[i] as number
    const near = placed.filter((p) => value - p.value < 1).map((p) => ({ ...p, reach: Math.sqrt(Math.max(0, 1 - (value - p.value) ** 2)) }))
    const candidates = [0, ...near.flatMap((p) => [p.offset + p.reach, p.offset - p.reach])].sort((a, b) => Math.abs(a) - Math.abs(b))
    const free = (c: number): boolean => near.every((p) => Math.abs(c - p.offset) >= p.reach - 1e-9)
    const offset = candidates.find(free) ?? 0
    offsets[i] = Math.max(-limit, Math.min(limit, offset))
    placed.push({ value, offset: offsets[i] as number })
    while (placed.length > 0 && value - (placed[0] as { value: number }).value >= 1) placed.shift()
  }
  return offsets
}
