/** log 0!, log 1!, ... log n!, summed with compensation so that each entry is right to the last bits. O(n). */
export function logFactorials(n: number): Float64Array {
  const out = new Float64Array(n + 1)
  let total = 0, lost = 0
  for (let i = 2; i <= n; i++) {
    const x = Math.log(i), next = total + x
    lost += total >= x ? (total - next) + x : (x - next) + total
    total = next
    out[i] = total + lost
  }
  return out
}
