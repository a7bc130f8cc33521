import { createRunWriter, type RleMask } from './rleMask.ts'

/** Walks both masks' runs at once; the cost is the number of runs, not of pixels. */
function combine(a: RleMask, b: RleMask, rule: (a: boolean, b: boolean) => boolean): RleMask {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`masks of ${a.width} x ${a.height} and ${b.width} x ${b.height} do not belong to one image`)
  }
  const writer = createRunWriter()
  const total = a.width * a.height
  let i = 0, j = 0, endA = a.runs[0] ?? 0, endB = b.runs[0] ?? 0
  for (let at = 0; at < total;) {
    while (endA <= at) endA += a.runs[++i] as number
    while (endB <= at) endB += b.runs[++j] as number
    const end = Math.min(endA, endB)
    writer.add(rule(i % 2 === 1, j % 2 === 1) ? 1 : 0, end - at)
    at = end
  }
  return { width: a.width, height: a.height, runs: writer.runs() }
}

export const uniteMasks = (a: RleMask, b: RleMask): RleMask => combine(a, b, (p, q) => p || q)
export const intersectMasks = (a: RleMask, b: RleMask): RleMask => combine(a, b, (p, q) => p && q)
export const subtractMasks = (a: RleMask, b: RleMask): RleMask => combine(a, b, (p, q) => p && !q)
export const invertMask = (a: RleMask): RleMask => combine(a, a, (p) => !p)

/** How many pixels both masks have on. */
export function intersectionArea(a: RleMask, b: RleMask): number {
  const both = intersectMasks(a, b)
  let area = 0
  for (let i = 1; i < both.runs.length; i += 2) area += both.runs[i] as number
  return area
}
