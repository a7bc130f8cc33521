/**
 * Number of choices of m of the scores with each sum, by the shift algorithm (Streitberg and Roehmel 1987). Scores are non-negative integers.
 * @returns counts by sum, 0..sum of the m largest scores. O(n m sum).
 */
export function rankSumDistribution(scores: readonly number[], m: number): Float64Array {
  const sorted = [...scores].sort((a, b) => a - b)
  const top = sorted.slice(sorted.length - m).reduce((a, b) => a + b, 0)
  const counts = Array.from({ length: m + 1 }, () => new Float64Array(top + 1))
  counts[0]![0] = 1
  let reach = 0
  sorted.forEach((score, i) => {
    reach = Math.min(top, reach + score)
    for (let k = Math.min(m, i + 1); k >= 1; k--) {
      const into = counts[k]!, from = counts[k - 1]!
      for (let s = reach; s >= score; s--) into[s]! += from[s - score]!
    }
  })
  return counts[m]!
}
