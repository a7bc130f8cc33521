import { createRunWriter, type RleMask } from '#shared/geometry/index.ts'

/** One way in which the raters decided (bit r set: rater r has the pixel on), and how many pixels are so. */
export interface Pattern { readonly votes: number; readonly count: number }

function walk(masks: readonly RleMask[], visit: (votes: number, length: number) => void): void {
  const [first] = masks
  if (!first) throw new Error('a consensus needs at least one mask')
  if (masks.length > 30) throw new Error('a consensus takes up to 30 masks')
  if (masks.some((m) => m.width !== first.width || m.height !== first.height)) throw new Error('masks of two image sizes have no consensus')
  const total = first.width * first.height
  const index = masks.map(() => 0), ends = masks.map((m) => m.runs[0] ?? 0)
  for (let at = 0; at < total;) {
    let votes = 0, end = total
    for (let r = 0; r < masks.length; r++) {
      while ((ends[r] as number) <= at) {
        index[r] = (index[r] as number) + 1
        ends[r] = (ends[r] as number) + ((masks[r] as RleMask).runs[index[r] as number] as number)
      }
      if ((index[r] as number) % 2 === 1) votes |= 1 << r
      end = Math.min(end, ends[r] as number)
    }
    visit(votes, end - at)
    at = end
  }
}

/**
 * All decision patterns of the image with their counts: pixels decided alike are alike to any pixelwise consensus, so its cost no longer depends
 * on the image's size.
 */
export function decisionPatterns(masks: readonly RleMask[]): Pattern[] {
  const counts = new Map<number, number>()
  walk(masks, (votes, length) => counts.set(votes, (counts.get(votes) ?? 0) + length))
  return [...counts].map(([votes, count]) => ({ votes, count }))
}

/** The mask that is on where the rule takes the pattern. */
export function maskOfPatterns(masks: readonly RleMask[], rule: (votes: number) => boolean): RleMask {
  const writer = createRunWriter()
  walk(masks, (votes, length) => writer.add(rule(votes) ? 1 : 0, length))
  const { width, height } = masks[0] as RleMask
  return { width, height, runs: writer.runs() }
}
