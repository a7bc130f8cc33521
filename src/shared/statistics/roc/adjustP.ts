export type PAdjustment = 'holm' | 'bonferroni' | 'benjamini_hochberg' | 'none'

/**
 * p values adjusted for a family of tests. Undefined ones (null) stay null and do not count.
 * Holm S. Scand J Stat 1979;6:65-70 (family-wise error, no assumption); Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289-300 (false
 * discovery rate). O(n log n).
 */
export function adjustP(ps: readonly (number | null)[], method: PAdjustment): (number | null)[] {
  const known = ps.flatMap((p, i) => (p === null || Number.isNaN(p) ? [] : [{ p, i }])).sort((a, b) => a.p - b.p)
  const n = known.length
  const out: (number | null)[] = ps.map(() => null)
  let running = method === 'benjamini_hochberg' ? 1 : 0
  const visit = (k: number): void => {
    const { p, i } = known[k]!
    if (method === 'holm') running = Math.max(running, Math.min(1, (n - k) * p))
    else if (method === 'benjamini_hochberg') running = Math.min(running, n / (k + 1) * p)
    else running = method === 'bonferroni' ? Math.min(1, n * p) : p
    out[i] = running
  }
  if (method === 'benjamini_hochberg') for (let k = n - 1; k >= 0; k--) visit(k)
  else for (let k = 0; k < n; k++) visit(k)
  return out
}
