/** A match of a query in a text: higher is better; `at` are the indices of the matched letters. */
export interface FuzzyMatch { readonly score: number; readonly at: readonly number[] }

const isBoundary = (text: string, i: number): boolean => i === 0 || /[\s\-_/.:(]/.test(text[i - 1] as string)

function matchFrom(query: string, text: string, start: number): FuzzyMatch | null {
  const at: number[] = []
  let score = 0
  let from = start
  for (const letter of query) {
    const i = text.indexOf(letter, from)
    if (i < 0) return null
    const run = at.length > 0 && i === (at[at.length - 1] as number) + 1
    score += (run ? 6 : 0) + (isBoundary(text, i) ? 8 : 0) + 1
    if (at.length > 0 && !run) score -= Math.min(4, i - from)
    at.push(i)
    from = i + 1
  }
  return { score: score - text.length * 0.05 - (at[0] ?? 0) * 0.1, at }
}

/**
 * Letters of `query` in order in `text`, case and spaces ignored. Runs and word beginnings count more.
 * Every possible first letter is tried, so 'rev' finds 'Open review' at the word and not at a stray r. Null where it does not match.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | null {
  const wanted = query.toLowerCase().replace(/\s+/g, '')
  if (wanted === '') return { score: 0, at: [] }
  const lower = text.toLowerCase()
  let best: FuzzyMatch | null = null
  for (let start = lower.indexOf(wanted[0] as string); start >= 0; start = lower.indexOf(wanted[0] as string, start + 1)) {
    const match = matchFrom(wanted, lower, start)
    if (!match) break
    if (!best || match.score > best.score) best = match
  }
  return best
}

/** The items that match, best first; ties keep their order. Keywords match with less weight and no highlight. */
export function fuzzyRank<T extends { readonly title: string; readonly keywords?: string | undefined }>(
  query: string, items: readonly T[],
): { readonly item: T; readonly at: readonly number[] }[] {
  const ranked: { item: T; at: readonly number[]; score: number }[] = []
  for (const item of items) {
    const own = fuzzyMatch(query, item.title)
    const other = item.keywords ? fuzzyMatch(query, item.keywords) : null
    if (own && (!other || own.score >= other.score - 10)) ranked.push({ item, at: own.at, score: own.score })
    else if (other) ranked.push({ item, at: [], score: other.score - 10 })
  }
  return ranked.sort((a, b) => b.score - a.score)
}
